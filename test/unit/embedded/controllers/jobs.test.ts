import { describe, expect, it } from 'vitest'
import type { ApiObject } from '../../../../src/embedded/object.ts'
import type { Pod, Workload } from '../../../../src/embedded/shapes.ts'
import { aCluster, HERE, type TestCluster } from './support/cluster.ts'

const up = (spec: object = {}): TestCluster => {
  const cluster = aCluster()
  cluster.client.create('jobs', {
    metadata: { name: 'once', namespace: HERE },
    spec: {
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1.36' }] } },
      ...spec,
    },
  } as Partial<ApiObject>)
  cluster.pass(1000)
  return cluster
}
const once = ({ client }: TestCluster) => client.get<Workload>('jobs', HERE, 'once') as Workload
const podsOf = ({ client }: TestCluster, phase = 'Running') =>
  client.list<Pod>('pods', { namespace: HERE }).filter(({ status }) => status?.phase === phase)
/** Ends every pod that runs. */
const end = (cluster: TestCluster, phase: 'Succeeded' | 'Failed') => {
  for (const pod of podsOf(cluster))
    cluster.client.changeStatus<Pod>('pods', pod, (copy) => {
      copy.status = { ...copy.status, phase, conditions: [] }
    })
  cluster.pass(100)
}
const conditions = (cluster: TestCluster) =>
  (
    (once(cluster).status as { conditions?: readonly { type: string; reason: string }[] } | undefined)
      ?.conditions ?? []
  ).map(({ type, reason }) => `${type} ${reason}`)

describe('a Job', () => {
  it('runs as many pods at a time as it may, and is complete when enough have succeeded', () => {
    const cluster = up({ completions: 3, parallelism: 2 })
    expect(podsOf(cluster)).toHaveLength(2)
    end(cluster, 'Succeeded')
    cluster.pass(1000)
    expect(podsOf(cluster)).toHaveLength(1)
    end(cluster, 'Succeeded')
    expect(conditions(cluster)).toContain('Complete CompletionsReached')
    expect(once(cluster).status).toMatchObject({ succeeded: 3 })
    expect(cluster.said('once').at(-1)).toBe('Normal Completed Job completed')
  })

  it('tries again later after each failure, and gives up after its back-off limit', () => {
    const cluster = up({ backoffLimit: 1 })
    end(cluster, 'Failed')
    expect(podsOf(cluster)).toHaveLength(0)
    expect(conditions(cluster)).toEqual([])
    cluster.pass(12_000)
    expect(podsOf(cluster)).toHaveLength(1)
    end(cluster, 'Failed')
    cluster.pass(60_000)
    expect(podsOf(cluster)).toHaveLength(0)
    expect(conditions(cluster)).toContain('Failed BackoffLimitExceeded')
  })

  it('ends its pods when its time is over', () => {
    const cluster = up({ activeDeadlineSeconds: 30 })
    expect(podsOf(cluster)).toHaveLength(1)
    cluster.pass(31_000)
    expect(conditions(cluster)).toContain('Failed DeadlineExceeded')
    cluster.pass(31_000)
    expect(podsOf(cluster)).toHaveLength(0)
  })
})
