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
const useless = 'Preemption is not helpful for scheduling'
const noVictims = 'No preemption victims found for incoming pod'
const ofApp = (app: string) => ({ labelSelector: { matchLabels: { app } } })
const required = (rules: unknown) => ({ requiredDuringSchedulingIgnoredDuringExecution: rules })
const onSameHost = (app: string) => required([{ topologyKey: 'kubernetes.io/hostname', ...ofApp(app) }])
const labelled = (app: string, pod: Partial<ApiObject>): Partial<ApiObject> => ({
  ...pod,
  metadata: { ...pod.metadata, name: pod.metadata?.name ?? '', labels: { app } },
})
const constraint = (topologyKey: string, app: string) => ({
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey, whenUnsatisfiable: 'DoNotSchedule', ...ofApp(app) }],
})

describe('the scheduler', () => {
  it.each([
    [aPod('a', mounting('gone')), 'persistentvolumeclaim "gone" not found'],
    [aPod('a', mounting('stuck')), 'pod has unbound immediate PersistentVolumeClaims'],
    [aPod('a', { nodeSelector: { disk: 'ssd' } }), "1 node(s) didn't match Pod's node affinity/selector"],
    [aPod('a', {}, { resources: { requests: { cpu: '5' } } }), '1 Insufficient cpu'],
    [
      aPod('a', {}, { ports: [{ containerPort: 80, hostPort: 8080 }] }),
      "1 node(s) didn't have free ports for the requested pod ports",
      noVictims,
    ],
    [
      aPod('a', {
        affinity: {
          nodeAffinity: required({
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }],
          }),
        },
      }),
      "1 node(s) didn't match Pod's node affinity/selector",
    ],
    [
      aPod('a', { affinity: { podAffinity: onSameHost('nobody') } }),
      "1 node(s) didn't match pod affinity rules",
    ],
    [
      aPod('a', { affinity: { podAntiAffinity: onSameHost('before') } }),
      "1 node(s) didn't match pod anti-affinity rules",
      noVictims,
    ],
    [labelled('loud', aPod('a')), "1 node(s) didn't satisfy existing pods anti-affinity rules", noVictims],
    [
      aPod('a', constraint('zone', 'before')),
      "1 node(s) didn't match pod topology spread constraints (missing required label)",
    ],
  ])('says what a pod waits for %#', (pod, problem, preemption = useless) => {
    const cluster = aCluster()
    cluster.client.create('persistentvolumeclaims', {
      metadata: { name: 'stuck', namespace: HERE },
      spec: {
        storageClassName: 'nope',
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Mi' } },
      },
    })
    const before = aPod(
      'before',
      { affinity: { podAntiAffinity: onSameHost('loud') } },
      { ports: [{ containerPort: 80, hostPort: 8080 }] },
    )
    create(cluster, labelled('before', before), pod)
    const none = '0/1 nodes are available'
    const message = `${none}: ${problem}. preemption: ${none}: 1 ${preemption}.`
    expect(cluster.said('a')).toEqual([`Warning FailedScheduling ${message}`])
    expect(cluster.pod('a').status?.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
    ])
  })

  it('lets the first pod of its kind be where its friends will be, and keeps foes apart', () => {
    const cluster = aCluster()
    new FakeNode(new Client(cluster.api, 'kubelet'), { name: 'other' })
    const friend = (name: string) =>
      labelled('friend', aPod(name, { affinity: { podAffinity: onSameHost('friend') } }))
    const foe = (name: string) =>
      labelled('foe', aPod(name, { affinity: { podAntiAffinity: onSameHost('foe') } }))
    create(cluster, friend('a'), friend('b'), friend('c'), foe('x'), foe('y'), foe('z'))
    const nodeOf = (name: string) => cluster.pod(name).spec.nodeName
    expect(new Set(['a', 'b', 'c'].map(nodeOf)).size).toBe(1)
    expect([nodeOf('x'), nodeOf('y')].sort()).toEqual(['node', 'other'])
    expect(cluster.said('z').at(-1)).toContain(
      "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.",
    )
    // It had waited for just this.
    cluster.client.remove('pods', cluster.pod('y'))
    cluster.pass(40_000)
    expect(nodeOf('z')).toBeDefined()
  })

  it('spreads as far as it is told, though one node is emptier', () => {
    const cluster = aCluster()
    new FakeNode(new Client(cluster.api, 'kubelet'), { name: 'other' })
    const spread = (name: string) =>
      labelled('spread', aPod(name, constraint('kubernetes.io/hostname', 'spread')))
    create(cluster, ...['1', '2', '3'].map((name) => aPod(`on-node-${name}`, { nodeName: 'node' })))
    create(cluster, spread('a'), spread('b'), spread('c'), spread('d'))
    const nodes = ['a', 'b', 'c', 'd'].map((name) => cluster.pod(name).spec.nodeName).sort()
    expect(nodes).toEqual(['node', 'node', 'other', 'other'])
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
