import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Api } from '../api/api.ts'
import type { JsonObject } from '../object.ts'
import type { ExecEnd, PodRuntime } from '../pod-runtime.ts'
import type { Pod } from '../shapes.ts'
import { badRequest, StatusError } from '../status.ts'
import { drained } from './drained.ts'
import { ExecChannels, type ExecSession, V4, V5 } from './exec-channels.ts'
import { wholeNumber } from './list.ts'
import { replyOf } from './reply.ts'
import { isOn, required, type Target } from './request.ts'
import { SpdyExec } from './spdy/spdy-exec.ts'

/** @throws StatusError as the real server's for a container that cannot be meant */
function containerOf(pod: Pod, asked: string | null): string {
  const names = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map(({ name }) => name)
  const { name } = pod.metadata
  if (asked !== null && asked !== '') {
    if (names.includes(asked)) return asked
    throw badRequest(`container ${asked} is not valid for pod ${name}`)
  }
  const annotated = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container']
  if (annotated !== undefined && names.includes(annotated)) return annotated
  const [only, ...more] = pod.spec.containers
  if (only !== undefined && more.length === 0) return only.name
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`)
}

const onNode = (pod: Pod): Pod => {
  if ((pod.spec.nodeName ?? '') === '')
    throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`)
  return pod
}

/** GET …/pods/NAME/log */
export async function answerLog(
  api: Api,
  runtime: PodRuntime,
  { kind, namespace, name }: Target,
  query: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const pod = api.get(kind, namespace, required(name)) as Pod
  const container = containerOf(pod, query.get('container'))
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  if ((pod.spec.nodeName ?? '') === '') {
    // Nothing to say yet, and no error: so answers the real server.
    response.writeHead(204).end()
    return
  }
  const since = query.get('sinceSeconds')
  const sinceTime = query.get('sinceTime')
  const chunks = runtime.logs({
    pod,
    container,
    follow: isOn(query, 'follow'),
    previous: isOn(query, 'previous'),
    timestamps: isOn(query, 'timestamps'),
    tailLines: query.has('tailLines') ? wholeNumber(query, 'tailLines') : null,
    sinceMs:
      since !== null
        ? api.clock.nowMs() - Number(since) * 1000
        : sinceTime !== null
          ? Date.parse(sinceTime)
          : null,
    limitBytes: query.has('limitBytes') ? wholeNumber(query, 'limitBytes') : null,
    signal: gone.signal,
  })
  // Headers go with the first chunk: until then the runtime may still refuse.
  for await (const chunk of chunks) {
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/plain' })
    if (!response.write(chunk)) await drained(response)
  }
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/plain' })
  response.end()
}

const sockets = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
  handleProtocols: (offered) => [V5, V4].find((known) => offered.has(known)) ?? false,
})

/** Upgrade of …/pods/NAME/exec and …/attach. Refusals go out as plain HTTP. */
export function answerExec(
  api: Api,
  runtime: PodRuntime,
  target: Target,
  query: URLSearchParams,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const { kind, namespace, name, subresource } = target
  const pod = onNode(api.get(kind, namespace, required(name)) as Pod)
  const container = containerOf(pod, query.get('container'))
  const command = query.getAll('command')
  if (subresource === 'exec' && command.length === 0)
    throw badRequest('you must specify at least 1 command for the container')
  const tty = isOn(query, 'tty')
  const run = (session: ExecSession) => {
    const running =
      subresource === 'attach'
        ? runtime.attach({ pod, container, tty }, session)
        : runtime.exec({ pod, container, command, tty }, session)
    running.then(
      (end) => session.finish(statusOf(end)),
      (error: unknown) => session.finish(replyOf(error).body as JsonObject),
    )
  }
  const options = {
    stdin: isOn(query, 'stdin'),
    stdout: isOn(query, 'stdout'),
    stderr: isOn(query, 'stderr'),
    tty,
  }
  if (/^spdy\/3\.1$/i.test(request.headers.upgrade ?? '')) {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${V4}\r\n\r\n`,
    )
    const session = new SpdyExec(socket, head, options)
    session.opened.then(
      () => run(session),
      () => socket.destroy(),
    )
    return
  }
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((text) => text.trim())
  if (!offered.includes(V4) && !offered.includes(V5))
    throw badRequest(`unable to upgrade: only ${V5}, ${V4} and SPDY/3.1 are spoken here`)
  sockets.handleUpgrade(request, socket, head, (webSocket) => run(new ExecChannels(webSocket, options)))
}

/** What channel 3 says at the end. */
function statusOf(end: ExecEnd): JsonObject {
  if ('failure' in end)
    return new StatusError(
      500,
      'InternalError',
      `Internal error occurred: error executing command in container: ${end.failure}`,
    ).toStatus()
  if (end.exitCode === 0) return { metadata: {}, status: 'Success' }
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${end.exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(end.exitCode) }] },
  }
}
