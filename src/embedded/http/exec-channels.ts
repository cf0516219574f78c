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

/** An exec that is going on, whatever carries it. */
export interface ExecSession extends ExecIo {
  /** Says how it ended and closes the connection. */
  finish(status: JsonObject): void
}

/** The streams of an exec on one WebSocket: the first byte of each message is its channel. */
export class ExecChannels implements ExecSession {
  readonly stdin: AsyncIterable<Buffer> | null
  readonly signal: AbortSignal
  readonly #socket: WebSocket
  readonly #tty: boolean
  readonly #resized = new Set<(size: { readonly columns: number; readonly rows: number }) => void>()

  constructor(socket: WebSocket, options: { readonly stdin: boolean; readonly tty: boolean }) {
    this.#socket = socket
    this.#tty = options.tty
    const input = new ByteQueue()
    this.stdin = options.stdin ? input : null
    const gone = new AbortController()
    this.signal = gone.signal
    socket.on('message', (data) => {
      const message = bufferOf(data)
      const rest = message.subarray(1)
      switch (message[0]) {
        case STDIN:
          // Clients open with an empty message; it is no end.
          if (rest.length > 0) input.push(rest)
          if (input.isFull) {
            // The program reads more slowly than the client sends: let the client wait, not our memory grow.
            socket.pause()
            input.whenRoom(() => socket.resume())
          }
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
    void this.#send(STDOUT, Buffer.alloc(0))
  }

  stdout(chunk: Buffer): Promise<void> {
    return this.#send(STDOUT, chunk)
  }

  /** A terminal has one stream. */
  stderr(chunk: Buffer): Promise<void> {
    return this.#send(this.#tty ? STDOUT : STDERR, chunk)
  }

  onResize(listener: (size: { readonly columns: number; readonly rows: number }) => void): void {
    this.#resized.add(listener)
  }

  /** The status is the last thing a client hears. */
  finish(status: JsonObject): void {
    void this.#send(STATUS, Buffer.from(JSON.stringify(status)))
    this.#socket.close(1000)
  }

  #send(channel: number, data: Buffer): Promise<void> {
    const socket = this.#socket
    if (socket.readyState !== socket.OPEN) return Promise.resolve()
    // A failed write is followed by the close.
    return new Promise((resolve) => {
      socket.send(Buffer.concat([Buffer.from([channel]), data]), () => resolve())
    })
  }

  #resize(message: Buffer): void {
    const size = terminalSize(message)
    if (size !== null) for (const listener of this.#resized) listener(size)
  }
}

/** null for what cannot be read: the terminal stays as it is. */
export function terminalSize(message: Buffer): { readonly columns: number; readonly rows: number } | null {
  try {
    const size: unknown = JSON.parse(message.toString('utf8'))
    return { columns: Number(at(size, 'Width')), rows: Number(at(size, 'Height')) }
  } catch {
    return null
  }
}

const bufferOf = (data: RawData): Buffer => {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}
