import type { ServerResponse } from 'node:http'
import { StatusError } from '../status.ts'

/** A whole answer, before it goes out. */
export interface Reply {
  readonly code: number
  /** Sent as JSON, unless it is bytes, or text of another type. */
  readonly body: unknown
  readonly contentType?: string
  readonly warnings?: readonly string[]
}

export const ok = (body: unknown): Reply => ({ code: 200, body })
export const created = (body: unknown): Reply => ({ code: 201, body })
export const plainText = (body: string): Reply => ({
  code: 200,
  body,
  contentType: 'text/plain; charset=utf-8',
})

const JSON_TYPE = 'application/json'

export function send(response: ServerResponse, reply: Reply): void {
  const type = reply.contentType ?? JSON_TYPE
  const { body } = reply
  const asItIs = Buffer.isBuffer(body) || (typeof body === 'string' && type !== JSON_TYPE)
  response.statusCode = reply.code
  response.setHeader('content-type', type)
  response.setHeader('cache-control', 'no-cache, private')
  for (const warning of reply.warnings ?? [])
    response.appendHeader('warning', `299 - ${JSON.stringify(warning).replace(/[^\x20-\x7e]/g, '?')}`)
  response.end(asItIs ? body : `${JSON.stringify(body)}\n`)
}

/** An error as the client sees it. What is no StatusError is ours: a 500. */
export const replyOf = (error: unknown): Reply => {
  const status =
    error instanceof StatusError
      ? error
      : new StatusError(
          500,
          'InternalError',
          `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`,
        )
  return { code: status.code, body: status.toStatus() }
}
