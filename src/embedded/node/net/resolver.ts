import type { Process } from '../os/process.ts'
import type { Answer, QuestionType, Record } from './cluster-dns.ts'

export interface ResolvConf {
  readonly nameserver: string | null
  readonly search: readonly string[]
  readonly ndots: number
}

/** What a container's /etc/resolv.conf says. */
export function resolvConf(process: Process): ResolvConf {
  const node = process.files.peek('/etc/resolv.conf')
  const text = node?.kind === 'file' ? node.text : ''
  const words = text.split('\n').map((line) => line.trim().split(/\s+/))
  const options = words.filter(([first]) => first === 'options').flat()
  return {
    nameserver: words.find(([first]) => first === 'nameserver')?.[1] ?? null,
    search:
      words
        .filter(([first]) => first === 'search')
        .at(-1)
        ?.slice(1) ?? [],
    ndots: Number(/^ndots:(\d+)$/.exec(options.find((word) => word.startsWith('ndots:')) ?? '')?.[1] ?? 1),
  }
}

/** The names to try, in their order. */
export function candidates(name: string, { search, ndots }: ResolvConf): readonly string[] {
  if (name.endsWith('.')) return [name]
  const qualified = search.map((domain) => `${name}.${domain}`)
  return name.split('.').length - 1 >= ndots ? [name, ...qualified] : [...qualified, name]
}

const NOBODY: Answer = { code: 'REFUSED', records: [] }

/** Asks the server that resolv.conf names. */
export function ask(process: Process, server: string | null, name: string, type: QuestionType): Answer {
  const { network } = process.machine.sandbox
  return server === network.dnsIp ? network.resolve(name, type) : NOBODY
}

/** An address for a name, as the C library finds it: /etc/hosts, then DNS with the search domains. */
export function addressOf(process: Process, name: string): string | null {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return name
  const hosts = process.files.peek('/etc/hosts')
  for (const line of hosts?.kind === 'file' ? hosts.text.split('\n') : []) {
    const [ip, ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (ip?.includes('.') && names.includes(name)) return ip
  }
  const conf = resolvConf(process)
  for (const candidate of candidates(name, conf)) {
    const ip = addressIn(process, conf.nameserver, candidate, 0)
    if (ip !== null) return ip
  }
  return null
}

function addressIn(process: Process, server: string | null, name: string, depth: number): string | null {
  const { records } = ask(process, server, name, 'A')
  const first = records.find((record): record is Record & { type: 'A' } => record.type === 'A')
  if (first !== undefined) return first.ip
  const alias = records.find((record): record is Record & { type: 'CNAME' } => record.type === 'CNAME')
  return alias === undefined || depth > 4 ? null : addressIn(process, server, alias.target, depth + 1)
}
