import type { Service } from '../shapes.ts'
import { PROTOCOLS } from './container.ts'
import { duplicate, type FieldError, invalid, notAllowed, required, unsupported } from './field-error.ts'
import { dnsLabel, portName, portNumber } from './formats.ts'
import { validateLabels } from './metadata.ts'

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const IP = /^(?:\d{1,3}\.){3}\d{1,3}$/
const IP_RULE = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'

export function validateService(service: Service): readonly FieldError[] {
  const { spec } = service
  const { type = 'ClusterIP', clusterIP = '', ports = [] } = spec
  const errors: FieldError[] = []
  if (!TYPES.includes(type)) errors.push(unsupported('spec.type', type, TYPES))
  if (ports.length === 0 && clusterIP !== 'None' && type !== 'ExternalName')
    errors.push(required('spec.ports'))
  if (type === 'ExternalName' && (spec.externalName ?? '') === '') errors.push(required('spec.externalName'))
  if (clusterIP === 'None' && (type === 'NodePort' || type === 'LoadBalancer'))
    errors.push(invalid('spec.clusterIPs[0]', clusterIP, `may not be set to 'None' for ${type} services`))
  if (clusterIP !== '' && clusterIP !== 'None' && !IP.test(clusterIP))
    errors.push(invalid('spec.clusterIPs[0]', clusterIP, IP_RULE))
  if (type === 'ExternalName' && clusterIP !== '')
    errors.push(notAllowed('spec.clusterIPs[0]', 'may not be set for ExternalName services'))
  const affinities = ['ClientIP', 'None']
  if (!affinities.includes(spec.sessionAffinity ?? 'None'))
    errors.push(unsupported('spec.sessionAffinity', spec.sessionAffinity, affinities))
  errors.push(...validatePorts(service), ...validateLabels(spec.selector, 'spec.selector'))
  return errors
}

function validatePorts({ spec: { ports = [] } }: Service): readonly FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>()
  const numbers = new Set<string>()
  for (const [index, { name = '', port, protocol = 'TCP', targetPort }] of ports.entries()) {
    const place = `spec.ports[${index}]`
    if (name === '') {
      if (ports.length > 1) errors.push(required(`${place}.name`))
    } else {
      for (const problem of dnsLabel(name)) errors.push(invalid(`${place}.name`, name, problem))
      if (names.has(name)) errors.push(duplicate(`${place}.name`, name))
      names.add(name)
    }
    for (const problem of portNumber(port ?? 0)) errors.push(invalid(`${place}.port`, port ?? 0, problem))
    if (!PROTOCOLS.includes(protocol)) errors.push(unsupported(`${place}.protocol`, protocol, PROTOCOLS))
    const problems =
      typeof targetPort === 'string' ? portName(targetPort) : portNumber(targetPort ?? port ?? 1)
    for (const problem of problems) errors.push(invalid(`${place}.targetPort`, targetPort, problem))
    const key = `${protocol}/${port}`
    if (numbers.has(key)) errors.push(duplicate(place, { port, protocol }))
    numbers.add(key)
  }
  return errors
}

export function validateServiceUpdate(service: Service, old: Service): readonly FieldError[] {
  const before = old.spec.clusterIP ?? ''
  const after = service.spec.clusterIP ?? ''
  if (service.spec.type === 'ExternalName' || old.spec.type === 'ExternalName' || before === '') return []
  if (before === after) return []
  return [invalid('spec.clusterIPs[0]', service.spec.clusterIPs ?? [after], 'may not change once set')]
}
