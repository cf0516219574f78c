import type { IncomingHttpHeaders } from 'node:http'

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
