import { randomBytes } from 'node:crypto'
import type { ApiObject, E2eConnection } from './connect.ts'
import { eventually } from './eventually.ts'

const LABEL = 'sts-lab-e2e'
const OLD_MS = 2 * 60 * 60 * 1000

/** A name that no other run has. */
export const uniqueName = (purpose: string): string => `e2e-${purpose}-${randomBytes(3).toString('hex')}`

/** Makes a namespace, labelled as a test's, and waits until it takes pods. */
export async function createNamespace(api: E2eConnection, name: string): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { [LABEL]: 'true' } } }
  await api.send({ method: 'POST', path: '/api/v1/namespaces', body })
  // Pods are refused until the controller has made it.
  await eventually(`the service account of ${name} exists`, async () =>
    (await api.get(`/api/v1/namespaces/${name}/serviceaccounts/default`)) === null ? 'not yet' : null,
  )
}

/** Deletes it and waits until it is gone, so that a run leaves nothing behind and the next starts on a quiet cluster. */
export async function removeNamespace(api: E2eConnection, name: string): Promise<void> {
  await api.remove(`/api/v1/namespaces/${name}`)
  await eventually(
    `namespace ${name} is gone`,
    async () => {
      const left = await api.get<ApiObject & { status?: unknown }>(`/api/v1/namespaces/${name}`)
      return left === null ? null : JSON.stringify(left.status)
    },
    180_000,
  )
}

/** What runs that were killed left behind. Two hours old, so that nobody's running test loses its namespace. */
export async function removeOldNamespaces(api: E2eConnection): Promise<void> {
  for (const { metadata } of await api.list(`/api/v1/namespaces?labelSelector=${LABEL}%3Dtrue`))
    if (Date.now() - Date.parse(String(metadata.creationTimestamp)) > OLD_MS)
      await api.remove(`/api/v1/namespaces/${metadata.name}`)
}
