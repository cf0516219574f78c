import { describe, expect, it } from 'vitest'
import type { ApiObject } from '../../../../src/embedded/object.ts'
import { aCluster, aSet, HERE, type TestCluster } from './support/cluster.ts'

const CLAIMS = ['data-web-0', 'data-web-1', 'data-web-2']
const up = (policy: object = {}): TestCluster => {
  const cluster = aCluster()
  cluster.client.create('statefulsets', aSet({ persistentVolumeClaimRetentionPolicy: policy }))
  cluster.pass(30_000)
  return cluster
}
const scaleTo = (cluster: TestCluster, replicas: number) => {
  cluster.edit((spec) => {
    spec.replicas = replicas
  })
  cluster.pass(20_000)
}
const ownersOf = ({ claim }: TestCluster, name: string) =>
  (claim(name).metadata.ownerReferences ?? []).map(({ kind, name: owner }) => `${kind} ${owner}`)

describe('the claims of a StatefulSet', () => {
  it('have the labels of the template and of the selector', () => {
    const { claim } = up()
    expect(claim('data-web-1').metadata.labels).toEqual({ of: 'template', app: 'web' })
    expect(claim('data-web-1').metadata.ownerReferences).toBeUndefined()
  })

  it('stay when the set is scaled down, and when it is deleted', () => {
    const cluster = up()
    scaleTo(cluster, 1)
    expect(cluster.names('persistentvolumeclaims')).toEqual(CLAIMS)
    cluster.client.remove('statefulsets', cluster.set())
    cluster.pass(20_000)
    expect(cluster.names('pods')).toEqual([])
    expect(cluster.names('persistentvolumeclaims')).toEqual(CLAIMS)
  })

  it('are created again when they are missing, while the pod waits', () => {
    const cluster = up()
    const before = cluster.claim('data-web-1').metadata.uid
    // As after a cordon: the new pod finds no node, so it does not hold its claim.
    const cordon = (unschedulable: boolean) => {
      const node = cluster.client.get<ApiObject>('nodes', undefined, 'node') as ApiObject
      cluster.client.change<ApiObject>('nodes', node, (copy) => {
        copy.spec = unschedulable ? { unschedulable } : {}
      })
    }
    cordon(true)
    cluster.client.remove('pods', cluster.pod('web-1'))
    cluster.pass(5_000)
    expect(cluster.pod('web-1').spec.nodeName).toBeUndefined()
    cluster.client.remove('persistentvolumeclaims', cluster.claim('data-web-1'))
    cluster.pass(60_000)
    cordon(false)
    cluster.pass(60_000)
    expect(cluster.claim('data-web-1').metadata.uid).not.toBe(before)
    expect(cluster.claim('data-web-1').status?.phase).toBe('Bound')
    expect(cluster.pod('web-1').status?.phase).toBe('Running')
  })

  it('that somebody deletes stay until their pod is gone', () => {
    const cluster = up()
    cluster.client.remove('persistentvolumeclaims', cluster.claim('data-web-1'))
    cluster.pass(10_000)
    expect(cluster.claim('data-web-1').metadata.deletionTimestamp).toBeDefined()
    scaleTo(cluster, 1)
    expect(cluster.names('persistentvolumeclaims')).toEqual(['data-web-0', 'data-web-2'])
  })
})

