import { describe, expect, it } from 'vitest'
import {
  revisionData,
  revisionHash,
} from '../../../../src/embedded/controllers/stateful-set/revision-hash.ts'
import type { ApiObject } from '../../../../src/embedded/object.ts'
import type { StatefulSet } from '../../../../src/embedded/shapes.ts'
import { aCluster, aSet, HERE, order, type TestCluster, toImage } from './support/cluster.ts'

const up = (spec: object = {}): TestCluster => {
  const cluster = aCluster()
  cluster.client.create('statefulsets', aSet(spec))
  cluster.pass(30_000)
  cluster.pods.take()
  return cluster
}
const imagesOf = ({ names, pod }: TestCluster) =>
  names('pods').map((name) => pod(name).spec.containers[0]?.image?.replace('busybox:', ''))
const revisions = ({ client }: TestCluster) =>
  client
    .list<ApiObject & { revision: number }>('controllerrevisions', { namespace: HERE })
    .map(({ metadata, revision }) => ({ name: metadata.name, revision }))
    .sort((a, b) => a.revision - b.revision)
const statusOf = ({ set }: TestCluster) =>
  set().status as { currentRevision: string; updateRevision: string } & Record<string, unknown>
const partition = (at: number) => (spec: Record<string, unknown>) => {
  spec.updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: at } }
}

describe('a revision', () => {
  it('is named as the real controller names it', () => {
    // The set and the revision that Kubernetes keeps to prove that its own names do not change.
    const template = {
      metadata: { annotations: { test: 'value' }, labels: { app: 'foo' } },
      spec: {
        containers: [
          {
            image: 'test',
            imagePullPolicy: 'Always',
            name: 'test',
            resources: {},
            terminationMessagePath: '/dev/termination-log',
            terminationMessagePolicy: 'File',
          },
        ],
        dnsPolicy: 'ClusterFirst',
        restartPolicy: 'Always',
        schedulerName: 'default-scheduler',
        securityContext: {},
        terminationGracePeriodSeconds: 30,
      },
    }
    const set = { spec: { template } } as unknown as StatefulSet
    expect(revisionHash(revisionData(set), 0)).toBe('776999688b')
  })

  it('that was there before is taken again by a rollback', () => {
    const cluster = up()
    const first = statusOf(cluster).currentRevision
    cluster.edit(toImage('busybox:1.36'))
    cluster.pass(1_000)
    expect(statusOf(cluster).currentRevision).toBe(first)
    expect(statusOf(cluster).updateRevision).not.toBe(first)
    cluster.pass(30_000)
    const second = statusOf(cluster).currentRevision
    cluster.edit(toImage('busybox:1.28'))
    cluster.pass(30_000)
    expect(statusOf(cluster)).toMatchObject({ currentRevision: first, updateRevision: first })
    expect(revisions(cluster)).toEqual([
      { name: second, revision: 2 },
      { name: first, revision: 3 },
    ])
  })

  it('is forgotten beyond the limit, the oldest first, but never one that is in use', () => {
    const cluster = up({ replicas: 1, revisionHistoryLimit: 1 })
    for (const image of ['a', 'b', 'c', 'd']) {
      cluster.edit(toImage(image))
      cluster.pass(10_000)
    }
    expect(revisions(cluster).map(({ revision }) => revision)).toEqual([4, 5])
  })

  it('whose name another one has is counted on', () => {
    const cluster = up({ replicas: 1 })
    const [first] = revisions(cluster)
    const squat = cluster.client.get<ApiObject>('controllerrevisions', HERE, first?.name ?? '') as ApiObject
    const other = aCluster()
    other.client.create('controllerrevisions', {
      metadata: { name: squat.metadata.name, namespace: HERE },
      data: { other: true },
      revision: 1,
    })
    other.client.create('statefulsets', aSet({ replicas: 1 }))
    other.pass(10_000)
    expect(statusOf(other)).toMatchObject({ collisionCount: 1, readyReplicas: 1 })
    expect(statusOf(other).currentRevision).not.toBe(squat.metadata.name)
  })
})

