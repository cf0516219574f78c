import { expect, it } from 'vitest'
import { embeddedServer } from '../embedded/support/embedded-server.ts'
import { numbersFrom, randomWrites } from '../embedded/support/random-writes.ts'
import { ask, type RawAnswer } from '../embedded/support/raw-client.ts'
import { realCluster } from '../embedded/support/real-cluster.ts'
import { normalised } from '../embedded/support/run-contract.ts'
import { theCluster } from './support/cluster.ts'

const here = embeddedServer()

/** Lists by their items: where an old server puts new items is its own affair. */
function unordered(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(unordered).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unordered(item)]))
}

it.for([1, 2, 3, 4])(
  'a hundred random writes leave in the practice cluster what a real server has, books included (seed %d)',
  { timeout: 120_000 },
  async (seed, context) => {
    const { provider, context: name, kubeconfig } = theCluster()
    // Newer servers keep some books differently; what we have is held against what the native one is.
    if (provider !== 'native cluster')
      context.skip('compared with Kubernetes 1.20, which is the native cluster')
    const real = await realCluster(name, kubeconfig)
    const namespace = `differential-${seed}-${Date.now().toString(36)}`
    const collection = `/apis/apps/v1/namespaces/${namespace}/statefulsets`
    const both = [here.raw, real]
    const onBoth = (asked: Parameters<typeof ask>[1]): Promise<readonly RawAnswer[]> =>
      Promise.all(both.map((client) => ask(client, asked)))
    await onBoth({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } })
    try {
      for (const write of randomWrites(collection, 100, numbersFrom(seed))) {
        const [ours, theirs] = (await onBoth(write)).map((answer) => unordered(normalised(answer, namespace)))
        expect({ after: write, ...(ours as object) }).toEqual({ after: write, ...(theirs as object) })
      }
    } finally {
      await onBoth({ method: 'DELETE', path: `/api/v1/namespaces/${namespace}` })
      real.agent.destroy()
    }
  },
)