describe('persistentVolumeClaimRetentionPolicy', () => {
  it('whenDeleted: Delete has the claims go with the set, but not with a scale-down', () => {
    const cluster = up({ whenDeleted: 'Delete' })
    expect(ownersOf(cluster, 'data-web-2')).toEqual(['StatefulSet web'])
    scaleTo(cluster, 1)
    expect(cluster.names('persistentvolumeclaims')).toEqual(CLAIMS)
    cluster.client.remove('statefulsets', cluster.set())
    cluster.pass(20_000)
    expect(cluster.names('persistentvolumeclaims')).toEqual([])
    expect(cluster.client.list('persistentvolumes')).toEqual([])
  })

  it('whenScaled: Delete has a claim go after its pod, and only then', () => {
    const cluster = up({ whenScaled: 'Delete' })
    expect(ownersOf(cluster, 'data-web-2')).toEqual([])
    cluster.claims.take()
    scaleTo(cluster, 1)
    expect(cluster.claims.take()).toEqual([
      'data-web-2 terminating',
      'data-web-2 gone',
      'data-web-1 terminating',
      'data-web-1 gone',
    ])
    scaleTo(cluster, 2)
    expect(cluster.pod('web-1').status?.phase).toBe('Running')
    cluster.client.remove('statefulsets', cluster.set())
    cluster.pass(20_000)
    expect(cluster.names('persistentvolumeclaims')).toEqual(['data-web-0', 'data-web-1'])
  })

  it('whenScaled: Delete gives a pod that is wanted again meanwhile a claim of its own', () => {
    const cluster = up({ whenScaled: 'Delete' })
    const before = cluster.claim('data-web-2').metadata.uid
    const want = (replicas: number) => {
      cluster.edit((spec) => {
        spec.replicas = replicas
      })
      cluster.pass(100)
    }
    want(2)
    want(3)
    cluster.pass(20_000)
    expect(cluster.pod('web-2').status?.phase).toBe('Running')
    expect(cluster.claim('data-web-2').metadata.uid).not.toBe(before)
    expect(cluster.claim('data-web-2').status?.phase).toBe('Bound')
  })

  it('both: Delete has a condemned pod own its claim instead of the set', () => {
    const cluster = up({ whenScaled: 'Delete', whenDeleted: 'Delete' })
    expect(ownersOf(cluster, 'data-web-2')).toEqual(['StatefulSet web'])
    cluster.edit((spec) => {
      spec.replicas = 2
    })
    cluster.pass(100)
    expect(ownersOf(cluster, 'data-web-2')).toEqual(['Pod web-2'])
    cluster.pass(10_000)
    expect(cluster.names('persistentvolumeclaims')).toEqual(['data-web-0', 'data-web-1'])
  })

  it('follows a change of mind', () => {
    const cluster = up({ whenDeleted: 'Delete' })
    cluster.edit((spec) => {
      spec.persistentVolumeClaimRetentionPolicy = { whenDeleted: 'Retain', whenScaled: 'Retain' }
    })
    cluster.pass(5_000)
    expect(CLAIMS.flatMap((name) => ownersOf(cluster, name))).toEqual([])
  })

  it.each(['whenDeleted', 'whenScaled'])(
    '%s also reaches a pod that was orphaned and adopted again',
    (when) => {
      const cluster = up({ [when]: 'Delete' })
      cluster.client.change<ApiObject>('pods', cluster.pod('web-2'), (copy) => {
        delete copy.metadata.ownerReferences
      })
      cluster.pass(5_000)
      if (when === 'whenDeleted') cluster.client.remove('statefulsets', cluster.set())
      else scaleTo(cluster, 0)
      cluster.pass(20_000)
      expect(cluster.names('persistentvolumeclaims')).toEqual([])
    },
  )

  it('leaves claims alone that somebody else manages', () => {
    const cluster = aCluster()
    const manager = cluster.client.create('configmaps', { metadata: { name: 'manager', namespace: HERE } })
    const foreign = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'manager',
      uid: manager.metadata.uid ?? '',
      controller: true,
    }
    cluster.client.create('persistentvolumeclaims', {
      metadata: { name: 'data-web-0', namespace: HERE, ownerReferences: [foreign] },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
    })
    cluster.client.create(
      'statefulsets',
      aSet({ replicas: 1, persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } }),
    )
    cluster.pass(10_000)
    expect(ownersOf(cluster, 'data-web-0')).toEqual(['ConfigMap manager'])
    expect(cluster.said('web').join()).toContain('Warning ConflictingController')
  })
})
