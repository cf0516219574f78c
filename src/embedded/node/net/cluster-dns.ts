import type { ClusterClock } from '../../clock.ts'
import { at, listAt, textAt } from '../../object.ts'
import type { Service } from '../../shapes.ts'

export type QuestionType = 'A' | 'AAAA' | 'SRV' | 'PTR'

export type Record =
  | { readonly type: 'A'; readonly name: string; readonly ip: string }
  | { readonly type: 'CNAME'; readonly name: string; readonly target: string }
  | {
      readonly type: 'SRV'
      readonly name: string
      readonly weight: number
      readonly port: number
      readonly target: string
    }
  | { readonly type: 'PTR'; readonly name: string; readonly target: string }

/** `records` is empty with NOERROR when the name is there but has nothing of that type. */
export interface Answer {
  readonly code: 'NOERROR' | 'NXDOMAIN' | 'REFUSED'
  readonly records: readonly Record[]
}

/** What names are made from. */
export interface DnsSource {
  service(namespace: string, name: string): Service | null
  services(): readonly Service[]
  /** An Endpoints object. */
  endpoints(namespace: string, name: string): unknown
  namespaceExists(name: string): boolean
}

export const DOMAIN = 'cluster.local'

interface Address {
  readonly ip: string
  readonly hostname: string
  readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol: string }[]
}

const NXDOMAIN: Answer = { code: 'NXDOMAIN', records: [] }

/**
 * Answers as CoreDNS does for a cluster's own domain: services, the ready addresses behind headless ones, and the
 * names of those addresses. Answers are kept for their time to live, "no such name" included.
 */
export class ClusterDns {
  readonly #source: DnsSource
  readonly #clock: ClusterClock
  readonly #ttlMs: { readonly records: number; readonly none: number }
  readonly #kept = new Map<string, { readonly answer: Answer; readonly untilMs: number }>()

  /** @param ttlS seconds; CoreDNS's own default is 5 for both, clusters made by kubeadm had 30 for long */
  constructor(
    source: DnsSource,
    clock: ClusterClock,
    ttlS: { readonly records?: number; readonly none?: number } = {},
  ) {
    this.#source = source
    this.#clock = clock
    this.#ttlMs = { records: (ttlS.records ?? 5) * 1000, none: (ttlS.none ?? 5) * 1000 }
  }

