import { describe, expect, it } from 'vitest'
import { aCluster, aSet, HERE } from './support/cluster.ts'

describe('many StatefulSets', () => {
  it('come up with no more writes than they need, and then rest', () => {
    const cluster = aCluster()
    const [sets, replicas] = [10, 5]
    for (let index = 0; index < sets; index += 1) {
      const name = `set-${index}`
      cluster.client.create('services', {
        metadata: { name, namespace: HERE },
        spec: { clusterIP: 'None', selector: { app: name }, ports: [{ port: 80 }] },
      })
      cluster.client.create('statefulsets', aSet({ replicas }, 'busybox:1.28', name))
    }
    cluster.pass(20_000)
    expect(cluster.names('pods')).toHaveLength(sets * replicas)
    // Some twenty for each pod: its claim and volume, itself, its events, its endpoints, the status of its set.
    expect(cluster.api.store.revision).toBeLessThan(sets * (replicas * 22 + 10))
    const rested = cluster.api.store.revision
    cluster.pass(30 * 60_000)
    expect(cluster.api.store.revision).toBe(rested)
  })

  it('are forgotten by the events an hour later, and by nothing else', () => {
    const cluster = aCluster()
    cluster.client.create('statefulsets', aSet())
    cluster.pass(20_000)
    expect(cluster.names('events').length).toBeGreaterThan(0)
    cluster.pass(61 * 60_000)
    expect(cluster.names('events')).toEqual([])
    expect(cluster.names('pods')).toHaveLength(3)
  })
})
