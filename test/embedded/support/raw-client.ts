import { type Agent, request } from 'node:https'

export interface RawAnswer {
  readonly code: number
  readonly body: unknown
}

export interface RawClient {
  readonly server: string
  readonly token: string
  readonly agent: Agent
}

/** One request, as it is written, with nothing added but the token. */
export function ask(
  client: RawClient,
  asked: { method: string; path: string; body?: unknown; contentType?: string; accept?: string },
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const body =
      asked.body === undefined
        ? undefined
        : Buffer.from(typeof asked.body === 'string' ? asked.body : JSON.stringify(asked.body))
    const sent = request(
      `${client.server}${asked.path}`,
      {
        method: asked.method,
        agent: client.agent,
        headers: {
          authorization: `Bearer ${client.token}`,
          accept: asked.accept ?? 'application/json',
          'user-agent': 'contract',
          ...(body === undefined
            ? {}
            : { 'content-type': asked.contentType ?? 'application/json', 'content-length': body.length }),
        },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          let parsed: unknown = text
          try {
            parsed = JSON.parse(text)
          } catch {
            // Logs are no JSON.
          }
          resolve({ code: response.statusCode ?? 0, body: parsed })
        })
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
