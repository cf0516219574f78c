import type { EndpointsFacts, ServiceFacts } from '../../timeline/facts.ts'
import { at, deletionTimestamp, labels, list, number, parseMetadata, stringMap, text } from './shape.ts'

/** A v1 Service; null without name, UID and resourceVersion. */
export const parseService = (service: unknown): ServiceFacts | null => {
  const metadata = parseMetadata(service)
  if (metadata === null) return null
  const spec = at(service, 'spec')
  const clusterIP = text(at(spec, 'clusterIP'))
  const selector = at(spec, 'selector')
  return {
    kind: 'Service',
    ...metadata,
    labels: labels(service),
    type: text(at(spec, 'type')) ?? 'ClusterIP',
    clusterIP,
    headless: clusterIP === 'None',
    selector: typeof selector === 'object' && selector !== null ? stringMap(selector) : null,
    ports: list(at(spec, 'ports')).map((port) => ({
      name: text(at(port, 'name')),
      port: number(at(port, 'port'), 0),
    })),
    publishNotReadyAddresses: at(spec, 'publishNotReadyAddresses') === true,
    sticky: at(spec, 'sessionAffinity') === 'ClientIP',
    deletionTimestamp: deletionTimestamp(service),
  }
}

/** v1 Endpoints; null without name, UID and resourceVersion. */
export const parseEndpoints = (endpoints: unknown): EndpointsFacts | null => {
  const metadata = parseMetadata(endpoints)
  if (metadata === null) return null
  const subsets = list(at(endpoints, 'subsets'))
  const addresses = (key: string): EndpointsFacts['ready'] =>
    subsets.flatMap((subset) => list(at(subset, key)).map(parseAddress))
  return {
    kind: 'Endpoints',
    ...metadata,
    ready: addresses('addresses'),
    notReady: addresses('notReadyAddresses'),
  }
}

const parseAddress = (address: unknown): EndpointsFacts['ready'][number] => ({
  ip: text(at(address, 'ip')) ?? '',
  hostname: text(at(address, 'hostname')),
  pod: at(address, 'targetRef', 'kind') === 'Pod' ? text(at(address, 'targetRef', 'name')) : null,
})
