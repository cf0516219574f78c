import type { Agent, IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { undecidedError } from '../errors.ts'
import { onAbort } from './abort-listener.ts'
import { ApiError, apiError } from './api-errors.ts'
import { abortError } from './connection-errors.ts'
import { Deadline } from './deadline.ts'
import { collect, exchange, openStream } from './exchange.ts'

/** A request to the API server. `path` starts with '/', without the server's own base path. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly contentType?: string
  /** JSON-serialised unless it is a string or Buffer. */
  readonly body?: unknown
  /** Whole request, response body included. Default 15 000. */
  readonly timeoutMs?: number
  readonly signal: AbortSignal
}

export interface ApiResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Parsed JSON, or the text where it is not JSON. */
  readonly body: unknown
}

export interface ApiStream {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Ends when the server ends it; throws LabError 'connection-lost' when cut. */
  readonly chunks: AsyncIterable<Buffer>
  /** Closes the connection. */
  destroy(): void
}

/** HTTPS to one API server, with the credentials the kubeconfig says, over kept-alive connections. */
export interface Transport {
  readonly server: string
  /** Rejects with a LabError for anything but 2xx (see kube/api-errors.ts) and for connection faults. */
  request(request: ApiRequest): Promise<ApiResponse>
  /** For watches and followed logs: resolves on the response's headers, within `headersTimeoutMs`; no deadline after that. */
  stream(request: ApiRequest & { readonly headersTimeoutMs?: number }): Promise<ApiStream>
  close(): void
}

/** Transport.request, or what repeats it after passing faults (kube/cluster.ts). */
export type Send = Transport['request']

/** What to send with every request, and how to trust the server. */
export interface Credential {
  readonly headers: OutgoingHttpHeaders
  /** user:password of basic authentication. */
  readonly basicAuth?: string
  readonly agent: Agent
  /** A second look may give something else (exec plugin, token file): worth one try after a 401. */
  readonly renewable: boolean
}

/** Where an API server is and how to get a credential for it: see kube/kubeconfig.ts. */
export interface ServerAccess {
  /** With its base path, without a trailing slash. */
  readonly server: string
  /** @param renew forget what is cached. */
  credential(renew: boolean): Promise<Credential>
}

/** A transport that also lends its credential to a WebSocket (kube/exec.ts). */
export interface ApiConnection extends Transport {
  /** Resolves with the cached credential; rejects with a LabError, and when the signal is aborted. */
  credential(signal: AbortSignal, renewInsteadOf?: Credential): Promise<Credential>
}

const DEFAULT_TIMEOUT_MS = 15_000
/** An exec plugin may have to ask an identity provider. */
const CREDENTIAL_TIMEOUT_MS = 60_000
const MAX_ERROR_BYTES = 256 * 1024

