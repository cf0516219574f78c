import type { Client } from '../../client.ts'
import { type ApiObject, at, isObject, listAt, textAt } from '../../object.ts'
import type { Container, Pod, Service } from '../../shapes.ts'
import { quantityValue } from '../../validate/quantity.ts'
import { Refusal } from './refusal.ts'

/** Text as it is in the container: UTF-8, a character for each byte. */
export const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

export interface PodPlace {
  readonly ip: string
  readonly hostIp: string
  readonly hostname: string
}

/** The environment of a container. @throws Refusal CreateContainerConfigError for what is referred to and not there */
export function environmentOf(
  client: Client,
  pod: Pod,
  container: Container,
  image: Readonly<Record<string, string>>,
  place: PodPlace,
): Map<string, string> {
  const { namespace = 'default' } = pod.metadata
  const env = new Map<string, string>(Object.entries(image))
  env.set('HOSTNAME', place.hostname)
  const services = serviceVariables(client, namespace, pod.spec.enableServiceLinks !== false)
  const own = new Map<string, string>()
  for (const source of listAt(container, 'envFrom')) {
    const prefix = textAt(source, 'prefix')
    for (const [field, resource, kind] of [
      ['configMapRef', 'configmaps', 'configmap'],
      ['secretRef', 'secrets', 'secret'],
    ] as const) {
      const reference = at(source, field)
      if (!isObject(reference)) continue
      const found = client.get<ApiObject>(resource, namespace, textAt(reference, 'name'))
      if (found === null) {
        if (reference.optional === true) continue
        throw new Refusal('CreateContainerConfigError', `${kind} "${textAt(reference, 'name')}" not found`)
      }
      for (const [key, value] of Object.entries(dataOf(found))) own.set(prefix + key, value)
    }
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const found =
      valueFrom === undefined
        ? expanded(value ?? '', (key) => own.get(key) ?? services.get(key) ?? null)
        : fromElsewhere(client, pod, container, valueFrom, place)
    if (found !== null) own.set(name, found)
  }
  // What a pod says itself wins over what the cluster says of its services.
  for (const [name, value] of services) env.set(name, value)
  for (const [name, value] of own) env.set(name, value)
  if (!env.has('HOME')) env.set('HOME', '/root')
  return new Map([...env].map(([name, value]) => [name, bytesOf(value)]))
}

/** `$(NAME)` in commands and values; `$$(NAME)` stays as `$(NAME)`. */
export const expanded = (text: string, variable: (name: string) => string | null): string =>
  text.replace(/\$\$|\$\(([^)]+)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (variable(name) ?? whole),
  )

function fromElsewhere(
  client: Client,
  pod: Pod,
  container: Container,
  {
    fieldRef,
    configMapKeyRef,
    secretKeyRef,
    ...others
  }: NonNullable<NonNullable<Container['env']>[number]['valueFrom']>,
  place: PodPlace,
): string | null {
  if (fieldRef !== undefined) return fieldOf(pod, fieldRef.fieldPath, place)
  const resource = at(others, 'resourceFieldRef')
  if (resource !== undefined) return resourceOf(container, resource)
  const [reference, plural, kind] =
    configMapKeyRef !== undefined
      ? ([configMapKeyRef, 'configmaps', 'ConfigMap'] as const)
      : ([secretKeyRef, 'secrets', 'Secret'] as const)
  if (reference === undefined) return ''
  const optional = at(reference, 'optional') === true
  const { namespace = 'default' } = pod.metadata
  const found = client.get<ApiObject>(plural, namespace, reference.name ?? '')
  if (found === null) {
    if (optional) return null
    throw new Refusal(
      'CreateContainerConfigError',
      `${kind.toLowerCase()} "${reference.name ?? ''}" not found`,
    )
  }
  const value = dataOf(found)[reference.key]
  if (value === undefined && !optional)
    throw new Refusal(
      'CreateContainerConfigError',
      `couldn't find key ${reference.key} in ${kind} ${namespace}/${reference.name ?? ''}`,
    )
  return value ?? null
}