  /** @param name with or without the last dot */
  resolve(name: string, type: QuestionType): Answer {
    const plain = name.toLowerCase().replace(/\.$/, '')
    const key = `${type} ${plain}`
    const now = this.#clock.elapsedMs()
    const kept = this.#kept.get(key)
    if (kept !== undefined && kept.untilMs > now) return kept.answer
    const answer = this.#answer(plain, type)
    const ms = answer.records.length > 0 ? this.#ttlMs.records : this.#ttlMs.none
    if (this.#kept.size > 10_000) this.#kept.clear()
    if (ms > 0 && answer.code !== 'REFUSED') this.#kept.set(key, { answer, untilMs: now + ms })
    return answer
  }

  #answer(name: string, type: QuestionType): Answer {
    if (type === 'PTR') return this.#reverse(name)
    if (name !== DOMAIN && !name.endsWith(`.${DOMAIN}`)) return NXDOMAIN
    const labels = name === DOMAIN ? [] : name.slice(0, -DOMAIN.length - 1).split('.')
    const empty: Answer = { code: 'NOERROR', records: [] }
    if (labels.length === 0) return empty
    const kind = labels.pop()
    if (kind === 'pod') return podName(labels, name, type)
    if (kind !== 'svc') return NXDOMAIN
    const namespace = labels.pop()
    if (namespace === undefined) return empty
    if (!this.#source.namespaceExists(namespace)) return NXDOMAIN
    const serviceName = labels.pop()
    if (serviceName === undefined) return empty
    const service = this.#source.service(namespace, serviceName)
    if (service === null) return NXDOMAIN
    const base = `${serviceName}.${namespace}.svc.${DOMAIN}`
    const { clusterIP, type: serviceType, externalName, ports = [] } = service.spec
    if (serviceType === 'ExternalName')
      return labels.length > 0
        ? NXDOMAIN
        : { code: 'NOERROR', records: [{ type: 'CNAME', name, target: externalName ?? '' }] }
    const headless = clusterIP === 'None' || clusterIP === undefined || clusterIP === ''
    const addresses = headless ? this.#addresses(namespace, serviceName) : []

    const places = (): readonly Place[] =>
      headless
        ? addresses.flatMap((address) =>
            address.ports.map((port) => ({ ...port, target: `${address.hostname}.${base}` })),
          )
        : ports.map(({ name: port = '', protocol = 'TCP', port: number }) => ({
            name: port,
            protocol: protocol.toLowerCase(),
            port: number,
            target: base,
          }))

    const [portLabel, protocolLabel] = labels
    if (labels.length === 2 && portLabel?.startsWith('_') && protocolLabel?.startsWith('_')) {
      const port = portLabel.slice(1)
      const protocol = protocolLabel.slice(1)
      const found = places().filter((each) => each.name === port && each.protocol === protocol)
      if (found.length === 0) return NXDOMAIN
      return type === 'SRV' ? servedAt(name, found) : empty
    }
    if (labels.length === 0) {
      // Whoever looks for peers asks for all ports at once.
      if (type === 'SRV' && (!headless || addresses.length > 0)) return servedAt(name, places())
      if (!headless) return of(type, name, [clusterIP])
      return addresses.length === 0 ? NXDOMAIN : of(type, name, [...new Set(addresses.map(({ ip }) => ip))])
    }
    const [hostname] = labels
    const own = addresses.filter((address) => address.hostname === hostname)
    if (labels.length > 1 || own.length === 0) return NXDOMAIN
    return of(
      type,
      name,
      own.map(({ ip }) => ip),
    )
  }

  /** Those that are ready; the others too where the service says so (its Endpoints then count them as ready). */
  #addresses(namespace: string, name: string): readonly Address[] {
    return listAt(this.#source.endpoints(namespace, name), 'subsets').flatMap((subset) => {
      const ports = listAt(subset, 'ports').map((port) => ({
        name: textAt(port, 'name'),
        port: Number(at(port, 'port')),
        protocol: (textAt(port, 'protocol') || 'TCP').toLowerCase(),
      }))
      return listAt(subset, 'addresses').map((address) => {
        const ip = textAt(address, 'ip')
        return { ip, hostname: textAt(address, 'hostname') || ip.replaceAll('.', '-'), ports }
      })
    })
  }

  #reverse(name: string): Answer {
    const found = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa$/.exec(name)
    if (found === null) return NXDOMAIN
    const ip = found.slice(1).reverse().join('.')
    for (const service of this.#source.services()) {
      const { name: serviceName, namespace = '' } = service.metadata
      const base = `${serviceName}.${namespace}.svc.${DOMAIN}`
      if (service.spec.clusterIP === ip)
        return { code: 'NOERROR', records: [{ type: 'PTR', name, target: base }] }
      if (service.spec.clusterIP !== 'None') continue
      const address = this.#addresses(namespace, serviceName).find((each) => each.ip === ip)
      if (address !== undefined)
        return { code: 'NOERROR', records: [{ type: 'PTR', name, target: `${address.hostname}.${base}` }] }
    }
    return NXDOMAIN
  }
}

interface Place {
  readonly name: string
  readonly protocol: string
  readonly port: number
  readonly target: string
}

/** All weigh the same, a hundred together. */
const servedAt = (name: string, places: readonly Place[]): Answer => ({
  code: 'NOERROR',
  records: places.map(({ port, target }) => ({
    type: 'SRV',
    name,
    weight: Math.max(1, Math.floor(100 / places.length)),
    port,
    target,
  })),
})

const of = (type: QuestionType, name: string, ips: readonly string[]): Answer => ({
  code: 'NOERROR',
  records: type === 'A' ? ips.map((ip) => ({ type: 'A', name, ip })) : [],
})

/** 10-244-0-7.NAMESPACE.pod.cluster.local */
function podName(labels: readonly string[], name: string, type: QuestionType): Answer {
  const [dashed] = labels
  if (labels.length < 2 || dashed === undefined || !/^\d+-\d+-\d+-\d+$/.test(dashed)) return NXDOMAIN
  return of(type, name, [dashed.replaceAll('-', '.')])
}