export function createTransport(access: ServerAccess): ApiConnection {
  const base = new URL(access.server)
  const agents = new Set<Agent>()
  let current: Promise<Credential> | null = null
  let settled: Credential | null = null

  const credential: ApiConnection['credential'] = (signal, renewInsteadOf) => {
    // Several requests may meet a 401 at once: only the first of them renews.
    const renew = renewInsteadOf !== undefined && renewInsteadOf === settled
    if (current === null || renew) {
      settled = null
      const asked: Promise<Credential> = access.credential(renew).then(
        (found) => {
          settled = found
          agents.add(found.agent)
          return found
        },
        (error: unknown) => {
          current = null
          throw error
        },
      )
      current = asked
    }
    return withDeadline(current, signal)
  }

  const deadlineOf = (request: ApiRequest, timeoutMs: number): Deadline =>
    new Deadline({
      signal: request.signal,
      server: access.server,
      timeoutMs,
      what: `${request.method} ${request.path}`,
    })

  /** One exchange, up to the headers. Non-2xx answers are read and thrown. */
  async function send(request: ApiRequest, deadline: Deadline, used: Credential): Promise<IncomingMessage> {
    const body = bodyOf(request)
    const options = {
      protocol: base.protocol,
      hostname: base.hostname.replace(/^\[|\]$/g, ''),
      port: base.port || (base.protocol === 'http:' ? 80 : 443),
      path: base.pathname.replace(/\/$/, '') + pathOf(request),
      method: request.method,
      agent: used.agent,
      headers: {
        accept: 'application/json, */*',
        'user-agent': 'sts-lab',
        ...(body === undefined
          ? {}
          : { 'content-type': request.contentType ?? 'application/json', 'content-length': body.length }),
        ...used.headers,
      },
      ...(used.basicAuth === undefined ? {} : { auth: used.basicAuth }),
    }
    const response = await exchange(options, body, deadline)
    const status = response.statusCode ?? 0
    if (status >= 200 && status < 300) return response
    const retryAfter = response.headers['retry-after']
    const said = parseBody(response, await collect(response, deadline, MAX_ERROR_BYTES))
    throw apiError(status, said, retryAfter, `${request.method} ${request.path}`)
  }

  /** As send, but once more with a new credential after a 401, and over a new connection where a kept one was stale. */
  async function sendTwice(request: ApiRequest, deadline: Deadline): Promise<IncomingMessage> {
    const used = await credential(request.signal)
    deadline.start()
    try {
      return await send(request, deadline, used)
    } catch (error) {
      if (deadline.expired) throw error
      if (error instanceof ApiError && error.status === 401 && used.renewable) {
        return await send(request, deadline, await credential(request.signal, used))
      }
      // The server closed an idle connection just as we used it: common, and harmless to repeat for a GET.
      if (deadline.reusedSocket && deadline.stage !== 'reading the answer' && request.method === 'GET') {
        return await send(request, deadline, used)
      }
      throw error
    }
  }

  return {
    server: access.server,
    credential,

    async request(request) {
      const deadline = deadlineOf(request, request.timeoutMs ?? DEFAULT_TIMEOUT_MS)
      try {
        const response = await sendTwice(request, deadline)
        const body = parseBody(response, await collect(response, deadline))
        return { status: response.statusCode ?? 0, headers: response.headers, body }
      } finally {
        deadline.clear()
      }
    },

    async stream(request) {
      const timeoutMs = request.headersTimeoutMs ?? request.timeoutMs ?? DEFAULT_TIMEOUT_MS
      const deadline = deadlineOf(request, timeoutMs)
      try {
        const response = await sendTwice(request, deadline)
        return openStream(response, request.signal, access.server)
      } finally {
        deadline.clear()
      }
    },

    close() {
      for (const agent of agents) {
        agent.maxFreeSockets = 0
        for (const sockets of Object.values(agent.freeSockets))
          for (const socket of sockets ?? []) socket.destroy()
      }
    },
  }
}

function bodyOf(request: ApiRequest): Buffer | undefined {
  if (request.body === undefined) return undefined
  if (Buffer.isBuffer(request.body)) return request.body
  return Buffer.from(typeof request.body === 'string' ? request.body : JSON.stringify(request.body))
}

function pathOf(request: ApiRequest): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) query.set(name, String(value))
  }
  const text = query.toString()
  return text === '' ? request.path : `${request.path}?${text}`
}

/** By content type, for a log may well be one line of JSON. */
function parseBody(response: IncomingMessage, body: Buffer): unknown {
  const text = body.toString('utf8')
  if (!/[/+]json\b/.test(response.headers['content-type'] ?? '')) return text
  try {
    return JSON.parse(text)
  } catch (error) {
    if ((response.statusCode ?? 0) >= 300) return text
    throw undecidedError(
      'bad-answer',
      `the API server's answer is not the JSON it claims to be`,
      undefined,
      error,
    )
  }
}

/** The promise, unless the signal or the time is over first. */
function withDeadline(promise: Promise<Credential>, signal: AbortSignal): Promise<Credential> {
  if (signal.aborted) return Promise.reject(abortError(signal))
  return new Promise((resolve, reject) => {
    const unlisten = onAbort(signal, () => end(() => reject(abortError(signal))))
    const timer = setTimeout(() => {
      const message = `no credential for the cluster within ${CREDENTIAL_TIMEOUT_MS / 1000} s`
      end(() => reject(undecidedError('timeout', message, 'log in first, then try: kubectl get namespaces')))
    }, CREDENTIAL_TIMEOUT_MS)
    const end = (settle: () => void) => {
      clearTimeout(timer)
      unlisten()
      settle()
    }
    promise.then(
      (credential) => end(() => resolve(credential)),
      (error: unknown) => end(() => reject(error)),
    )
  })
}
