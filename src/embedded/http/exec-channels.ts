import type { RawData, WebSocket } from 'ws'
import { at, type JsonObject } from '../object.ts'
import type { ExecIo } from '../pod-runtime.ts'
import { ByteQueue } from './byte-queue.ts'

export const V4 = 'v4.channel.k8s.io'
/** As v4, and a client can say that its input is over. */
export const V5 = 'v5.channel.k8s.io'

const STDIN = 0
const STDOUT = 1
const STDERR = 2
const STATUS = 3
const RESIZE = 4
const CLOSE = 255

/** The streams of an exec on one WebSocket: the first byte of each message is its channel. */
export class ExecChannels implements ExecIo {
  readonly stdin: AsyncIterable<Buffer> | null
  readonly signal: AbortSignal
  readonly #socket: WebSocket
  readonly #resized = new Set<(size: { readonly columns: number; readonly rows: number }) => void>()

  constructor(socket: WebSocket, withInput: boolean) {
    this.#socket = socket
    const input = new ByteQueue()
    this.stdin = withInput ? input : null
    const gone = new AbortController()
    this.signal = gone.signal
    socket.on('message', (data) => {
      const message = bufferOf(data)
      const rest = message.subarray(1)
      switch (message[0]) {
        case STDIN:
          // Clients open with an empty message; it is no end.
          if (rest.length > 0) input.push(rest)
          break
        case RESIZE:
          this.#resize(rest)
          break
        case CLOSE:
          if (rest[0] === STDIN) input.end()
          break
      }
    })
    socket.on('close', () => {
      input.end()
      gone.abort()
    })
    // The close that follows says all that matters.
    socket.on('error', () => undefined)
    // kubectl waits for something on each channel before it believes in it.
    this.#send(STDOUT, Buffer.alloc(0))
  }

  stdout(chunk: Buffer): void {
    this.#send(STDOUT, chunk)
  }

  stderr(chunk: Buffer): void {
    this.#send(STDERR, chunk)
  }

  onResize(listener: (size: { readonly columns: number; readonly rows: number }) => void): void {
    this.#resized.add(listener)
  }

  /** The status is the last thing a client hears. */
  finish(status: JsonObject): void {
    this.#send(STATUS, Buffer.from(JSON.stringify(status)))
    this.#socket.close(1000)
  }

  #send(channel: number, data: Buffer): void {
    if (this.#socket.readyState === this.#socket.OPEN)
      this.#socket.send(Buffer.concat([Buffer.from([channel]), data]))
  }

  #resize(message: Buffer): void {
    try {
      const size: unknown = JSON.parse(message.toString('utf8'))
      const columns = Number(at(size, 'Width'))
      const rows = Number(at(size, 'Height'))
      for (const listener of this.#resized) listener({ columns, rows })
    } catch {
      // A size that cannot be read leaves the terminal as it is.
    }
  }
}

const bufferOf = (data: RawData): Buffer => {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}
