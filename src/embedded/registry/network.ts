import { type ApiObject, at, listAt, type Mutable } from '../object.ts'
import type { Service, ServicePort } from '../shapes.ts'
import { StatusError } from '../status.ts'
import { ageOf, column, NONE, pairs, UNSET, wide } from '../tables/table.ts'
import { invalid, invalidObject } from '../validate/field-error.ts'
import { dns1035Label, dnsSubdomain } from '../validate/formats.ts'
import { validateService, validateServiceUpdate } from '../validate/service.ts'
import { EVERY_VERB, type Kind, type RuleContext, STATUS } from './kind.ts'

/** Service addresses are 10.96.0.1 … 10.96.255.254, as kubeadm's are. */
const SERVICE_NET = '10.96'
const NODE_PORTS = { first: 30_000, count: 2_768 }

export const services: Kind = {
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  definition: 'io.k8s.api.core.v1.Service',
  verbs: EVERY_VERB,
  subresources: [STATUS],
  nameFormat: dns1035Label,
  hasStatus: true,
  hasGeneration: false,
  fields: (object) => {
    const { spec } = object as Service
    return { 'spec.clusterIP': spec.clusterIP ?? '', 'spec.type': spec.type ?? '' }
  },
  table: {
    columns: [
      column('Name'),
      column('Type'),
      column('Cluster-IP'),
      column('External-IP'),
      column('Port(s)'),
      column('Age'),
      wide('Selector'),
    ],
    row(object, nowMs) {
      const service = object as Service
      const { type = 'ClusterIP', clusterIP = '', ports = [], selector } = service.spec
      return [
        service.metadata.name,
        type,
        clusterIP === '' ? NONE : clusterIP,
        externalAddress(service),
        ports.length === 0 ? NONE : ports.map(portText).join(','),
        ageOf(service, nowMs),
        pairs(selector),
      ]
    },
  },
  defaults: (object) => defaultService(object as unknown as Mutable<Service>),
  prepareCreate: (object, context) => {
    const service = object as unknown as Mutable<Service>
    allocate(service, context)
    service.status = { loadBalancer: {} }
  },
  prepareUpdate: (object, old, context) => {
    const service = object as unknown as Mutable<Service>
    const before = old as Service
    // Whoever leaves the address out means to keep it.
    if (service.spec.type !== 'ExternalName' && (service.spec.clusterIP ?? '') === '') {
      if (before.spec.clusterIP !== undefined) service.spec.clusterIP = before.spec.clusterIP
      if (before.spec.clusterIPs !== undefined) service.spec.clusterIPs = [...before.spec.clusterIPs]
    } else if (service.spec.clusterIP !== before.spec.clusterIP && service.spec.clusterIP !== undefined)
      service.spec.clusterIPs = [service.spec.clusterIP]
    allocate(service, context)
  },
  validate: (object) => validateService(object as Service),
  validateUpdate: (object, old) => validateServiceUpdate(object as Service, old as Service),
}

function defaultService(service: Mutable<Service>): void {
  service.spec ??= {}
  const { spec } = service
  spec.sessionAffinity ??= 'None'
  spec.type ??= 'ClusterIP'
  for (const port of spec.ports ?? []) {
    port.protocol ??= 'TCP'
    if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '')
      port.targetPort = port.port
  }
  if (spec.type === 'ExternalName') return
  spec.internalTrafficPolicy ??= 'Cluster'
  spec.ipFamilies ??= ['IPv4']
  spec.ipFamilyPolicy ??= 'SingleStack'
  const external = spec.type === 'NodePort' || spec.type === 'LoadBalancer'
  if (external) Object.assign(spec, { externalTrafficPolicy: at(spec, 'externalTrafficPolicy') ?? 'Cluster' })
}

