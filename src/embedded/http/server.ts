import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { Duplex } from 'node:stream'
import type { Api } from '../api/api.ts'
import type { PodRuntime } from '../pod-runtime.ts'
import { openApiV2, openApiV3, openApiV3Index } from '../schema/openapi.ts'
import { openApiV2Protobuf } from '../schema/openapi-protobuf.ts'
import { methodNotAllowed, noSuchPath, StatusError, unauthorized } from '../status.ts'
import type { ServerIdentity } from '../tls/certificate.ts'
import { discover, discoveryType } from './discovery.ts'
import type { Faults, RequestFault } from './faults.ts'
import { impersonated, refusal } from './impersonation.ts'
import { answerList } from './list.ts'
import { answerPodAction, answerReview } from './pod-actions.ts'
import { answerExec, answerLog } from './pod-streams.ts'
import { answerPortForward } from './port-forward.ts'
import { ok, plainText, type Reply, replyOf, send } from './reply.ts'
import { isOn, readBody, type Target, targetOf } from './request.ts'
import { shapedObject, shapeOf } from './shape.ts'
import { answerWatch } from './watch.ts'
import { answerWrite, scaleReply } from './write.ts'

export interface ServerParts {
  readonly api: Api
  readonly runtime: PodRuntime
  readonly faults: Faults
  readonly token: string
  readonly identity: ServerIdentity
  /** Called before a write is answered. */
  readonly settle: () => void
}

/** The API server's HTTPS side. Not listening yet. */
export function createApiServer(parts: ServerParts): Server {
  const { identity } = parts
  const server = createServer(
    { cert: identity.certificatePem, key: identity.keyPem, ALPNProtocols: ['http/1.1'] },
    (request, response) => {
      answer(parts, request, response).catch((error: unknown) => {
        if (response.headersSent) response.socket?.destroy()
        else send(response, replyOf(error))
      })
    },
  )
  // Clients keep connections for their next request; a watch has none for minutes.
  server.keepAliveTimeout = 60_000
  server.requestTimeout = 60_000
  server.on('upgrade', (request, socket, head) => upgrade(parts, request, socket, head))
  return server
}

const OPENAPI_PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'
const HEALTH = new Set(['/healthz', '/livez', '/readyz'])

async function answer(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { api, faults, runtime } = parts
  const url = urlOf(request)
  const path = url.pathname
  const query = url.searchParams
  const method = request.method ?? 'GET'
  if (HEALTH.has(path)) return send(response, plainText('ok'))
  if (!isAuthorized(parts, request)) return send(response, replyOf(unauthorized()))

  const fault = faults.take(method, path)
  if (fault?.kind === 'cut') {
    request.socket.destroy()
    return
  }
  if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms))
  if (fault?.kind === 'status') throw new StatusError(fault.code, fault.reason, fault.message)

  const target = targetOf(path)
  const user = impersonated(request)
  if (target !== null && user !== null) throw refusal(user, method, target, query)
  if (target !== null && method === 'GET' && target.subresource !== 'log') {
    if (target.name === undefined && isOn(query, 'watch'))
      return answerWatch(api, target, query, request.headers.accept, response, faults.tap())
  }
  if (target?.subresource === 'log') return await answerLog(api, runtime, target, query, response)
  const body = method === 'GET' ? Buffer.alloc(0) : await readBody(request)
  if (target === null) return send(response, answerOther(api, request, path, body))
  const reply = answerObject(parts, request, target, query, body)
  if (method !== 'GET') parts.settle()
  send(response, reply)
}

function answerObject(
  { api, faults }: ServerParts,
  request: IncomingMessage,
  target: Target,
  query: URLSearchParams,
  body: Buffer,
): Reply {
  const { kind, namespace, name, subresource } = target
  const accept = request.headers.accept
  if (request.method === 'GET') {
    if (name === undefined) return answerList(api, target, query, accept, faults.staleRevision(kind.plural))
    if (subresource === 'scale') return scaleReply(api, target)
    if (isStream(subresource)) throw upgradeRequired()
    const object = api.get(kind, namespace, name)
    return ok(shapedObject(object, kind, shapeOf(accept, query), api.clock.nowMs()))
  }
  if (isStream(subresource)) throw upgradeRequired()
  if (subresource === 'binding' || subresource === 'eviction')
    return answerPodAction(api, target, subresource, body, request, query)
  if (kind.namespaced && namespace === undefined) throw methodNotAllowed()
  return answerWrite({ api, request, target, query, body })
}

