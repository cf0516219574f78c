import type { ClientRequest, IncomingMessage } from 'node:http'
import { request as httpRequest } from 'node:http'
import type { RequestOptions } from 'node:https'
import { request as httpsRequest } from 'node:https'
import { onAbort } from './abort-listener.ts'
import { abortError, connectionError } from './connection-errors.ts'
import type { Deadline } from './deadline.ts'
import type { ApiStream } from './transport.ts'

/** Sends a request; resolves on the answer's headers, rejects with a LabError. */
export function exchange(
  options: RequestOptions,
  body: Buffer | undefined,
  deadline: Deadline,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    deadline.stage = 'connecting'
    let request: ClientRequest
    try {
      request = options.protocol === 'http:' ? httpRequest(options) : httpsRequest(options)
    } catch (error) {
      // A header with a line end in it, for example.
      reject(deadline.explain(error))
      return
    }
    request.on('socket', (socket) => {
      deadline.reusedSocket = request.reusedSocket
      const connected = () => {
        if (deadline.stage === 'connecting') deadline.stage = 'waiting for an answer'
      }
      if (request.reusedSocket) connected()
      else socket.once(options.protocol === 'http:' ? 'connect' : 'secureConnect', connected)
    })
    request.on('response', (response) => {
      deadline.stage = 'reading the answer'
      resolve(response)
    })
    request.on('error', (error) => reject(deadline.explain(error)))
    deadline.guard(request)
    request.end(body)
  })
}

/** The whole body. @param maxBytes where to stop; the connection is then closed. */
export async function collect(
  response: IncomingMessage,
  deadline: Deadline,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      // Leaving the loop destroys the response.
      if (bytes >= maxBytes) break
    }
  } catch (error) {
    throw deadline.explain(error)
  }
  if (deadline.expired) throw deadline.explain(null)
  return Buffer.concat(chunks)
}

/** The body as it comes, for as long as the server and the signal want. */
export function openStream(response: IncomingMessage, signal: AbortSignal, server: string): ApiStream {
  let closedByUs = false
  const unlisten = onAbort(signal, () => response.destroy())
  response.once('close', unlisten)
  // Without a listener a connection cut before anybody reads would be an uncaught exception.
  response.on('error', () => {})
  // Lets the kernel notice a peer that is gone for good, should nobody else.
  response.socket.setKeepAlive(true, 15_000)
  if (signal.aborted) response.destroy()

  async function* chunks(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) yield chunk
    } catch (error) {
      if (signal.aborted) throw abortError(signal)
      if (closedByUs) return
      throw connectionError(error, server, 'reading the answer')
    }
    if (signal.aborted) throw abortError(signal)
  }

  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    chunks: chunks(),
    destroy() {
      closedByUs = true
      response.destroy()
    },
  }
}