/** The texts of a ConfigMap or Secret. */
export function dataOf(object: ApiObject): Readonly<Record<string, string>> {
  const isSecret = object.kind === 'Secret'
  const decoded = (value: unknown) => Buffer.from(String(value), 'base64').toString('utf8')
  const data = Object.entries(isObject(object.data) ? object.data : {}).map(([key, value]) => [
    key,
    isSecret ? decoded(value) : String(value),
  ])
  const binary = Object.entries(isObject(object.binaryData) ? object.binaryData : {}).map(([key, value]) => [
    key,
    decoded(value),
  ])
  return Object.fromEntries([...data, ...binary])
}

/** What a fieldRef asks for. */
export function fieldOf(pod: Pod, path: string, place: PodPlace): string {
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path)
  if (keyed !== null) return pod.metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2] ?? ''] ?? ''
  switch (path) {
    case 'metadata.labels':
    case 'metadata.annotations':
      return Object.entries(
        (path === 'metadata.labels' ? pod.metadata.labels : pod.metadata.annotations) ?? {},
      )
        .sort()
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join('\n')
    case 'status.podIP':
    case 'status.podIPs':
      return place.ip
    case 'status.hostIP':
      return place.hostIp
    default: {
      const found = at(pod, ...path.split('.'))
      return typeof found === 'string' ? found : ''
    }
  }
}

/** What a resourceFieldRef asks for: in whole units of its divisor, rounded up. What is not limited is the node's. */
export function resourceOf(container: Container | undefined, reference: unknown): string {
  const [kind = '', what = ''] = textAt(reference, 'resource').split('.')
  const asked = container?.resources?.[kind as 'limits' | 'requests']?.[what]
  const value = quantityValue(asked ?? (kind === 'limits' ? (NODE_HAS[what] ?? '0') : '0')) ?? 0
  const divisor = quantityValue(textAt(reference, 'divisor')) || 1
  // The tiniest bit over is rounding of ours.
  return String(Math.ceil(value / divisor - 1e-9))
}

const NODE_HAS: Readonly<Record<string, string>> = { cpu: '4', memory: '8Gi', 'ephemeral-storage': '100Gi' }

/** NAME_SERVICE_HOST and its kin, for the services that are there when the container starts. */
function serviceVariables(client: Client, namespace: string, links: boolean): ReadonlyMap<string, string> {
  const env = new Map<string, string>()
  const own = links ? client.list<Service>('services', { namespace }) : []
  const master = client.get<Service>('services', 'default', 'kubernetes')
  for (const { metadata, spec } of [...own, ...(master === null ? [] : [master])]) {
    const { clusterIP = 'None', ports = [] } = spec
    const [first] = ports
    if (clusterIP === 'None' || clusterIP === '' || first === undefined) continue
    const name = metadata.name.toUpperCase().replaceAll('-', '_')
    env.set(`${name}_SERVICE_HOST`, clusterIP)
    env.set(`${name}_SERVICE_PORT`, String(first.port))
    for (const port of ports)
      if (port.name !== undefined)
        env.set(`${name}_SERVICE_PORT_${port.name.toUpperCase().replaceAll('-', '_')}`, String(port.port))
    env.set(`${name}_PORT`, `${(first.protocol ?? 'TCP').toLowerCase()}://${clusterIP}:${first.port}`)
    for (const { port, protocol = 'TCP' } of ports) {
      const prefix = `${name}_PORT_${port}_${protocol}`
      env.set(prefix, `${protocol.toLowerCase()}://${clusterIP}:${port}`)
      env.set(`${prefix}_PROTO`, protocol.toLowerCase())
      env.set(`${prefix}_PORT`, String(port))
      env.set(`${prefix}_ADDR`, clusterIP)
    }
  }
  return env
}
