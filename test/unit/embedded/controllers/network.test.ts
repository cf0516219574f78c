import { describe, expect, it } from 'vitest'
import type { ApiObject, JsonObject } from '../../../../src/embedded/object.ts'
import { aCluster, aSet, HERE, type TestCluster } from './support/cluster.ts'

const aService = (name: string, spec: object = {}): Partial<ApiObject> => ({
  metadata: { name, namespace: HERE },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, name: 'http' }], ...spec },
})
const up = (service: object = {}): TestCluster => {
  const cluster = aCluster({ stopMs: 2_000 })
  cluster.node.breakReadiness('web-1')
  cluster.client.create('services', aService('web', { clusterIP: 'None', ...service }))
  cluster.client.create('statefulsets', aSet({ podManagementPolicy: 'Parallel' }))
  cluster.pass(10_000)
  return cluster
}
interface Address {
  readonly ip: string
  readonly hostname?: string
  readonly targetRef: { readonly name: string }
}
const subsets = ({ client }: TestCluster) => {
  const { subsets: all = [] } = (client.get('endpoints', HERE, 'web') ?? {}) as {
    subsets?: readonly {
      addresses?: readonly Address[]
      notReadyAddresses?: readonly Address[]
      ports: unknown
    }[]
  }
  const names = (list: readonly Address[] = []) =>
    list.map(({ hostname, targetRef }) => hostname ?? `(${targetRef.name})`).sort()
  return all.map(({ addresses, notReadyAddresses, ports }) => ({
    ready: names(addresses),
    notReady: names(notReadyAddresses),
    ports,
  }))
}
const slices = ({ client }: TestCluster) =>
  client
    .list<ApiObject & { endpoints: readonly JsonObject[] }>('endpointslices', { namespace: HERE })
    .map(({ metadata, endpoints, ...rest }) => ({ metadata, endpoints, ...rest }))
const conditions = (cluster: TestCluster) =>
  Object.fromEntries(
    slices(cluster)
      .flatMap(({ endpoints }) => endpoints)
      .map((endpoint) => [(endpoint.targetRef as { name: string }).name, endpoint.conditions]),
  )

describe('the endpoints of a service', () => {
  it('tell the ready pods from the others, with the names that a headless service gives them', () => {
    const cluster = up()
    expect(subsets(cluster)).toEqual([
      {
        ready: ['web-0', 'web-2'],
        notReady: ['web-1'],
        ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
      },
    ])
    expect(cluster.client.get('endpoints', HERE, 'web')?.metadata.labels).toHaveProperty([
      'service.kubernetes.io/headless',
    ])
    cluster.node.mendReadiness('web-1')
    cluster.pass(10)
    expect(subsets(cluster)[0]?.notReady).toEqual([])
  })

  it('are all ready where unready addresses are published', () => {
    expect(subsets(up({ publishNotReadyAddresses: true }))[0]?.ready).toEqual(['web-0', 'web-1', 'web-2'])
  })

  it('leave out a pod as soon as it terminates, and have the new address of the next', () => {
    const cluster = up()
    const addressOf = (name: string) => cluster.pod(name).status?.podIP
    const before = addressOf('web-0')
    cluster.client.remove('pods', cluster.pod('web-0'))
    cluster.pass(10)
    expect(subsets(cluster)[0]?.ready).toEqual(['web-2'])
    expect(conditions(cluster)['web-0']).toEqual({ ready: false, serving: true, terminating: true })
    cluster.pass(10_000)
    expect(subsets(cluster)[0]?.ready).toEqual(['web-0', 'web-2'])
    expect(addressOf('web-0')).not.toBe(before)
  })

  it('give no names to pods of another subdomain, and no addresses without a selector', () => {
    const cluster = up()
    cluster.client.create('services', aService('other'))
    cluster.client.create('services', {
      metadata: { name: 'bare', namespace: HERE },
      spec: { ports: [{ port: 80 }] },
    })
    cluster.pass(10)
    const other = cluster.client.get<ApiObject>('endpoints', HERE, 'other')
    expect(JSON.stringify(other?.subsets)).not.toContain('hostname')
    expect(cluster.client.get('endpoints', HERE, 'bare')).toBeNull()
  })

  it('find a named port in each pod', () => {
    const cluster = aCluster()
    const pod = (name: string, containerPort: number) => ({
      metadata: { name, namespace: HERE, labels: { app: 'web' } },
      spec: { containers: [{ name: 'main', image: 'x', ports: [{ name: 'http', containerPort }] }] },
    })
    cluster.client.create('services', aService('web', { ports: [{ port: 80, targetPort: 'http' }] }))
    cluster.client.create('pods', pod('a', 8080))
    cluster.client.create('pods', pod('b', 9090))
    cluster.pass(1_000)
    expect(subsets(cluster)).toEqual([
      { ready: ['(a)'], notReady: [], ports: [{ port: 8080, protocol: 'TCP' }] },
      { ready: ['(b)'], notReady: [], ports: [{ port: 9090, protocol: 'TCP' }] },
    ])
  })

  it('go with the service, slices too', () => {
    const cluster = up()
    expect(slices(cluster)[0]).toMatchObject({
      addressType: 'IPv4',
      metadata: {
        generateName: 'web-',
        labels: {
          'kubernetes.io/service-name': 'web',
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        },
        ownerReferences: [{ kind: 'Service', name: 'web' }],
      },
    })
    expect(conditions(cluster)).toEqual({
      'web-0': { ready: true, serving: true, terminating: false },
      'web-1': { ready: false, serving: false, terminating: false },
      'web-2': { ready: true, serving: true, terminating: false },
    })
    const service = cluster.client.get('services', HERE, 'web') as ApiObject
    cluster.client.remove('services', service)
    cluster.pass(10)
    expect(cluster.names('endpoints')).toEqual([])
    expect(slices(cluster)).toEqual([])
  })
})
