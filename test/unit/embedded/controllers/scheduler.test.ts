import { describe, expect, it } from 'vitest'
import { Client } from '../../../../src/embedded/client.ts'
import type { ApiObject } from '../../../../src/embedded/object.ts'
import { aCluster, HERE, type TestCluster } from './support/cluster.ts'
import { FakeNode } from './support/fake-node.ts'

const aPod = (name: string, spec: object = {}, container: object = {}): Partial<ApiObject> => ({
  metadata: { name, namespace: HERE },
  spec: { containers: [{ name: 'main', image: 'x', ...container }], ...spec },
})
const mounting = (claimName: string) => ({
  volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
})
const create = (cluster: TestCluster, ...pods: readonly Partial<ApiObject>[]) => {
  for (const pod of pods) cluster.client.create('pods', pod)
  cluster.pass(1_000)
}
const useless = 'preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.'

describe('the scheduler', () => {
  it.each([
    [aPod('a', mounting('gone')), 'persistentvolumeclaim "gone" not found'],
    [aPod('a', mounting('stuck')), 'pod has unbound immediate PersistentVolumeClaims'],
    [aPod('a', { nodeSelector: { disk: 'ssd' } }), "1 node(s) didn't match Pod's node affinity/selector"],
    [aPod('a', {}, { resources: { requests: { cpu: '5' } } }), '1 Insufficient cpu'],
    [
      aPod('a', {}, { ports: [{ containerPort: 80, hostPort: 8080 }] }),
      "1 node(s) didn't have free ports for the requested pod ports",
    ],
  ])('says what a pod waits for %#', (pod, problem) => {
    const cluster = aCluster()
    cluster.client.create('persistentvolumeclaims', {
      metadata: { name: 'stuck', namespace: HERE },
      spec: {
        storageClassName: 'nope',
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Mi' } },
      },
    })
    create(cluster, aPod('before', {}, { ports: [{ containerPort: 80, hostPort: 8080 }] }), pod)
    const message = `0/1 nodes are available: ${problem}. ${useless}`
    expect(cluster.said('a')).toEqual([`Warning FailedScheduling ${message}`])
    expect(cluster.pod('a').status?.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
    ])
  })

  it('tries again when there is room', () => {
    const cluster = aCluster()
    const half = { resources: { requests: { cpu: '3' } } }
    create(cluster, aPod('a', {}, half), aPod('b', {}, half))
    expect(cluster.pod('b').spec.nodeName).toBeUndefined()
    cluster.client.remove('pods', cluster.pod('a'))
    cluster.pass(1_000)
    expect(cluster.pod('b').spec.nodeName).toBe('node')
    expect(cluster.said('b').at(-1)).toBe('Normal Scheduled Successfully assigned here/b to node')
  })

  it('spreads pods over nodes, and spares those that it may not use', () => {
    const cluster = aCluster()
    const other = new FakeNode(new Client(cluster.api, 'kubelet'), { name: 'other' })
    create(cluster, aPod('a'), aPod('b'), aPod('c'), aPod('d'))
    const nodesOf = (...names: readonly string[]) => names.map((name) => cluster.pod(name).spec.nodeName)
    expect(nodesOf('a', 'b', 'c', 'd').sort()).toEqual(['node', 'node', 'other', 'other'])
    const node = cluster.client.get<ApiObject>('nodes', undefined, other.name) as ApiObject
    cluster.client.change<ApiObject>('nodes', node, (copy) => {
      copy.spec = { unschedulable: true }
    })
    create(cluster, aPod('e'), aPod('f'))
    expect(nodesOf('e', 'f')).toEqual(['node', 'node'])
  })
})
