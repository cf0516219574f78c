import type { ApiObject, E2eConnection } from './connect.ts'
import { eventually } from './eventually.ts'

/** A fresh cluster answers long before it can run a pod with a claim and a name: waits for what the labs need. */
export async function untilUsable(api: E2eConnection): Promise<void> {
  await eventually('the API server answers', () => saying(api.send({ method: 'GET', path: '/readyz' })))
  await eventually('a node is ready', async () => {
    const nodes = await api.list<WithConditions>('/api/v1/nodes')
    return nodes.some(isReady) ? null : `${nodes.length} nodes, none ready`
  })
  await eventually('the default service account exists', async () =>
    (await api.get('/api/v1/namespaces/default/serviceaccounts/default')) === null ? 'not yet' : null,
  )
  await eventually('there is a default StorageClass', async () => {
    const classes = await api.list('/apis/storage.k8s.io/v1/storageclasses')
    return classes.some(isDefaultClass) ? null : `${classes.length} classes, none default`
  })
  // The native cluster answers DNS outside of any pod.
  const dns = await api.list<WithConditions>(
    '/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app%3Dkube-dns',
  )
  // Nor has the practice cluster pods for it: a service that selects none.
  const service = await api.get<{ readonly spec: { readonly selector?: unknown } }>(
    '/api/v1/namespaces/kube-system/services/kube-dns',
  )
  const inCluster = service?.spec.selector !== undefined || dns.length > 0
  if (inCluster)
    await eventually(
      'the cluster DNS is ready',
      async () => {
        const pods = await api.list<WithConditions>(
          '/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app%3Dkube-dns',
        )
        return pods.some(isReady) ? null : `${pods.length} pods, none ready`
      },
      180_000,
    )
}

export interface WithConditions extends ApiObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
}

export const isReady = ({ status }: WithConditions): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false

export const isDefaultClass = ({ metadata }: ApiObject): boolean =>
  (metadata.annotations as Record<string, string> | undefined)?.[
    'storageclass.kubernetes.io/is-default-class'
  ] === 'true'

const saying = (answer: Promise<unknown>): Promise<string | null> =>
  answer.then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
