import type { Duplex } from 'node:stream'
import type { JsonObject } from '../../object.ts'
import { ByteQueue } from '../byte-queue.ts'
import { drained } from '../drained.ts'
import { type ExecSession, terminalSize } from '../exec-channels.ts'
import {
  dataFrame,
  FIN,
  type Frame,
  FrameReader,
  goAwayFrame,
  PING,
  pingFrame,
  Replies,
  RST_STREAM,
  SYN_STREAM,
} from './frames.ts'
import { HeaderBlocks } from './header-blocks.ts'

/** Data frames carry 24 bits of length; smaller ones let streams take turns. */
const LARGEST = 32 * 1024
/** What is announced is opened at once; a client that does not is gone. */
const OPENING_MS = 10_000

/** An exec over SPDY/3.1, as kubectl before 1.31 asks for it: each stream says in a header what it carries. */
export class SpdyExec implements ExecSession {
  readonly stdin: AsyncIterable<Buffer> | null
  readonly signal: AbortSignal
  /** Resolves when the client has opened all streams. */
  readonly opened: Promise<void>
  readonly #socket: Duplex
  readonly #streams = new Map<string, number>()
  readonly #names = new Map<number, string>()
  readonly #resized = new Set<(size: { readonly columns: number; readonly rows: number }) => void>()
  readonly #input = new ByteQueue()
  readonly #replies = new Replies()
  readonly #headers = new HeaderBlocks()
  readonly #wanted: ReadonlySet<string>
  #allOpen: () => void = () => undefined

  constructor(
    socket: Duplex,
    head: Buffer,
    options: {
      readonly stdin: boolean
      readonly stdout: boolean
      readonly stderr: boolean
      readonly tty: boolean
    },
  ) {
    this.#socket = socket
    this.stdin = options.stdin ? this.#input : null
    this.#wanted = new Set([
      'error',
      ...(options.stdin ? ['stdin'] : []),
      ...(options.stdout ? ['stdout'] : []),
      // A terminal has one stream for both.
      ...(options.stderr && !options.tty ? ['stderr'] : []),
      ...(options.tty ? ['resize'] : []),
    ])
    const gone = new AbortController()
    this.signal = gone.signal
    this.opened = new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the client opened too few streams')), OPENING_MS)
      late.unref()
      this.#allOpen = () => {
        clearTimeout(late)
        resolve()
      }
      gone.signal.addEventListener('abort', () => reject(new Error('the client is gone')))
    })
    // Whoever does not wait for it is not to die of it.
    this.opened.catch(() => undefined)
    this.#read(head)
      .catch(() => socket.destroy())
      .finally(() => {
        this.#input.end()
        gone.abort()
      })
  }

  stdout(chunk: Buffer): Promise<void> {
    return this.#write('stdout', chunk)
  }

  stderr(chunk: Buffer): Promise<void> {
    return this.#write(this.#streams.has('stderr') ? 'stderr' : 'stdout', chunk)
  }

  onResize(listener: (size: { readonly columns: number; readonly rows: number }) => void): void {
    this.#resized.add(listener)
  }

  finish(status: JsonObject): void {
    void this.#write('error', Buffer.from(JSON.stringify(status)))
    for (const stream of this.#names.keys()) this.#socket.write(dataFrame(stream, FIN, Buffer.alloc(0)))
    this.#socket.end(goAwayFrame(Math.max(0, ...this.#names.keys())))
  }

  async #write(name: string, chunk: Buffer): Promise<void> {
    const stream = this.#streams.get(name)
    if (stream === undefined || this.#socket.destroyed || this.#socket.writableEnded) return
    let room = true
    for (let start = 0; start < chunk.length; start += LARGEST)
      room = this.#socket.write(dataFrame(stream, 0, chunk.subarray(start, start + LARGEST)))
    if (!room) await drained(this.#socket)
  }

  async #read(head: Buffer): Promise<void> {
    const reader = new FrameReader()
    for (const frame of reader.push(head)) this.#take(frame)
    for await (const chunk of this.#socket as AsyncIterable<Buffer>) {
      for (const frame of reader.push(chunk)) this.#take(frame)
      // The program reads more slowly than the client sends: let the client wait, not our memory grow.
      await new Promise<void>((resolve) => this.#input.whenRoom(resolve))
    }
  }

  #take(frame: Frame): void {
    if (frame.kind === 'data') {
      const name = this.#names.get(frame.stream)
      if (name === 'resize') {
        const size = terminalSize(frame.body)
        if (size !== null) for (const listener of this.#resized) listener(size)
      }
      if (name !== 'stdin') return
      if (frame.body.length > 0) this.#input.push(frame.body)
      if ((frame.flags & FIN) !== 0) this.#input.end()
      return
    }
    switch (frame.type) {
      case SYN_STREAM: {
        const stream = frame.body.readUInt32BE(0)
        const headers = this.#headers.ofStream(frame.body)
        const name = headers.get('streamtype') ?? ''
        this.#streams.set(name, stream)
        this.#names.set(stream, name)
        this.#socket.write(this.#replies.to(stream))
        if ([...this.#wanted].every((wanted) => this.#streams.has(wanted))) this.#allOpen()
        return
      }
      case RST_STREAM:
        if (this.#names.get(frame.body.readUInt32BE(0)) === 'stdin') this.#input.end()
        return
      case PING:
        this.#socket.write(pingFrame(frame.body))
        return
    }
  }
}
