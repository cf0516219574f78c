import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** What a test sees of a request. */
export interface SeenRequest {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** For a watch: where it resumes; undefined for a list. */
  readonly from: string | undefined
}

/** One thing the server does with an open watch; after the last one it ends the answer cleanly. */
export type Act =
  | { readonly act: 'send'; readonly bytes: Buffer }
  /** Goes on when the test says so. */
  | { readonly act: 'until'; readonly event: Promise<unknown> }
  /** Resets the TCP connection. */
  | { readonly act: 'cut' }
  /** Says nothing more, and keeps the connection. */
  | { readonly act: 'hold' }

export type Reply =
  | {
      readonly reply: 'json'
      readonly status: number
      readonly body: unknown
      readonly headers: Record<string, string>
      readonly afterMs: number
    }
  | { readonly reply: 'watch'; readonly acts: readonly Act[]; readonly afterMs: number }
  | { readonly reply: 'none'; readonly how: 'cut' | 'silent' }

/** A reply, or a function that decides when the request is there. */
export type Step = Reply | ((request: SeenRequest) => Reply)

export const list = (items: readonly unknown[], resourceVersion: string, next?: string): Reply => ({
  reply: 'json',
  status: 200,
  body: {
    kind: 'List',
    metadata: { resourceVersion, ...(next === undefined ? {} : { continue: next }) },
    items,
  },
  headers: {},
  afterMs: 0,
})

export const watch = (...acts: readonly Act[]): Reply => ({ reply: 'watch', acts, afterMs: 0 })

/** A refusal with a Status. */
export const refuse = (status: number, reason: string, headers: Record<string, string> = {}): Reply => ({
  reply: 'json',
  status,
  body: {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code: status,
    reason,
    message: `scripted ${reason}`,
  },
  headers,
  afterMs: 0,
})

/** The same, but its headers come late. */
export const late = (ms: number, reply: Reply): Reply =>
  reply.reply === 'none' ? reply : { ...reply, afterMs: ms }

/** The connection is reset instead of an answer. */
export const cutBeforeAnswer: Reply = { reply: 'none', how: 'cut' }
/** Never an answer. */
export const silent: Reply = { reply: 'none', how: 'silent' }

export const line = (type: string, object: unknown): Act => raw(`${JSON.stringify({ type, object })}\n`)
export const raw = (bytes: string | Buffer): Act => ({ act: 'send', bytes: Buffer.from(bytes) })
export const bookmark = (resourceVersion: string): Act =>
  line('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion } })
export const errorLine = (code: number, reason: string): Act =>
  line('ERROR', { kind: 'Status', status: 'Failure', code, reason, message: `scripted ${reason}` })
export const until = (event: Promise<unknown>): Act => ({ act: 'until', event })
export const cut: Act = { act: 'cut' }
export const hold: Act = { act: 'hold' }

/**
 * An HTTPS API server that does what a test wrote down, per path and in order. It is strict both ways:
 * `close` throws on a request nobody scripted and on a step nobody asked for.
 */
export class ScriptedServer {
  readonly requests: SeenRequest[] = []
  readonly #steps = new Map<string, Step[]>()
  readonly #always = new Map<string, Step>()
  readonly #complaints: string[] = []
  readonly #sockets = new Map<number, Socket>()
  readonly #served = new Map<string, () => void>()
  readonly #server = createServer({ cert: certificate('server.crt'), key: certificate('server.key') })
  readonly #closing = new AbortController()

  static async start(): Promise<ScriptedServer> {
    const server = new ScriptedServer()
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  private constructor() {
    // The socket below TLS: only that one can be reset.
    this.#server.on('connection', (socket: Socket) => {
      const port = socket.remotePort ?? 0
      this.#sockets.set(port, socket)
      socket.once('close', () => this.#sockets.delete(port))
    })
    this.#server.on('tlsClientError', () => undefined)
    this.#server.on('request', (request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        if (!this.#closing.signal.aborted) this.#complaints.push(`the server itself failed: ${String(error)}`)
      })
    })
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** What a client must trust. */
  get ca(): Buffer {
    return certificate('ca.crt')
  }

  /** Resolves when no client is connected any more. A client that leaks a connection makes the test time out. */
  async allGone(): Promise<void> {
    while (this.#sockets.size > 0) {
      const closed = [...this.#sockets.values()].map((socket) => once(socket, 'close'))
      await Promise.race(closed)
    }
  }

  /** Appends to what happens on requests for `path`. @returns resolves when the last step's request has arrived */
  script(path: string, ...steps: readonly Step[]): Promise<void> {
    const waiting = this.#steps.get(path) ?? []
    waiting.push(...steps)
    this.#steps.set(path, waiting)
    return new Promise((resolve) => this.#served.set(path, resolve))
  }

  /** For models of a server: answers every request for `path` that no step is left for. */
  always(path: string, step: Step): void {
    this.#always.set(path, step)
  }

  requestsFor(path: string): readonly SeenRequest[] {
    return this.requests.filter((request) => request.path === path)
  }

  /** @throws when reality and script differ */
  async close(): Promise<void> {
    this.#closing.abort()
    for (const socket of this.#sockets.values()) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
    for (const [path, left] of this.#steps) {
      if (left.length > 0)
        this.#complaints.push(`${left.length} scripted step(s) of ${path} were never asked for`)
    }
    if (this.#complaints.length > 0) throw new Error(this.#complaints.join('\n'))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url)
    const query = Object.fromEntries(url.searchParams)
    const seen = {
      path: url.pathname,
      query,
      from: query.watch === undefined ? undefined : query.resourceVersion,
    }
    this.requests.push(seen)
    const steps = this.#steps.get(seen.path)
    const step = steps?.shift() ?? this.#always.get(seen.path)
    if (steps?.length === 0) this.#served.get(seen.path)?.()
    if (step === undefined) {
      this.#complaints.push(`unexpected request: ${request.url}`)
      response.writeHead(418).end()
      return
    }
    const reply = typeof step === 'function' ? step(seen) : step
    response.on('error', () => undefined)
    if (reply.reply === 'none') {
      if (reply.how === 'cut') this.#reset(request)
      return
    }
    if (reply.afterMs > 0) await delay(reply.afterMs, undefined, { signal: this.#closing.signal })
    if (reply.reply === 'json') {
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
      response.end(JSON.stringify(reply.body))
      return
    }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.flushHeaders()
    for (const act of reply.acts) {
      if (act.act === 'send') await sent(response, act.bytes)
      else if (act.act === 'until') await act.event
      else if (act.act === 'cut') return this.#reset(request)
      else return
    }
    response.end()
  }

  #reset(request: IncomingMessage): void {
    this.#sockets.get(request.socket.remotePort ?? 0)?.resetAndDestroy()
  }
}

/** Resolves when the bytes have been handed to the kernel, or the client has gone. */
const sent = (response: ServerResponse, bytes: Buffer): Promise<void> =>
  new Promise((resolve) => {
    response.once('close', resolve)
    response.write(bytes, () => {
      response.off('close', resolve)
      resolve()
    })
  })

function certificate(name: string): Buffer {
  return readFileSync(new URL(`./certs/${name}`, import.meta.url))
}
