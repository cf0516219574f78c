import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { type WebSocket, WebSocketServer } from 'ws'

/** A request as the stub saw it. */
export interface StubRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  /** CN of the client certificate, or null. */
  readonly clientName: string | null
  readonly body: string
  /** Parsed body. */
  json(): unknown
}

export type Answer = (request: StubRequest, response: ServerResponse) => void

export interface ApiStub {
  readonly url: string
  readonly ca: Buffer
  readonly requests: readonly StubRequest[]
  /** TCP (and so TLS) connections accepted so far. */
  connections(): number
  /** What answers `GET /path` from here on: each answer once, the last one for good. */
  on(route: string, ...answers: readonly Answer[]): void
  /** What an exec does once its WebSocket is open. */
  onExec(act: (socket: WebSocket, request: IncomingMessage) => void): void
  /** Cuts the connection at the next upgrade, as a server does that had closed it meanwhile. */
  dropNextExec(): void
  /** Refuses the upgrade instead. */
  refuseExec(status: number, body: unknown): void
  /** Closes everything. @throws when a request came that no route was for. */
  close(): Promise<void>
}

export const certificate = (file: string): Buffer => readFileSync(new URL(`certs/${file}`, import.meta.url))

/** An API server that answers as told, with TLS, and refuses (status 599) what it was not told. */
export async function startApiStub(options: { readonly plainHttp?: boolean } = {}): Promise<ApiStub> {
  const ca = certificate('ca.crt')
  const routes = new Map<string, Answer[]>()
  const requests: StubRequest[] = []
  const unexpected: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  let execAct: ((socket: WebSocket, request: IncomingMessage) => void) | null = null
  let dropExec = false
  let execRefusal: { readonly status: number; readonly body: unknown } | null = null

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await seen(incoming)
    requests.push(request)
    const route = `${request.method} ${request.path}`
    const answers = routes.get(route)
    const answer = answers !== undefined && answers.length > 1 ? answers.shift() : answers?.[0]
    if (answer === undefined) {
      unexpected.push(route)
      response.writeHead(599).end(`nobody expected ${route}`)
      return
    }
    answer(request, response)
  }
  const listener = (incoming: IncomingMessage, response: ServerResponse) => void handle(incoming, response)
  const server: Server =
    options.plainHttp === true
      ? createHttpServer(listener)
      : createServer(
          {
            cert: certificate('server.crt'),
            key: certificate('server.key'),
            ca,
            requestCert: true,
            rejectUnauthorized: false,
          },
          listener,
        )
  server.on(options.plainHttp === true ? 'connection' : 'secureConnection', () => {
    connections++
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const webSockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has('v4.channel.k8s.io') ? 'v4.channel.k8s.io' : false),
  })
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (dropExec) {
      dropExec = false
      socket.destroy()
      return
    }
    if (execRefusal !== null) {
      const body = typeof execRefusal.body === 'string' ? execRefusal.body : JSON.stringify(execRefusal.body)
      socket.end(
        `HTTP/1.1 ${execRefusal.status} No\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      )
      return
    }
    webSockets.handleUpgrade(request, socket, head, (opened) => execAct?.(opened, request))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    url: `${options.plainHttp === true ? 'http' : 'https'}://127.0.0.1:${port}`,
    ca,
    requests,
    connections: () => connections,
    on(route, ...answers) {
      routes.set(route, [...answers])
    },
    onExec(act) {
      execAct = act
    },
    dropNextExec() {
      dropExec = true
    },
    refuseExec(status, body) {
      execRefusal = { status, body }
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
      if (unexpected.length > 0) throw new Error(`requests nobody expected: ${unexpected.join(', ')}`)
    },
  }
}

async function seen(incoming: IncomingMessage): Promise<StubRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
  const url = new URL(incoming.url ?? '/', 'https://stub')
  const socket = incoming.socket as Partial<TLSSocket>
  const names = socket.authorized === true ? socket.getPeerCertificate?.().subject : undefined
  const body = Buffer.concat(chunks).toString('utf8')
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    clientName: typeof names?.CN === 'string' ? names.CN : null,
    body,
    json: () => JSON.parse(body) as unknown,
  }
}

/** Answers with JSON. */
export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }

/** Answers with a Status. */
export const refusal = (
  status: number,
  reason: string,
  message: string,
  details: unknown = {},
  headers: Record<string, string> = {},
): Answer =>
  json(
    { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, reason, message, details },
    status,
    headers,
  )

/** Reads the request and cuts the connection without a word. */
export const cut: Answer = (request, response) => {
  void request
  response.destroy()
}

/** Never answers. */
export const silence: Answer = () => {}
