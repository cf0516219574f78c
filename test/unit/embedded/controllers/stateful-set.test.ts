import { describe, expect, it } from 'vitest'
import type { Mutable } from '../../../../src/embedded/object.ts'
import type { Pod } from '../../../../src/embedded/shapes.ts'
import { aCluster, aSet, HERE, order, type TestCluster } from './support/cluster.ts'

const up = (spec: object = {}): TestCluster => {
  const cluster = aCluster()
  cluster.client.create('statefulsets', aSet(spec))
  cluster.pass(30_000)
  cluster.pods.take()
  return cluster
}
const scaleTo = ({ edit }: TestCluster, replicas: number) =>
  edit((spec) => {
    spec.replicas = replicas
  })

describe('the pods of a StatefulSet', () => {
  it('have the identity that their ordinal gives them', () => {
    const { pod, set } = up()
    const { metadata, spec } = pod('web-2')
    const { updateRevision } = set().status as { updateRevision?: string }
    expect(metadata.generateName).toBe('web-')
    expect(metadata.labels).toEqual({
      app: 'web',
      'statefulset.kubernetes.io/pod-name': 'web-2',
      'apps.kubernetes.io/pod-index': '2',
      'controller-revision-hash': updateRevision,
    })
    expect(metadata.ownerReferences).toEqual([
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        name: 'web',
        uid: set().metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ])
    expect([spec.hostname, spec.subdomain]).toEqual(['web-2', 'web'])
    expect(spec.volumes).toContainEqual({
      name: 'data',
      persistentVolumeClaim: { claimName: 'data-web-2' },
    })
  })

  it('come back after a scale to nothing with the same names and the same claims', () => {
    const cluster = up()
    const volumes = ['data-web-0', 'data-web-1', 'data-web-2'].map(
      (name) => cluster.claim(name).spec.volumeName,
    )
    scaleTo(cluster, 0)
    cluster.pass(10_000)
    expect(cluster.set().status?.replicas).toBe(0)
    scaleTo(cluster, 3)
    cluster.pass(10_000)
    expect(cluster.names('pods')).toEqual(['web-0', 'web-1', 'web-2'])
    expect(
      ['data-web-0', 'data-web-1', 'data-web-2'].map((name) => cluster.claim(name).spec.volumeName),
    ).toEqual(volumes)
  })

  it('are not followed by the next while one is not ready, however long that takes', () => {
    const cluster = aCluster()
    cluster.node.breakReadiness('web-0')
    cluster.client.create('statefulsets', aSet())
    cluster.pass(3_600_000)
    expect(order(cluster.pods)).toBe('web-0 added')
    cluster.node.mendReadiness('web-0')
    cluster.pass(10_000)
    expect(order(cluster.pods)).toBe('web-0 ready, web-1 added, web-1 ready, web-2 added, web-2 ready')
  })

  it('are not taken away while one that stays is not ready', () => {
    const cluster = up()
    cluster.node.breakReadiness('web-0')
    scaleTo(cluster, 0)
    cluster.pass(5_000)
    // Nothing is to stay, so nothing has to be ready: but the last one goes first, and it is not the broken one.
    expect(order(cluster.pods)).toMatch(/^web-2 terminating, web-2 gone, web-1 terminating, web-1 gone/)
    const other = up()
    other.node.breakReadiness('web-0')
    scaleTo(other, 2)
    other.pass(60_000)
    expect(order(other.pods)).toBe('')
    other.node.mendReadiness('web-0')
    other.pass(5_000)
    expect(order(other.pods)).toBe('web-2 terminating, web-2 gone')
  })

  it('come back though another is broken meanwhile', () => {
    const cluster = up({ replicas: 2 })
    cluster.node.breakReadiness('web-1')
    cluster.client.remove('pods', cluster.pod('web-0'), { gracePeriodSeconds: 0 })
    cluster.pass(5_000)
    expect(order(cluster.pods)).toBe('web-0 terminating, web-0 gone, web-0 added, web-0 ready')
  })

  it('all come and go at once where the set is parallel, ready or not', () => {
    const cluster = aCluster()
    for (const name of ['web-0', 'web-1', 'web-2']) cluster.node.breakReadiness(name)
    cluster.client.create('statefulsets', aSet({ podManagementPolicy: 'Parallel' }))
    cluster.pass(10_000)
    expect(order(cluster.pods)).toBe('web-0 added, web-1 added, web-2 added')
    scaleTo(cluster, 0)
    cluster.pass(0)
    expect(order(cluster.pods)).toBe('web-2 terminating, web-1 terminating, web-0 terminating')
  })

  it('are created anew when they have failed', () => {
    const cluster = up({ replicas: 1 })
    const { uid } = cluster.pod('web-0').metadata
    cluster.node.fail(cluster.pod('web-0'))
    cluster.pass(5_000)
    expect(cluster.pod('web-0').metadata.uid).not.toBe(uid)
    expect(cluster.pod('web-0').status?.phase).toBe('Running')
    expect(cluster.said('web')).toContain(
      'Normal SuccessfulDelete delete Pod web-0 in StatefulSet web successful',
    )
  })

  it('are adopted when nobody has them, and let go when they no longer fit', () => {
    const { client, pod, pass, set } = up({ replicas: 1 })
    const edit = (change: (copy: Mutable<Pod>) => void) => {
      client.change<Pod>('pods', pod('web-0'), change)
      pass(100)
    }
    edit((copy) => {
      delete copy.metadata.ownerReferences
    })
    expect(pod('web-0').metadata.ownerReferences).toMatchObject([
      { uid: set().metadata.uid, controller: true },
    ])
    edit((copy) => {
      copy.metadata.labels = { app: 'other' }
    })
    expect(pod('web-0').metadata.ownerReferences).toBeUndefined()
    edit((copy) => {
      copy.metadata.labels = { app: 'web' }
    })
    expect(pod('web-0').metadata.ownerReferences).toMatchObject([{ uid: set().metadata.uid }])
    // With its labels of identity put back.
    expect(pod('web-0').metadata.labels?.['statefulset.kubernetes.io/pod-name']).toBe('web-0')
  })

  it('cannot be created under a name that is taken, which the set keeps trying', () => {
    const { client, pass, names, said } = aCluster()
    const stranger = client.create('pods', {
      metadata: { name: 'web-0', namespace: HERE },
      spec: { containers: [{ name: 'main', image: 'x' }] },
    })
    client.create('statefulsets', aSet({ replicas: 1 }))
    pass(10_000)
    expect(said('web')).not.toContain(
      'Normal SuccessfulCreate create Pod web-0 in StatefulSet web successful',
    )
    client.remove('pods', stranger, { gracePeriodSeconds: 0 })
    pass(60_000)
    expect(names('pods')).toEqual(['web-0'])
    expect(said('web')).toContain('Normal SuccessfulCreate create Pod web-0 in StatefulSet web successful')
  })

  it('that the API refuses are said so', () => {
    const { client, pass, said, names } = aCluster()
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main' }] } }
    client.create('statefulsets', aSet({ template, volumeClaimTemplates: [] }))
    pass(1_000)
    expect(names('pods')).toEqual([])
    expect(said('web')[0]).toMatch(
      /^Warning FailedCreate create Pod web-0 in StatefulSet web failed error: Pod "web-0" is invalid: spec.containers/,
    )
  })
})

