import type { Api } from '../api/api.ts'
import { Client } from '../client.ts'
import type { ApiObject } from '../object.ts'
import { at, listAt, textAt } from '../object.ts'
import type { PodRuntime } from '../pod-runtime.ts'
import type { Service } from '../shapes.ts'
import { Kubelet } from './kubelet/kubelet.ts'
import type { NodeVolumes } from './kubelet/volumes.ts'
import { ClusterDns } from './net/cluster-dns.ts'
import { Network } from './net/network.ts'
import { Shelf } from './os/shelf.ts'

export interface EmbeddedNode {
  readonly runtime: PodRuntime
  readonly volumes: NodeVolumes
  readonly dns: ClusterDns
  /** Ends every container at once. */
  stop(): void
}

/** The address of the DNS service, as in clusters made by kubeadm. */
const DNS_IP = '10.96.0.10'

/**
 * Starts the one node of the embedded cluster: a kubelet for the pods bound to it, the network between them, and
 * cluster DNS.
 *
 * @param dnsTtlS seconds for which DNS answers, and answers that there is no such name, are kept
 */
export function startNode(
  api: Api,
  options: {
    readonly name?: string
    readonly dnsTtlS?: { readonly records?: number; readonly none?: number }
    /** What lies on its disk; an empty one unless given. */
    readonly shelf?: Shelf
  } = {},
): EmbeddedNode {
  const client = new Client(api, 'kubelet')
  nameDns(client)
  const dns = new ClusterDns(
    {
      service: (namespace, name) => client.get<Service>('services', namespace, name),
      services: () => client.list<Service>('services'),
      endpoints: (namespace, name) => client.get<ApiObject>('endpoints', namespace, name),
      namespaceExists: (name) => client.get<ApiObject>('namespaces', undefined, name) !== null,
    },
    client.clock,
    options.dnsTtlS,
  )
  const network = new Network({
    dnsIp: DNS_IP,
    resolve: (name, type) => dns.resolve(name, type),
    balance: (ip, port) => backendsOf(client, ip, port),
  })
  const kubelet = new Kubelet({
    client,
    network,
    nodeName: options.name ?? 'embedded-node',
    hostIp: '10.244.0.1',
    shelf: options.shelf ?? new Shelf(client.clock),
  })
  return { runtime: kubelet.runtime, volumes: kubelet.volumes, dns, stop: () => kubelet.stop() }
}

/** The service that pods ask, so that its address has a name and nobody else gets it. */
function nameDns(client: Client): void {
  const there = client.get('namespaces', undefined, 'kube-system') !== null
  if (!there || client.get('services', 'kube-system', 'kube-dns') !== null) return
  client.create('services', {
    metadata: { name: 'kube-dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
    spec: {
      clusterIP: DNS_IP,
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
        { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
      ],
    },
  })
}

/** kube-proxy's part: the ready addresses behind a cluster IP. */
function backendsOf(
  client: Client,
  ip: string,
  port: number,
): readonly { readonly ip: string; readonly port: number }[] | null {
  const service = client.list<Service>('services').find(({ spec }) => spec.clusterIP === ip)
  if (service === undefined) return null
  const wanted = service.spec.ports?.find((each) => each.port === port)
  if (wanted === undefined) return []
  const endpoints = client.get<ApiObject>('endpoints', service.metadata.namespace, service.metadata.name)
  return listAt(endpoints, 'subsets').flatMap((subset) => {
    const target = listAt(subset, 'ports').find((each) => textAt(each, 'name') === (wanted.name ?? ''))
    return target === undefined
      ? []
      : listAt(subset, 'addresses').map((address) => ({
          ip: textAt(address, 'ip'),
          port: Number(at(target, 'port')),
        }))
  })
}
