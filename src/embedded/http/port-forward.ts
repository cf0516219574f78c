import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { createWebSocketStream, WebSocketServer } from 'ws'
import type { Api } from '../api/api.ts'
import type { PodRuntime } from '../pod-runtime.ts'
import type { Pod } from '../shapes.ts'
import { badRequest } from '../status.ts'
import { required, type Target } from './request.ts'
import { serveStreams, type TunnelStream } from './spdy/spdy-tunnel.ts'

const PROTOCOL = 'portforward.k8s.io'
/** As kubectl asks since 1.31: SPDY inside of a WebSocket. */
const TUNNELLED = `SPDY/3.1+${PROTOCOL}`

const sockets = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
  handleProtocols: () => TUNNELLED,
})

/** Upgrade of …/pods/NAME/portforward. Each connection that the client takes is a pair of streams, data and error. */
export function answerPortForward(
  api: Api,
  runtime: PodRuntime,
  { kind, namespace, name }: Target,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const pod = api.get(kind, namespace, required(name)) as Pod
  if (pod.status?.phase !== 'Running')
    throw badRequest(`unable to forward port because pod is not running. Current status=${pod.status?.phase}`)
  const forward = (to: Duplex, first: Buffer): void => {
    const pairs = new Map<string, { data?: TunnelStream; error?: TunnelStream }>()
    void serveStreams(to, first, (stream) => {
      const id = stream.headers.get('requestid') ?? ''
      const type = stream.headers.get('streamtype') === 'error' ? 'error' : 'data'
      const pair = pairs.get(id) ?? {}
      pair[type] = stream
      pairs.set(id, pair)
      const { data, error } = pair
      if (data === undefined || error === undefined) return
      pairs.delete(id)
      void connect(runtime, pod, data, error)
    })
  }
  if (/^spdy\/3\.1$/i.test(request.headers.upgrade ?? '')) {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${PROTOCOL}\r\n\r\n`,
    )
    forward(socket, head)
    return
  }
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((text) => text.trim())
  if (!offered.includes(TUNNELLED))
    throw badRequest(`unable to upgrade: only ${TUNNELLED} and SPDY/3.1 are spoken here`)
  sockets.handleUpgrade(request, socket, head, (webSocket) =>
    forward(createWebSocketStream(webSocket), Buffer.alloc(0)),
  )
}

async function connect(
  runtime: PodRuntime,
  pod: Pod,
  data: TunnelStream,
  error: TunnelStream,
): Promise<void> {
  const port = Number(data.headers.get('port'))
  const failure = await runtime.connect({
    pod,
    port,
    input: data.input,
    output: (chunk) => data.write(chunk),
  })
  if (failure !== null)
    await error.write(
      Buffer.from(`error forwarding port ${port} to pod ${pod.metadata.uid ?? ''}, uid : ${failure}`),
    )
  data.end()
  error.end()
}