describe('minReadySeconds', () => {
  const available = (cluster: TestCluster) => cluster.set().status?.availableReplicas

  it('keeps a ready pod from counting as available, and the next from coming', () => {
    const cluster = aCluster()
    cluster.client.create('statefulsets', aSet({ replicas: 2, minReadySeconds: 30 }))
    cluster.pass(25_000)
    expect(order(cluster.pods)).toBe('web-0 added, web-0 ready')
    expect([cluster.set().status?.readyReplicas, available(cluster)]).toEqual([1, 0])
    cluster.pass(20_000)
    expect([cluster.set().status?.readyReplicas, available(cluster)]).toEqual([2, 1])
    cluster.pass(30_000)
    expect(available(cluster)).toBe(2)
  })

  it('counts anew when it is changed', () => {
    const cluster = up({ replicas: 2 })
    expect(available(cluster)).toBe(2)
    const change = (seconds: number) => {
      cluster.edit((spec) => {
        spec.minReadySeconds = seconds
      })
      cluster.pass(100)
    }
    change(3600)
    expect(available(cluster)).toBe(0)
    change(0)
    expect(available(cluster)).toBe(2)
  })
})

describe('ordinals.start', () => {
  const start = (cluster: TestCluster, ordinals: object | undefined) => {
    cluster.edit((spec) => {
      if (ordinals === undefined) delete spec.ordinals
      else spec.ordinals = ordinals
    })
    cluster.pass(30_000)
    return cluster.names('pods')
  }

  it('moves the pods when it is set, raised, lowered and taken away', () => {
    const cluster = up({ replicas: 2 })
    expect(start(cluster, { start: 2 })).toEqual(['web-2', 'web-3'])
    expect(start(cluster, { start: 4 })).toEqual(['web-4', 'web-5'])
    expect(start(cluster, { start: 1 })).toEqual(['web-1', 'web-2'])
    expect(start(cluster, undefined)).toEqual(['web-0', 'web-1'])
  })
})
