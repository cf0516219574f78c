import { describe, expect, it } from 'vitest'
import type { ApiObject } from '../../../../src/embedded/object.ts'
import { aCluster, HERE, type TestCluster } from './support/cluster.ts'

const aClaim = (name: string, spec: object = {}): Partial<ApiObject> => ({
  metadata: { name, namespace: HERE },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Mi' } }, ...spec },
})
const aClass = (name: string, fields: object = {}): Partial<ApiObject> => ({
  metadata: { name },
  provisioner: 'rancher.io/local-path',
  ...fields,
})
const aVolume = (name: string, size: string, spec: object = {}): Partial<ApiObject> => ({
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: size }, hostPath: { path: '/x' }, ...spec },
})
const aPod = (name: string, claimName: string): Partial<ApiObject> => ({
  metadata: { name, namespace: HERE },
  spec: {
    containers: [{ name: 'main', image: 'x' }],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
  },
})
const volume = ({ client }: TestCluster, name: string) =>
  client.get<ApiObject & { status?: { phase?: string } }>('persistentvolumes', undefined, name)
const create = (cluster: TestCluster, resource: string, ...objects: readonly Partial<ApiObject>[]) => {
  for (const object of objects) cluster.client.create(resource, object)
  cluster.pass(1_000)
}

describe('a claim', () => {
  it('of the default class gets a volume of its own, with everything said on both that the real one says', () => {
    const cluster = aCluster()
    create(cluster, 'persistentvolumeclaims', aClaim('data'))
    const { metadata, spec, status } = cluster.claim('data')
    expect(spec.storageClassName).toBe('standard')
    expect(spec.volumeName).toBe(`pvc-${metadata.uid}`)
    expect(metadata.annotations).toEqual({
      'pv.kubernetes.io/bind-completed': 'yes',
      'pv.kubernetes.io/bound-by-controller': 'yes',
      'volume.beta.kubernetes.io/storage-provisioner': 'kubernetes.io/host-path',
      'volume.kubernetes.io/storage-provisioner': 'kubernetes.io/host-path',
    })
    expect(status).toEqual({ phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '10Mi' } })
    expect(volume(cluster, spec.volumeName ?? '')).toMatchObject({
      metadata: {
        annotations: { 'pv.kubernetes.io/provisioned-by': 'kubernetes.io/host-path' },
        finalizers: ['kubernetes.io/pv-protection'],
      },
      spec: {
        claimRef: { kind: 'PersistentVolumeClaim', namespace: HERE, name: 'data', uid: metadata.uid },
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName: 'standard',
      },
      status: { phase: 'Bound' },
    })
    expect(cluster.said('data')).toEqual([
      `Normal ProvisioningSucceeded Successfully provisioned volume pvc-${metadata.uid} using kubernetes.io/host-path`,
    ])
  })

  it.each([
    [{ storageClassName: 'nope' }, 'Warning ProvisioningFailed storageclass.storage.k8s.io "nope" not found'],
    [
      { storageClassName: '' },
      'Normal FailedBinding no persistent volumes available for this claim and no storage class is set',
    ],
    [
      { storageClassName: 'local', accessModes: ['ReadWriteMany'] },
      'Warning ProvisioningFailed failed to provision volume with StorageClass "local": NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes',
    ],
    [
      { storageClassName: 'late' },
      'Normal WaitForFirstConsumer waiting for first consumer to be created before binding',
    ],
    [
      { storageClassName: 'foreign' },
      "Normal ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'example.com/disk' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
    ],
  ])('with %j stays Pending, and says why', (spec, said) => {
    const cluster = aCluster()
    create(
      cluster,
      'storageclasses',
      aClass('local'),
      aClass('late', { volumeBindingMode: 'WaitForFirstConsumer' }),
      aClass('foreign', { provisioner: 'example.com/disk' }),
    )
    create(cluster, 'persistentvolumeclaims', aClaim('data', spec))
    cluster.pass(60_000)
    expect(cluster.claim('data').status?.phase).toBe('Pending')
    expect(cluster.said('data').at(-1)).toBe(said)
  })

  it('is bound when its class appears', () => {
    const cluster = aCluster()
    create(cluster, 'persistentvolumeclaims', aClaim('data', { storageClassName: 'fast' }))
    create(cluster, 'storageclasses', aClass('fast'))
    expect(cluster.claim('data').status?.phase).toBe('Bound')
  })

  it('of a class that waits is bound when a pod has found a node', () => {
    const cluster = aCluster()
    create(cluster, 'storageclasses', aClass('late', { volumeBindingMode: 'WaitForFirstConsumer' }))
    create(cluster, 'persistentvolumeclaims', aClaim('data', { storageClassName: 'late' }))
    create(cluster, 'pods', aPod('user', 'data'))
    expect(cluster.claim('data').status?.phase).toBe('Bound')
    expect(cluster.claim('data').metadata.annotations?.['volume.kubernetes.io/selected-node']).toBe('node')
    expect(cluster.pod('user').status?.phase).toBe('Running')
    expect(cluster.said('user').join()).not.toContain('FailedScheduling')
  })

  it('takes the smallest volume that is there and large enough', () => {
    const cluster = aCluster()
    create(
      cluster,
      'persistentvolumes',
      aVolume('large', '1Gi'),
      aVolume('right', '20Mi'),
      aVolume('small', '5Mi'),
    )
    create(cluster, 'persistentvolumeclaims', aClaim('data', { storageClassName: '' }))
    expect(cluster.claim('data').spec.volumeName).toBe('right')
    expect(cluster.claim('data').status?.capacity).toEqual({ storage: '20Mi' })
    expect(['large', 'right', 'small'].map((name) => volume(cluster, name)?.status?.phase)).toEqual([
      'Available',
      'Bound',
      'Available',
    ])
  })

  it('is lost when its volume is', () => {
    const cluster = aCluster()
    create(cluster, 'persistentvolumeclaims', aClaim('data'))
    const made = volume(cluster, cluster.claim('data').spec.volumeName ?? '') as ApiObject
    cluster.client.change<ApiObject>('persistentvolumes', made, (copy) => {
      copy.metadata.finalizers = []
    })
    cluster.client.remove('persistentvolumes', made)
    cluster.pass(1_000)
    expect(cluster.claim('data').status?.phase).toBe('Lost')
    expect(cluster.said('data').at(-1)).toBe(
      'Warning ClaimLost Bound claim has lost its PersistentVolume. Any data on this volume is lost!',
    )
  })
})

