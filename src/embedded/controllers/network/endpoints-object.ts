import type { Client } from '../../client.ts'
import { timestamp } from '../../clock.ts'
import { type ApiObject, copyOf, sameJson } from '../../object.ts'
import type { Pod, Service } from '../../shapes.ts'
import type { Objects } from '../objects.ts'
import { type Backend, backendsOf, byAddress, isHeadless, podReference } from './endpoint-addresses.ts'

const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time'
const HEADLESS = 'service.kubernetes.io/headless'

/** The Endpoints object of a service, of the same name. */
export function writeEndpoints(
  client: Client,
  service: Service,
  pods: readonly Pod[],
  endpoints: Objects<ApiObject>,
): void {
  const { namespace, name } = service.metadata
  const unready = service.spec.publishNotReadyAddresses === true
  const backends = backendsOf(service, pods).filter(({ terminating }) => unready || !terminating)
  const subsets = subsetsOf(backends, unready)
  const labels = {
    ...service.metadata.labels,
    'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
    ...(isHeadless(service) ? { [HEADLESS]: '' } : {}),
  }
  const there = endpoints.get(namespace, name)
  if (there !== null && sameJson(there.subsets ?? [], subsets) && sameJson(there.metadata.labels, labels))
    return
  const annotations =
    subsets.length === 0 ? {} : { annotations: { [TRIGGER_TIME]: timestamp(client.clock.nowMs()) } }
  const body = { ...(subsets.length === 0 ? {} : { subsets }) }
  if (there === null) {
    const metadata = { name, ...(namespace === undefined ? {} : { namespace }), labels, ...annotations }
    client.create('endpoints', { metadata, ...body })
    return
  }
  client.change<ApiObject>('endpoints', there, (copy) => {
    Object.assign(copy.metadata, { labels }, annotations)
    if (subsets.length === 0) delete copy.subsets
    else copy.subsets = copyOf(subsets)
  })
}

/** Addresses with the same ports stand together. */
function subsetsOf(backends: readonly Backend[], unready: boolean): readonly object[] {
  const groups = new Map<string, Backend[]>()
  for (const backend of [...backends].sort(byAddress)) {
    const key = JSON.stringify(backend.ports)
    groups.set(key, [...(groups.get(key) ?? []), backend])
  }
  return [...groups.values()].map((group) => {
    const ready = group.filter((backend) => backend.ready || unready)
    const notReady = group.filter((backend) => !backend.ready && !unready)
    const { ports = [] } = group[0] ?? {}
    return {
      ...(ready.length === 0 ? {} : { addresses: ready.map(address) }),
      ...(notReady.length === 0 ? {} : { notReadyAddresses: notReady.map(address) }),
      ...(ports.length === 0
        ? {}
        : { ports: ports.map(({ name, ...port }) => (name === '' ? port : { name, ...port })) }),
    }
  })
}

const address = ({ pod, ip, hostname }: Backend) => ({
  ip,
  ...(hostname === null ? {} : { hostname }),
  nodeName: pod.spec.nodeName ?? '',
  targetRef: podReference(pod),
})
