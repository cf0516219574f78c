import type { Process } from '../os/process.ts'
import type { Answer, QuestionType } from './cluster-dns.ts'

export interface HttpRequest {
  readonly method: string
  readonly path: string
  /** As the client wrote it. */
  readonly host: string
  readonly agent: string
  /** The client's address. */
  readonly from: string
}
export interface HttpResponse {
  readonly status: number
  readonly reason: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

/** A server on a port. */
export interface Listener {
  readonly process: Process
  respond(request: HttpRequest): HttpResponse
}

/** A pod's share of the network: an address, ports, and whom it asks for names. */
export interface Sandbox {
  readonly ip: string
  /** With the domain of the pod's service; null without. */
  readonly fqdn: string | null
  readonly network: Network
  readonly ports: Map<number, Listener>
  /** Takes a process's ports from it. */
  closed(process: Process): void
}

export type Reached =
  | { readonly how: 'open'; readonly listener: Listener; readonly ip: string }
  | { readonly how: 'refused' }
  /** Nobody has the address: packets vanish. */
  | { readonly how: 'lost' }

/** Where a service's address leads; null when the address is no service's. An empty list: nobody is behind it. */
export type Balancer = (
  ip: string,
  port: number,
) => readonly { readonly ip: string; readonly port: number }[] | null

/** What pods reach each other by. */
export class Network {
  readonly #sandboxes = new Map<string, Sandbox>()
  readonly #balance: Balancer
  readonly resolve: (name: string, type: QuestionType) => Answer
  /** The DNS server's address. */
  readonly dnsIp: string
  #turn = 0

  constructor(options: {
    readonly balance: Balancer
    readonly resolve: (name: string, type: QuestionType) => Answer
    readonly dnsIp: string
  }) {
    this.#balance = options.balance
    this.resolve = options.resolve
    this.dnsIp = options.dnsIp
  }

  join(ip: string, fqdn: string | null): Sandbox {
    const ports = new Map<number, Listener>()
    const sandbox: Sandbox = {
      ip,
      fqdn,
      network: this,
      ports,
      closed(process) {
        for (const [port, listener] of ports) if (listener.process === process) ports.delete(port)
      },
    }
    this.#sandboxes.set(ip, sandbox)
    return sandbox
  }

  leave(sandbox: Sandbox): void {
    if (this.#sandboxes.get(sandbox.ip) === sandbox) this.#sandboxes.delete(sandbox.ip)
  }

  /** What a connection meets. @param from whose 127.0.0.1 is meant */
  reach(from: Sandbox | null, ip: string, port: number): Reached {
    const own = ip.startsWith('127.') ? from : (this.#sandboxes.get(ip) ?? null)
    if (own !== null) {
      const listener = own.ports.get(port)
      return listener === undefined ? { how: 'refused' } : { how: 'open', listener, ip: own.ip }
    }
    const backends = this.#balance(ip, port)
    if (backends === null) return { how: 'lost' }
    this.#turn += 1
    const chosen = backends[this.#turn % Math.max(1, backends.length)]
    if (chosen === undefined) return { how: 'refused' }
    const listener = this.#sandboxes.get(chosen.ip)?.ports.get(chosen.port)
    return listener === undefined ? { how: 'refused' } : { how: 'open', listener, ip: chosen.ip }
  }
}
