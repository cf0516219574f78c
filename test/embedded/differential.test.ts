import { expect, it } from 'vitest'
import { embeddedServer } from './support/embedded-server.ts'
import { numbersFrom, randomWrites } from './support/random-writes.ts'
import { ask, type RawAnswer } from './support/raw-client.ts'
import { realCluster } from './support/real-cluster.ts'
import { normalised } from './support/run-contract.ts'

const here = embeddedServer()
const context = process.env.STS_LAB_REAL

/** Lists by their items: where an old server puts new items is its own affair. */
function unordered(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(unordered).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unordered(item)]))
}

it.skipIf(context === undefined).each([1, 2, 3, 4])(
  'a hundred random writes leave what a real server has, books included (seed %d; needs STS_LAB_REAL=CONTEXT)',
  async (seed) => {
    const real = await realCluster(context ?? '')
    const namespace = `differential-${Date.now().toString(36)}`
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
  120_000,
)