const isStream = (subresource: string | undefined): boolean =>
  subresource === 'exec' || subresource === 'attach' || subresource === 'portforward'

const upgradeRequired = (): StatusError => new StatusError(400, 'BadRequest', 'Upgrade request required')

/** What is no stored object: discovery, schemas, reviews. */
function answerOther(api: Api, request: IncomingMessage, path: string, body: Buffer): Reply {
  const accept = request.headers.accept ?? ''
  if (request.method === 'POST') {
    const review = answerReview(path, body, request)
    if (review === null) throw noSuchPath()
    return review
  }
  if (request.method !== 'GET') throw noSuchPath()
  if (path === '/openapi/v2') {
    // Whoever asks for protobuf first can read nothing else (kubectl before 1.29).
    if (!accept.startsWith(OPENAPI_PROTOBUF)) return ok(openApiV2())
    return { code: 200, body: openApiV2Protobuf(), contentType: 'application/octet-stream' }
  }
  if (path === '/openapi/v3') return ok(openApiV3Index())
  const document = path.startsWith('/openapi/v3/') ? openApiV3(path.slice('/openapi/v3/'.length)) : null
  if (document !== null) return ok(document)
  const server = String(request.headers.host ?? '')
  const found = discover(path.replace(/\/$/, ''), accept, { server, speed: api.clock.speed })
  if (found === null) throw noSuchPath()
  return { code: 200, body: found, contentType: discoveryType(path.replace(/\/$/, ''), accept) }
}

function upgrade(parts: ServerParts, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { api, runtime, faults } = parts
  // A client that goes away in the middle is no error of ours.
  socket.on('error', () => undefined)
  try {
    const url = urlOf(request)
    if (!isAuthorized(parts, request)) throw unauthorized()
    const fault = faults.take('GET', url.pathname)
    if (fault?.kind === 'cut') return void socket.destroy()
    if (fault?.kind === 'status') throw new StatusError(fault.code, fault.reason, fault.message)
    const target = targetOf(url.pathname)
    const withFault = fault === null ? runtime : brokenOff(runtime, fault, () => socket.destroy())
    const user = impersonated(request)
    if (target !== null && user !== null) throw refusal(user, 'POST', target, url.searchParams)
    switch (target?.subresource) {
      case 'exec':
      case 'attach':
        answerExec(api, withFault, target, url.searchParams, request, socket, head)
        break
      case 'portforward':
        answerPortForward(api, runtime, target, request, socket, head)
        break
      default:
        throw noSuchPath()
    }
  } catch (error) {
    const { code, body } = replyOf(error)
    const text = JSON.stringify(body)
    socket.end(
      `HTTP/1.1 ${code} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
    )
  }
}

/** A runtime of which only the first of what a command prints arrives. */
function brokenOff(runtime: PodRuntime, fault: RequestFault, cut: () => void): PodRuntime {
  if (fault.kind !== 'cut-after' && fault.kind !== 'lose-after') return runtime
  return {
    ...runtime,
    exec: (asked, io) => {
      let left = fault.bytes
      const stdout = async (chunk: Buffer): Promise<void> => {
        const first = chunk.subarray(0, left)
        left -= first.length
        if (first.length > 0) await io.stdout(first)
        if (left <= 0 && fault.kind === 'cut-after') cut()
      }
      const { stdin, signal } = io
      return runtime.exec(asked, {
        stdin,
        signal,
        stdout,
        stderr: (chunk) => io.stderr(chunk),
        onResize: (hear) => io.onResize(hear),
      })
    },
  }
}

const urlOf = (request: IncomingMessage): URL => new URL(request.url ?? '/', 'https://localhost')

function isAuthorized({ token }: ServerParts, request: IncomingMessage): boolean {
  const given = Buffer.from(String(request.headers.authorization ?? ''))
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
