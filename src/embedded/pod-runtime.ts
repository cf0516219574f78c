import type { Pod } from './shapes.ts'

/** Where a command of an exec reads and writes. */
export interface ExecIo {
  /** null when the client sends no input. Ends when the client closes it. */
  readonly stdin: AsyncIterable<Buffer> | null
  /** Resolves when there is room for more: whoever writes much waits for it. */
  stdout(chunk: Buffer): Promise<void>
  stderr(chunk: Buffer): Promise<void>
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal
  /** Called with each new size of a terminal. */
  onResize(listener: (size: { readonly columns: number; readonly rows: number }) => void): void
}

export interface ExecRequest {
  readonly pod: Pod
  readonly container: string
  readonly command: readonly string[]
  readonly tty: boolean
}

/** How a command ended. `failure`: the runtime could not start it, in the words of the runtime. */
export type ExecEnd = { readonly exitCode: number } | { readonly failure: string }

export interface LogRequest {
  readonly pod: Pod
  readonly container: string
  readonly follow: boolean
  /** The container before the last restart. */
  readonly previous: boolean
  readonly timestamps: boolean
  readonly tailLines: number | null
  readonly sinceMs: number | null
  readonly limitBytes: number | null
  readonly signal: AbortSignal
}

export interface ConnectRequest {
  readonly pod: Pod
  readonly port: number
  readonly input: AsyncIterable<Buffer>
  output(chunk: Buffer): Promise<void>
}

/**
 * What the API server asks of the node that runs a pod (the kubelet's side of exec, attach and log). May throw a
 * StatusError, with the kubelet's words, before anything has been written.
 */
export interface PodRuntime {
  exec(request: ExecRequest, io: ExecIo): Promise<ExecEnd>
  /** Joins the main process. Resolves when it ends or the client goes. */
  attach(request: Omit<ExecRequest, 'command'>, io: ExecIo): Promise<ExecEnd>
  logs(request: LogRequest): AsyncIterable<Buffer>
  /** A connection to a port of a pod, until the client or the server ends it. @returns why there was none, or null */
  connect(request: ConnectRequest): Promise<string | null>
}
