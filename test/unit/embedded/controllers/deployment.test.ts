import { describe, expect, it } from 'vitest'
import type { ApiObject } from '../../../../src/embedded/object.ts'
import type { Pod, Workload } from '../../../../src/embedded/shapes.ts'
import { aCluster, HERE, type TestCluster, toImage } from './support/cluster.ts'

const up = (spec: object = {}): TestCluster => {
  const cluster = aCluster()
  cluster.client.create('deployments', {
    metadata: { name: 'front', namespace: HERE },
    spec: {
      replicas: 4,
      selector: { matchLabels: { app: 'front' } },
      template: {
        metadata: { labels: { app: 'front' } },
        spec: { containers: [{ name: 'main', image: 'busybox:1.28' }] },
      },
      ...spec,
    },
  })
  cluster.pass(30_000)
  return cluster
}
const front = ({ client }: TestCluster) => client.get<Workload>('deployments', HERE, 'front') as Workload
const edit = (cluster: TestCluster, change: (spec: Record<string, unknown>) => void) =>
  cluster.client.change<ApiObject>('deployments', front(cluster), (copy) => {
    change(copy.spec as Record<string, unknown>)
  })
const sets = ({ client }: TestCluster) =>
  client
    .list<Workload>('replicasets', { namespace: HERE })
    .map(({ metadata, spec }) => ({
      revision: metadata.annotations?.['deployment.kubernetes.io/revision'],
      replicas: spec.replicas,
      image: spec.template.spec?.containers[0]?.image,
    }))
    .sort((a, b) => Number(a.revision) - Number(b.revision))
const podsOf = ({ client }: TestCluster) => client.list<Pod>('pods', { namespace: HERE })

describe('a Deployment', () => {
  it('has pods with random names, through a ReplicaSet named by its template', () => {
    const cluster = up()
    const [set] = cluster.names('replicasets')
    expect(set).toMatch(/^front-[bcdfghjklmnpqrstvwxz2456789]+$/)
    for (const name of cluster.names('pods')) expect(name).toMatch(new RegExp(`^${set}-.{5}$`))
    const hash = set?.slice('front-'.length)
    expect(podsOf(cluster)[0]?.metadata.labels).toEqual({ app: 'front', 'pod-template-hash': hash })
    expect(front(cluster).status).toMatchObject({
      observedGeneration: 1,
      replicas: 4,
      readyReplicas: 4,
      updatedReplicas: 4,
      availableReplicas: 4,
      conditions: [
        { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
        { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
      ],
    })
    expect(cluster.said('front')).toEqual([
      `Normal ScalingReplicaSet Scaled up replica set ${set} from 0 to 4`,
    ])
    expect(cluster.said(set ?? '')[0]).toMatch(/^Normal SuccessfulCreate Created pod: front-/)
  })

  it('is scaled without a new ReplicaSet', () => {
    const cluster = up()
    edit(cluster, (spec) => {
      spec.replicas = 2
    })
    cluster.pass(10_000)
    expect(sets(cluster)).toEqual([{ revision: '1', replicas: 2, image: 'busybox:1.28' }])
    expect(cluster.names('pods')).toHaveLength(2)
  })

  it('rolls within its limits: never too many pods, never too few', () => {
    const cluster = up()
    edit(cluster, toImage('busybox:1.36'))
    let [most, fewest] = [0, 99]
    for (let step = 0; step < 200; step += 1) {
      cluster.pass(50)
      const alive = podsOf(cluster).filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      const ready = alive.filter(({ status }) =>
        status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
      )
      most = Math.max(most, alive.length)
      fewest = Math.min(fewest, ready.length)
    }
    expect([most, fewest]).toEqual([5, 3])
    expect(sets(cluster)).toEqual([
      { revision: '1', replicas: 0, image: 'busybox:1.28' },
      { revision: '2', replicas: 4, image: 'busybox:1.36' },
    ])
    expect(front(cluster).metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2')
  })

  it('keeps most of its old pods when the new ones cannot start, and gets over it when mended', () => {
    const cluster = up()
    edit(cluster, toImage('busybox:not-there'))
    cluster.pass(700_000)
    expect(front(cluster).status?.availableReplicas).toBe(3)
    expect(front(cluster).status).toMatchObject({
      conditions: [{ type: 'Available' }, { type: 'Progressing', reason: 'ProgressDeadlineExceeded' }],
    })
    edit(cluster, toImage('busybox:1.28'))
    cluster.pass(30_000)
    expect(sets(cluster)).toEqual([
      { revision: '2', replicas: 0, image: 'busybox:not-there' },
      { revision: '3', replicas: 4, image: 'busybox:1.28' },
    ])
    expect(front(cluster).status).toMatchObject({ readyReplicas: 4, updatedReplicas: 4 })
  })

  it('with Recreate has all old pods go before a new one comes', () => {
    const cluster = up({ strategy: { type: 'Recreate' } })
    edit(cluster, toImage('busybox:1.36'))
    let together = false
    for (let step = 0; step < 100; step += 1) {
      cluster.pass(50)
      together ||= new Set(podsOf(cluster).map(({ spec }) => spec.containers[0]?.image)).size > 1
    }
    expect(together).toBe(false)
    expect(front(cluster).status?.updatedReplicas).toBe(4)
  })

  it('replaces a pod that is deleted by another with another name', () => {
    const cluster = up()
    const [first] = podsOf(cluster) as [Pod]
    cluster.client.remove('pods', first)
    cluster.pass(10_000)
    expect(cluster.names('pods')).toHaveLength(4)
    expect(cluster.names('pods')).not.toContain(first.metadata.name)
  })
})