describe('a rolling update', () => {
  it('waits at a pod that does not become ready', () => {
    const cluster = up()
    cluster.node.breakReadiness('web-1')
    cluster.edit(toImage('busybox:1.36'))
    cluster.pass(60_000)
    // Not even the last one goes before all are ready.
    expect(order(cluster.pods)).toBe('')
    cluster.node.mendReadiness('web-1')
    cluster.pass(60_000)
    expect(imagesOf(cluster)).toEqual(['1.36', '1.36', '1.36'])
  })

  it('goes down to the partition, and pods that are deleted come back as what they were', () => {
    const cluster = up()
    cluster.edit(partition(3))
    cluster.edit(toImage('busybox:1.36'))
    cluster.pass(10_000)
    expect(order(cluster.pods)).toBe('')
    cluster.edit(partition(2))
    cluster.pass(10_000)
    expect(imagesOf(cluster)).toEqual(['1.28', '1.28', '1.36'])
    for (const name of ['web-0', 'web-2']) cluster.client.remove('pods', cluster.pod(name))
    cluster.pass(10_000)
    expect(imagesOf(cluster)).toEqual(['1.28', '1.28', '1.36'])
    expect(statusOf(cluster)).toMatchObject({ currentReplicas: 2, updatedReplicas: 1 })
    cluster.edit(partition(1))
    cluster.pass(10_000)
    expect(imagesOf(cluster)).toEqual(['1.28', '1.36', '1.36'])
    cluster.edit(partition(0))
    cluster.pass(10_000)
    expect(imagesOf(cluster)).toEqual(['1.36', '1.36', '1.36'])
  })

  it('brings a pod that a finalizer held back at the revision below the partition', () => {
    const cluster = up()
    cluster.edit(partition(1))
    cluster.edit(toImage('busybox:1.36'))
    cluster.pass(20_000)
    const finalizers = (names: readonly string[]) =>
      cluster.client.change<ApiObject>('pods', cluster.pod('web-0'), (copy) => {
        copy.metadata.finalizers = [...names]
      })
    finalizers(['test/hold'])
    cluster.client.remove('pods', cluster.pod('web-0'))
    cluster.pass(20_000)
    expect(cluster.pod('web-0').metadata.deletionTimestamp).toBeDefined()
    finalizers([])
    cluster.pass(20_000)
    expect(imagesOf(cluster)).toEqual(['1.28', '1.36', '1.36'])
  })

  it('does nothing of itself with OnDelete', () => {
    const cluster = up({ updateStrategy: { type: 'OnDelete' } })
    cluster.edit(toImage('busybox:1.36'))
    cluster.pass(60_000)
    expect(order(cluster.pods)).toBe('')
    cluster.client.remove('pods', cluster.pod('web-1'))
    cluster.pass(10_000)
    expect(imagesOf(cluster)).toEqual(['1.28', '1.36', '1.28'])
  })

  it('never reaches a pod that is stuck at a bad template, though the template is mended', () => {
    const cluster = up()
    cluster.edit(toImage('busybox:not-there'))
    cluster.pass(60_000)
    expect(imagesOf(cluster)).toEqual(['1.28', '1.28', 'not-there'])
    cluster.edit(toImage('busybox:1.36'))
    cluster.pass(3_600_000)
    expect(imagesOf(cluster)).toEqual(['1.28', '1.28', 'not-there'])
    cluster.client.remove('pods', cluster.pod('web-2'), { gracePeriodSeconds: 0 })
    cluster.pass(60_000)
    expect(imagesOf(cluster)).toEqual(['1.36', '1.36', '1.36'])
  })

  it('is not of parallel sets: they too go one by one', () => {
    const cluster = up({ podManagementPolicy: 'Parallel' })
    cluster.edit(toImage('busybox:1.36'))
    cluster.pass(60_000)
    expect(order(cluster.pods)).toMatch(
      /^web-2 terminating, web-2 gone, web-2 added, web-2 ready, web-1 termi/,
    )
  })
})
