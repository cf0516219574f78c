import { randomUUID } from 'node:crypto'
import type { ConnectRequest } from '../../pod-runtime.ts'
import type { HttpResponse, Network } from '../net/network.ts'

/** A head beyond this is no request. */
const MAX_HEAD_BYTES = 64 * 1024

/**
 * Brings what comes over a forwarded port to what listens on it in the pod. All servers of this node speak HTTP, one
 * request after the other.
 * @returns why there is nothing to connect to, or null
 */
export async function connectTo(
  network: Network,
  { pod, port, input, output }: ConnectRequest,
): Promise<string | null> {
  const ip = pod.status?.podIP ?? ''
  const answer = (head: string): HttpResponse | null => {
    const reached = network.reach(null, ip, port)
    if (reached.how !== 'open') return null
    const [method = '', path = '/'] = head.split(' ')
    const header = headersOf(head)
    return reached.listener.respond({
      method,
      path,
      host: header('host'),
      agent: header('user-agent') || '-',
      from: '127.0.0.1',
    })
  }
  if (network.reach(null, ip, port).how !== 'open')
    return `failed to execute portforward in network namespace "/var/run/netns/cni-${randomUUID()}": failed to connect to localhost:${port} inside namespace "${pod.metadata.uid ?? ''}", IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found `
  let waiting = ''
  /** Of a body that nobody here reads. */
  let skip = 0
  for await (const chunk of input) {
    waiting += chunk.toString('latin1')
    for (;;) {
      const skipped = Math.min(skip, waiting.length)
      waiting = waiting.slice(skipped)
      skip -= skipped
      const end = waiting.indexOf('\r\n\r\n')
      if (end < 0) break
      const head = waiting.slice(0, end)
      waiting = waiting.slice(end + 4)
      skip = Number(headersOf(head)('content-length')) || 0
      const response = answer(head)
      if (response === null) return null
      const last =
        /^close$/i.test(headersOf(head)('connection')) || / HTTP\/1\.0$/m.test(head.split('\r\n')[0] ?? '')
      await output(bytesOf(response, head.startsWith('HEAD '), last))
      if (last) return null
    }
    if (waiting.length > MAX_HEAD_BYTES) return null
  }
  return null
}

const headersOf =
  (head: string) =>
  (name: string): string =>
    new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*\\r?$`, 'im').exec(head)?.[1] ?? ''

function bytesOf({ status, reason, headers, body }: HttpResponse, headOnly: boolean, last: boolean): Buffer {
  const known = new Set(headers.map(([name]) => name.toLowerCase()))
  const all = [
    ...headers,
    ...(known.has('content-length') ? [] : [['Content-Length', String(body.length)] as const]),
    ['Connection', last ? 'close' : 'keep-alive'] as const,
  ]
  const head = `HTTP/1.1 ${status} ${reason}\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
  return Buffer.from(headOnly ? head : head + body, 'latin1')
}
