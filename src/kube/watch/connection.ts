import { LabError, undecidedError } from '../../errors.ts'
import type { Clock } from '../../ports.ts'
import { apiError } from '../api-errors.ts'
import type { Transport } from '../transport.ts'
import type { Distrust } from './distrust.ts'
import { parseWatchLine } from './event.ts'
import type { WatchLimits } from './limits.ts'
import { Lines } from './lines.ts'
import type { Position } from './position.ts'

/** How one watch connection ended. */
export type ConnectionEnd =
  /** As agreed, or by our own abort: resume. */
  | { readonly end: 'clean' }
  /** It broke, or the server refused: resume after a pause. */
  | { readonly end: 'fault'; readonly error: LabError }
  /** The position is too old, or what came cannot be used: only a new list helps. */
  | {
      readonly end: 'expired'
      readonly reason: string
      /** Something was missing already in what this connection had told. */
      readonly missed?: boolean
    }

export interface ConnectionOptions {
  readonly transport: Transport
  readonly path: string
  readonly clock: Clock
  readonly limits: WatchLimits
  readonly distrust?: Distrust | undefined
  readonly signal: AbortSignal
  readonly opened: () => void
  /** Called for each event that is no replay. @returns false if the object cannot be understood */
  readonly changed: (type: 'added' | 'modified' | 'deleted', object: unknown) => boolean
}

/**
 * One watch request from `position`, which it moves forward with every event, until the connection ends in
 * whatever way. Never throws for what a server or a network does; what `changed` throws goes through.
 * `heardAt` is when the connection last showed life, on the clock's monotonic time.
 */
export class WatchConnection {
  readonly #options: ConnectionOptions
  readonly #position: Position
  #heardAt: number

  constructor(options: ConnectionOptions, position: Position) {
    this.#options = options
    this.#position = position
    this.#heardAt = options.clock.monotonicMs()
  }

  get heardAt(): number {
    return this.#heardAt
  }

  async run(): Promise<ConnectionEnd> {
    const { transport, path, limits, clock, signal } = this.#options
    let stream: Awaited<ReturnType<Transport['stream']>>
    try {
      stream = await transport.stream({
        method: 'GET',
        path,
        query: {
          watch: true,
          allowWatchBookmarks: true,
          resourceVersion: this.#position.resourceVersion,
          timeoutSeconds: limits.watchSeconds,
        },
        headersTimeoutMs: limits.headersMs,
        signal,
      })
    } catch (error) {
      return faultOf(error)
    }
    this.#heardAt = clock.monotonicMs()
    const idle = this.#closeWhenSilent(() => stream.destroy())
    const unlisten = this.#options.distrust?.onTold(() => stream.destroy())
    try {
      this.#options.opened()
      if (this.#isDistrusted()) return this.#missed()
      return await this.#read(stream.chunks, idle)
    } finally {
      idle.stop()
      unlisten?.()
      stream.destroy()
    }
  }

  async #read(chunks: AsyncIterable<Buffer>, idle: { readonly expired: boolean }): Promise<ConnectionEnd> {
    const { clock, signal, limits } = this.#options
    const lines = new Lines()
    const iterator = chunks[Symbol.asyncIterator]()
    for (;;) {
      let next: IteratorResult<Buffer>
      try {
        next = await iterator.next()
      } catch (error) {
        if (this.#isDistrusted()) return this.#missed()
        if (idle.expired) return { end: 'fault', error: silence(limits.idleMs) }
        this.#heardAt = clock.monotonicMs()
        return faultOf(error)
      }
      if (this.#isDistrusted()) return this.#missed()
      if (idle.expired) return { end: 'fault', error: silence(limits.idleMs) }
      this.#heardAt = clock.monotonicMs()
      const complete = next.done === true ? [lines.rest()] : lines.push(next.value)
      for (const line of complete) {
        if (signal.aborted) return { end: 'clean' }
        const end = line.length === 0 ? null : this.#take(line)
        if (end !== null) return end
      }
      if (next.done === true) return { end: 'clean' }
    }
  }

  /** @returns null to go on */
  #take(line: Buffer): ConnectionEnd | null {
    const event = parseWatchLine(line)
    switch (event.type) {
      case 'bookmark':
        this.#position.bookmark(event.resourceVersion)
        return null
      case 'error': {
        const error = apiError(500, event.status, undefined, 'watch')
        return endOf(error)
      }
      case 'garbage':
        return {
          end: 'fault',
          error: undecidedError('bad-answer', `the watch brought something that is no event: ${event.what}`),
        }
      default:
        switch (this.#position.advance(event.resourceVersion, event.uid)) {
          case 'replay':
            return null
          case 'late': {
            const reason = `the watch told of version ${event.resourceVersion} after a later one`
            return { end: 'expired', reason, missed: true }
          }
          case 'new':
        }
        if (this.#options.changed(event.type, event.object)) return null
        return { end: 'expired', reason: 'an object in the watch could not be understood' }
    }
  }

  #isDistrusted(): boolean {
    return this.#options.distrust?.isTold ?? false
  }

  #missed(): ConnectionEnd {
    return { end: 'expired', reason: this.#options.distrust?.take() ?? '', missed: true }
  }

  /** TCP alone never notices a peer that is gone without a word. */
  #closeWhenSilent(close: () => void): { readonly expired: boolean; stop(): void } {
    const { clock, limits } = this.#options
    const stopped = new AbortController()
    const idle = { expired: false, stop: () => stopped.abort() }
    const guard = async () => {
      for (;;) {
        const remainingMs = limits.idleMs - (clock.monotonicMs() - this.#heardAt)
        if (remainingMs <= 0) break
        await clock.sleep(remainingMs, stopped.signal)
      }
      idle.expired = true
      close()
    }
    // The only way it can reject is being stopped.
    guard().catch(() => undefined)
    return idle
  }
}

const silence = (idleMs: number): LabError =>
  undecidedError('timeout', `nothing came over a watch for ${idleMs / 1000} s: the connection is dead`)

const faultOf = (error: unknown): ConnectionEnd => {
  if (!(error instanceof LabError)) throw error
  return endOf(error)
}

const endOf = (error: LabError): ConnectionEnd =>
  error.code === 'gone'
    ? { end: 'expired', reason: `the server no longer has the events since then: ${error.message}` }
    : { end: 'fault', error }