describe('a claim that is deleted', () => {
  it('takes its volume with it, or leaves it Released, as the class has it', () => {
    const cluster = aCluster()
    create(cluster, 'storageclasses', aClass('keep', { reclaimPolicy: 'Retain' }))
    create(cluster, 'persistentvolumeclaims', aClaim('a'), aClaim('b', { storageClassName: 'keep' }))
    const [a, b] = ['a', 'b'].map((name) => cluster.claim(name).spec.volumeName ?? '') as [string, string]
    for (const name of ['a', 'b']) cluster.client.remove('persistentvolumeclaims', cluster.claim(name))
    cluster.pass(1_000)
    expect(cluster.names('persistentvolumeclaims')).toEqual([])
    expect(volume(cluster, a)).toBeNull()
    expect(volume(cluster, b)?.status?.phase).toBe('Released')
    // Nobody gets it after that: it still names its claim.
    create(cluster, 'persistentvolumeclaims', aClaim('b', { storageClassName: 'keep' }))
    expect(cluster.claim('b').spec.volumeName).not.toBe(b)
  })

  it('stays while a pod uses it', () => {
    const cluster = aCluster()
    create(cluster, 'persistentvolumeclaims', aClaim('data'))
    create(cluster, 'pods', aPod('user', 'data'))
    cluster.client.remove('persistentvolumeclaims', cluster.claim('data'))
    cluster.pass(60_000)
    expect(cluster.claim('data').metadata.deletionTimestamp).toBeDefined()
    cluster.client.remove('pods', cluster.pod('user'))
    cluster.pass(1_000)
    expect(cluster.names('persistentvolumeclaims')).toEqual([])
  })
})

describe('a volume that is deleted', () => {
  it('stays while it is bound', () => {
    const cluster = aCluster()
    create(cluster, 'persistentvolumeclaims', aClaim('data'))
    const made = volume(cluster, cluster.claim('data').spec.volumeName ?? '') as ApiObject
    cluster.client.remove('persistentvolumes', made)
    cluster.pass(60_000)
    expect(volume(cluster, made.metadata.name)?.metadata.deletionTimestamp).toBeDefined()
    cluster.client.remove('persistentvolumeclaims', cluster.claim('data'))
    cluster.pass(1_000)
    expect(volume(cluster, made.metadata.name)).toBeNull()
  })
})
