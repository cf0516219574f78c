import type { ClientRequest, IncomingMessage } from 'node:http'
import WebSocket from 'ws'
import { type LabError, undecidedError } from '../errors.ts'
import type { Cluster, ExecResult } from '../ports.ts'
import { onAbort } from './abort-listener.ts'
import { ApiError, apiError } from './api-errors.ts'
import { abortError, connectionError } from './connection-errors.ts'
import { ExecOutput } from './exec-output.ts'
import type { ApiConnection, Credential } from './transport.ts'

export type ExecOptions = Parameters<Cluster['exec']>[0]

const DEFAULT_MAX_BYTES = 1024 * 1024
const HANDSHAKE_TIMEOUT_MS = 10_000
/** A connection that is gone without a word is noticed after one to two of these. */
const PING_EVERY_MS = 5_000

/**
 * Runs a command in a container, as Cluster.exec says. Rejects with code timeout (the command may still be
 * running in the container: nothing can stop it from here), connection-lost (it may or may not have run), or
 * what the server refused. Nothing is repeated once the command may have started.
 *
 * (client-node's Exec never settles when the connection ends before the status, and loses the refusal's text.)
 */
export async function execInPod(connection: ApiConnection, options: ExecOptions): Promise<ExecResult> {
  const credential = await connection.credential(options.signal)
  try {
    return await execOnce(connection.server, credential, options)
  } catch (error) {
    if (error instanceof StaleConnection) return execOnce(connection.server, credential, options, true)
    if (error instanceof ApiError && error.status === 401 && credential.renewable) {
      return execOnce(
        connection.server,
        await connection.credential(options.signal, credential),
        options,
        true,
      )
    }
    throw error
  }
}

/** The kept connection we took had been closed by the server: it did not read our request. */
class StaleConnection extends Error {}

function execOnce(
  server: string,
  credential: Credential,
  options: ExecOptions,
  lastTry = false,
): Promise<ExecResult> {
  if (options.signal.aborted) return Promise.reject(abortError(options.signal))
  return new Promise((resolve, reject) => {
    const output = new ExecOutput(options.maxBytes ?? DEFAULT_MAX_BYTES)
    let upgrade: ClientRequest | null = null
    let open = false
    let settled = false
    let unanswered = 0

    const socket = new WebSocket(urlOf(server, options), ['v5.channel.k8s.io', 'v4.channel.k8s.io'], {
      agent: credential.agent,
      headers: headersOf(credential),
      ...(credential.basicAuth === undefined ? {} : { auth: credential.basicAuth }),
      perMessageDeflate: false,
      finishRequest(request) {
        upgrade = request
        request.end()
      },
    })

    const settle = (finish: () => void): void => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      clearTimeout(handshake)
      clearInterval(pings)
      unlisten()
      finish()
      if (open) socket.close()
      // A server that does not close its side must not keep the process alive.
      setTimeout(() => socket.terminate(), open ? 1_000 : 0).unref()
    }
    const fail = (error: Error): void => settle(() => reject(error))

    const timer = setTimeout(() => fail(lateError(options)), options.timeoutMs)
    const handshake = setTimeout(
      () =>
        fail(
          undecidedError(
            'timeout',
            `${server} did not let us into ${placeOf(options)} within ${HANDSHAKE_TIMEOUT_MS / 1000} s`,
            'is the node of the pod alive? kubectl get nodes',
          ),
        ),
      HANDSHAKE_TIMEOUT_MS,
    )
    const pings = setInterval(() => {
      if (!open) return
      if (unanswered > 0) return fail(lostError(server, options, 'it went silent'))
      unanswered++
      socket.ping()
    }, PING_EVERY_MS)
    const unlisten = onAbort(options.signal, () => fail(abortError(options.signal)))

    socket.on('open', () => {
      open = true
      clearTimeout(handshake)
    })
    socket.on('pong', () => {
      unanswered = 0
    })
    socket.on('message', (data: WebSocket.RawData) => {
      unanswered = 0
      const result = output.take(bufferOf(data))
      if (result !== null) settle(() => resolve(result))
    })
    socket.on('close', (code) =>
      fail(lostError(server, options, `it was closed (${code}) before the command's status came`)),
    )
    socket.on('unexpected-response', (_request, response) => {
      refusal(response, options).then(fail, fail)
    })
    socket.on('error', (error) => {
      if (!open && !lastTry && upgrade?.reusedSocket === true) return fail(new StaleConnection())
      fail(open ? lostError(server, options, error.message) : connectionError(error, server, 'connecting'))
    })
  })
}

function urlOf(server: string, options: ExecOptions): string {
  const query = new URLSearchParams({ container: options.container, stdout: 'true', stderr: 'true' })
  for (const word of options.command) query.append('command', word)
  const path = `/api/v1/namespaces/${encodeURIComponent(options.namespace)}/pods/${encodeURIComponent(options.pod)}/exec`
  return `${server.replace(/^http/, 'ws')}${path}?${query}`
}

/** ws takes plain strings only. */
const headersOf = (credential: Credential): Record<string, string> =>
  Object.fromEntries(Object.entries(credential.headers).map(([name, value]) => [name, String(value)]))

async function refusal(response: IncomingMessage, options: ExecOptions): Promise<LabError> {
  let text = ''
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      text += chunk.toString('utf8')
      if (text.length > 65_536) break
    }
  } catch {
    // A refusal whose text is cut short is still the refusal.
  }
  let body: unknown = text
  try {
    body = JSON.parse(text)
  } catch {
    // Not a Status: shown as text.
  }
  return apiError(
    response.statusCode ?? 0,
    body,
    response.headers['retry-after'],
    `exec in ${placeOf(options)}`,
  )
}

const bufferOf = (data: WebSocket.RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data)

const placeOf = (options: ExecOptions): string =>
  `pod ${options.namespace}/${options.pod}, container ${options.container}`

const lateError = (options: ExecOptions): LabError =>
  undecidedError(
    'timeout',
    `"${options.command.join(' ')}" did not end within ${options.timeoutMs / 1000} s in ${placeOf(options)}`,
    `look yourself: kubectl exec -n ${options.namespace} ${options.pod} -c ${options.container} -- ${options.command.join(' ')}`,
  )

const lostError = (server: string, options: ExecOptions, what: string): LabError =>
  undecidedError(
    'connection-lost',
    `the connection to ${server} broke while a command ran in ${placeOf(options)}: ${what}`,
    'is the cluster running? kubectl cluster-info',
  )