function allocate(service: Mutable<Service>, context: RuleContext): void {
  const { spec } = service
  if (spec.type === 'ExternalName') return
  const others = (context.list('services') as readonly Service[]).filter(
    ({ metadata }) =>
      metadata.name !== service.metadata.name || metadata.namespace !== service.metadata.namespace,
  )
  if (spec.clusterIP === undefined || spec.clusterIP === '') spec.clusterIP = freeAddress(others)
  else if (spec.clusterIP !== 'None' && others.some((other) => other.spec.clusterIP === spec.clusterIP))
    throw invalidObject({ group: '', kind: 'Service' }, service.metadata.name, [
      invalid(
        'spec.clusterIPs',
        [spec.clusterIP],
        `failed to allocate IP ${spec.clusterIP}: provided IP is already allocated`,
      ),
    ])
  spec.clusterIPs ??= [spec.clusterIP]
  if (spec.type !== 'NodePort' && spec.type !== 'LoadBalancer') {
    for (const port of spec.ports ?? []) delete port.nodePort
    return
  }
  const taken = new Set(others.flatMap((other) => (other.spec.ports ?? []).map(({ nodePort }) => nodePort)))
  for (const port of spec.ports ?? []) {
    if (port.nodePort === undefined || port.nodePort === 0) {
      let candidate = NODE_PORTS.first
      while (taken.has(candidate)) candidate += 1
      port.nodePort = candidate
    }
    taken.add(port.nodePort)
  }
}

/** Spread like the real allocator's, but the same in every run. */
function freeAddress(services: readonly Service[]): string {
  const taken = new Set(services.map(({ spec }) => spec.clusterIP))
  for (let step = 1; step < 65_000; step += 1) {
    const place = (step * 40_503) % 65_534
    const address = `${SERVICE_NET}.${place >> 8}.${place & 0xff}`
    if (place > 16 && !taken.has(address)) return address
  }
  throw new StatusError(500, 'InternalError', 'failed to allocate a serviceIP: range is full')
}

const portText = ({ port, nodePort, protocol = 'TCP' }: ServicePort): string =>
  nodePort === undefined || nodePort === 0 ? `${port}/${protocol}` : `${port}:${nodePort}/${protocol}`

function externalAddress(service: Service): string {
  const { type, externalName, externalIPs = [] } = service.spec
  if (type === 'ExternalName') return externalName ?? ''
  const ingress = (service.status?.loadBalancer?.ingress ?? []).map(
    ({ ip, hostname }) => ip ?? hostname ?? '',
  )
  const all = [...(type === 'LoadBalancer' ? ingress : []), ...externalIPs]
  if (all.length > 0) return all.join(',')
  return type === 'LoadBalancer' ? '<pending>' : NONE
}

/** "10.0.0.1:80,10.0.0.2:80 + 3 more..." */
function endpointsText(subsets: readonly unknown[]): string {
  const all = subsets.flatMap((subset) => {
    const ports = listAt(subset, 'ports')
    const addresses = listAt(subset, 'addresses').map((address) => String(at(address, 'ip')))
    return ports.length === 0
      ? addresses
      : ports.flatMap((port) => addresses.map((ip) => `${ip}:${String(at(port, 'port'))}`))
  })
  if (all.length === 0) return NONE
  const shown = all.slice(0, 3).join(',')
  return all.length > 3 ? `${shown} + ${all.length - 3} more...` : shown
}

export const endpoints: Kind = {
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  definition: 'io.k8s.api.core.v1.Endpoints',
  verbs: EVERY_VERB,
  subresources: [],
  nameFormat: dnsSubdomain,
  hasStatus: false,
  hasGeneration: false,
  table: {
    columns: [column('Name'), column('Endpoints'), column('Age')],
    row: (object, nowMs) => [
      object.metadata.name,
      endpointsText((object.subsets ?? []) as readonly unknown[]),
      ageOf(object, nowMs),
    ],
  },
}

const firstThree = (all: readonly string[]): string => {
  if (all.length === 0) return UNSET
  return all.length > 3 ? `${all.slice(0, 3).join(',')} + ${all.length - 3} more...` : all.join(',')
}

export const endpointSlices: Kind = {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  singular: 'endpointslice',
  namespaced: true,
  definition: 'io.k8s.api.discovery.v1.EndpointSlice',
  verbs: EVERY_VERB,
  subresources: [],
  nameFormat: dnsSubdomain,
  hasStatus: false,
  hasGeneration: true,
  table: {
    columns: [column('Name'), column('AddressType'), column('Ports'), column('Endpoints'), column('Age')],
    row: (object: ApiObject, nowMs) => [
      object.metadata.name,
      String(object.addressType ?? ''),
      firstThree(listAt(object, 'ports').map((port) => String(at(port, 'port') ?? '*'))),
      firstThree(
        listAt(object, 'endpoints').flatMap((endpoint) => listAt(endpoint, 'addresses').map(String)),
      ),
      ageOf(object, nowMs),
    ],
  },
  defaults: (object) => {
    for (const port of listAt(object, 'ports') as Record<string, unknown>[]) {
      port.name ??= ''
      port.protocol ??= 'TCP'
    }
  },
}
