import { describe, expect, it } from 'vitest'
import type { ApiObject, OwnerReference } from '../../../../src/embedded/object.ts'
import { kindOf } from '../../../../src/embedded/registry/index.ts'
import { aCluster, aSet, HERE, type TestCluster } from './support/cluster.ts'

const up = (): TestCluster => {
  const cluster = aCluster()
  cluster.client.create('statefulsets', aSet())
  cluster.pass(30_000)
  return cluster
}
const aMap = (name: string, ownerReferences: readonly OwnerReference[] = []) => ({
  metadata: { name, namespace: HERE, ...(ownerReferences.length === 0 ? {} : { ownerReferences }) },
})
const reference = ({ apiVersion, kind, metadata }: ApiObject): OwnerReference => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid ?? '',
})

describe('deleting an owner', () => {
  it('in the background has it go first, its dependents after it', () => {
    const cluster = up()
    cluster.client.remove('statefulsets', cluster.set(), { propagation: 'Background' })
    expect(cluster.names('statefulsets')).toEqual([])
    expect(cluster.names('pods')).toHaveLength(3)
    cluster.pass(5_000)
    expect(cluster.names('pods')).toEqual([])
    expect(cluster.names('controllerrevisions')).toEqual([])
  })

  it('in the foreground has it stay until its dependents are gone', () => {
    const cluster = up()
    cluster.client.remove('statefulsets', cluster.set(), { propagation: 'Foreground' })
    cluster.pass(100)
    expect(cluster.set().metadata.finalizers).toEqual(['foregroundDeletion'])
    expect(cluster.names('pods')).toHaveLength(3)
    cluster.pass(5_000)
    expect([cluster.names('statefulsets'), cluster.names('pods')]).toEqual([[], []])
  })

  it('in the foreground takes what blocks nobody too, while it waits for what does', () => {
    const cluster = aCluster()
    const owner = cluster.client.create<ApiObject>('configmaps', aMap('owner'))
    const held = aMap('held', [{ ...reference(owner), blockOwnerDeletion: true }])
    cluster.client.create('configmaps', {
      ...held,
      metadata: { ...held.metadata, finalizers: ['example.org/held'] },
    })
    cluster.client.create('configmaps', aMap('free', [reference(owner)]))
    cluster.pass(1_000)
    cluster.client.remove('configmaps', owner, { propagation: 'Foreground' })
    cluster.pass(5_000)
    expect(cluster.names('configmaps')).toEqual(expect.arrayContaining(['held', 'owner']))
    expect(cluster.names('configmaps')).not.toContain('free')
  })

  it('as an orphan maker leaves its dependents, which nobody has then', () => {
    const cluster = up()
    cluster.client.remove('statefulsets', cluster.set(), { propagation: 'Orphan' })
    cluster.pass(60_000)
    expect(cluster.names('statefulsets')).toEqual([])
    expect(cluster.names('pods').map((name) => cluster.pod(name).metadata.ownerReferences)).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    // A set of the same name takes them over, as they are.
    const uid = cluster.pod('web-1').metadata.uid
    cluster.client.create('statefulsets', aSet())
    cluster.pass(10_000)
    expect(cluster.pod('web-1').metadata.uid).toBe(uid)
    expect(cluster.set().status?.readyReplicas).toBe(3)
  })
})

describe('a dependent', () => {
  it('of an owner that never was is deleted', () => {
    const cluster = aCluster()
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: '0000' }
    cluster.client.create('configmaps', aMap('lost', [owner]))
    cluster.pass(10)
    expect(cluster.names('configmaps')).toEqual(['kube-root-ca.crt'])
  })

  it('of several owners stays with the last, and forgets the others', () => {
    const cluster = aCluster()
    const [a, b] = ['a', 'b'].map((name) => cluster.client.create('configmaps', aMap(name))) as [
      ApiObject,
      ApiObject,
    ]
    cluster.client.create('configmaps', aMap('shared', [reference(a), reference(b)]))
    cluster.client.remove('configmaps', a)
    cluster.pass(10)
    expect(cluster.client.get('configmaps', HERE, 'shared')?.metadata.ownerReferences).toEqual([reference(b)])
    cluster.client.remove('configmaps', b)
    cluster.pass(10)
    expect(cluster.names('configmaps')).toEqual(['kube-root-ca.crt'])
  })

  it('of dependents goes with them, however far down', () => {
    const cluster = aCluster()
    const top = cluster.client.create('configmaps', aMap('top'))
    const middle = cluster.client.create('configmaps', aMap('middle', [reference(top)]))
    cluster.client.create('configmaps', aMap('bottom', [reference(middle)]))
    cluster.client.remove('configmaps', top)
    cluster.pass(10)
    expect(cluster.names('configmaps')).toEqual(['kube-root-ca.crt'])
  })
})

describe('a namespace', () => {
  it('has the objects that every one has, and gets them back', () => {
    const cluster = aCluster()
    expect(cluster.names('serviceaccounts')).toEqual(['default'])
    const root = cluster.client.get<ApiObject>('configmaps', HERE, 'kube-root-ca.crt') as ApiObject
    expect(root.data).toEqual({ 'ca.crt': 'PEM' })
    cluster.client.remove('configmaps', root)
    cluster.pass(10)
    expect(cluster.names('configmaps')).toEqual(['kube-root-ca.crt'])
  })

  it('that is deleted goes when all that is in it has gone', () => {
    const cluster = up()
    cluster.client.create('services', {
      metadata: { name: 'web', namespace: HERE },
      spec: { clusterIP: 'None', selector: { app: 'web' }, ports: [{ port: 80 }] },
    })
    const namespace = () => cluster.client.get<ApiObject>('namespaces', undefined, HERE)
    cluster.client.remove('namespaces', namespace() as ApiObject)
    cluster.pass(100)
    expect(namespace()?.status).toMatchObject({
      phase: 'Terminating',
      conditions: expect.arrayContaining([
        expect.objectContaining({
          type: 'NamespaceContentRemaining',
          message:
            'Some resources are remaining: persistentvolumeclaims. has 3 resource instances, pods. has 3 resource instances',
        }),
        expect.objectContaining({
          type: 'NamespaceFinalizersRemaining',
          message:
            'Some content in the namespace has finalizers remaining: kubernetes.io/pvc-protection in 3 resource instances',
        }),
      ]),
    })
    cluster.pass(60_000)
    expect(namespace()).toBeNull()
    expect(cluster.client.list('persistentvolumes')).toEqual([])
    for (const resource of [
      'pods',
      'events',
      'configmaps',
      'endpoints',
      'endpointslices',
      'persistentvolumeclaims',
    ])
      expect([resource, cluster.api.list(kindOf(resource), HERE).items.length]).toEqual([resource, 0])
  })
})
