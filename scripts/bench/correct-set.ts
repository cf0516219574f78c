import { readFileSync } from 'node:fs'
import { applyYaml } from '../../test/e2e/support/apply-yaml.ts'
import { connectTo } from '../../test/e2e/support/connect.ts'
import { eventually } from '../../test/e2e/support/eventually.ts'
import type { E2eCluster, Offer } from '../../test/e2e/support/provider.ts'
import { namedContext } from '../../test/e2e/support/providers/named-context.ts'
import { native } from '../../test/e2e/support/providers/native.ts'
import { createNamespace, requestRemoval, uniqueName } from '../../test/e2e/support/temporary-namespace.ts'

/** A cluster for the bench (a named context, or the native one if it runs), or why there is none. */
export async function benchCluster(): Promise<Offer> {
  const named = await namedContext.offer()
  return named.kind === 'ready' ? named : native.offer()
}

/** Section 1's set, up and ready in a namespace of its own, for as long as `use` takes. */
export async function withCorrectSet<T>(
  cluster: E2eCluster,
  use: (set: { readonly namespace: string; readonly name: string }) => Promise<T>,
): Promise<T> {
  const api = await connectTo(cluster)
  const namespace = uniqueName('bench')
  const name = 'nginx-stateful'
  try {
    await createNamespace(api, namespace)
    for (const file of ['headless-service', 'statefulset'])
      await applyYaml(api, namespace, readFileSync(`manifests/section1/${file}.yaml`, 'utf8'))
    await eventually(
      'the set is up',
      async () => {
        const set = await api.get<{ readonly status?: { readonly readyReplicas?: number } }>(
          `/apis/apps/v1/namespaces/${namespace}/statefulsets/${name}`,
        )
        return set?.status?.readyReplicas === 3 ? null : JSON.stringify(set?.status)
      },
      120_000,
    )
    return await use({ namespace, name })
  } finally {
    await requestRemoval(api, namespace)
    api.close()
  }
}
