import { randomBytes } from 'node:crypto'
import type { E2eConnection } from './connect.ts'
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

/** Has it deleted; what it holds goes in the background. */
export async function requestRemoval(api: E2eConnection, name: string): Promise<void> {
  await api.remove(`/api/v1/namespaces/${name}`)
}

/** Waits until every namespace of a test that is being deleted is gone, so that a run leaves nothing behind. */
export async function untilAllGone(api: E2eConnection): Promise<void> {
  await eventually(
    'the namespaces of the tests are gone',
    async () => {
      const left = (await api.list(`/api/v1/namespaces?labelSelector=${LABEL}%3Dtrue`)).filter(
        ({ metadata }) => metadata.deletionTimestamp !== undefined,
      )
      return left.length === 0 ? null : left.map(({ metadata }) => metadata.name).join(', ')
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
