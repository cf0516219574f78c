import { LabError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import { ApiError } from './api-errors.ts'
import type { Transport } from './transport.ts'
import { BackOff } from './watch/back-off.ts'
import { type ConnectionEnd, WatchConnection } from './watch/connection.ts'
import type { Distrust } from './watch/distrust.ts'
import type { WatchLimits } from './watch/limits.ts'
import { listAll } from './watch/list.ts'
import { Position } from './watch/position.ts'

export interface WatchOptions {
  readonly transport: Transport
  /** The collection, such as /api/v1/namespaces/lab/pods. */
  readonly path: string
  readonly clock: Clock
  /** In [0, 1): spreads the retries of several streams. */
  readonly random: () => number
  readonly limits: WatchLimits
  readonly signal: AbortSignal
  readonly handler: WatchHandler
  /** Absent: nobody holds what it tells against anything else. */
  readonly distrust?: Distrust
}

/** Called synchronously and in order. What one of these throws ends the watch and rejects it. */
export interface WatchHandler {
  /** All objects as of one moment; the first call, and again after each `gap`. */
  listed(items: readonly unknown[]): void
  /** An event of the watch, once each, in order. @returns false if the object cannot be understood: a gap and a list follow */
  changed(type: 'added' | 'modified' | 'deleted', object: unknown): boolean
  /**
   * From the last call until the `listed` that follows, anything may have been missed.
   * @param missed something was missing before that already
   */
  gap(reason: string, missed: boolean): void
  connected(): void
  /** Not connected, retrying. `heardAt`: when the server last showed life, in the clock's monotonic time. May be called repeatedly. */
  lost(error: LabError, heardAt: number): void
}

/**
 * List, then watch from the list's version, until the signal aborts; then it resolves, with every
 * connection closed. Broken connections are resumed from the last event, none lost or doubled; where the
 * server has forgotten (410 Gone), a gap and a new list. It never gives up once the first list has
 * succeeded: even 403 is what a server says while it starts, so it tells `lost` and goes on trying.
 *
 * Rejects with a LabError when the first list is refused (401 twice, 403, 404 and the like, TLS), or has
 * not succeeded within limits.patienceMs.
 */
export async function watchResource(options: WatchOptions): Promise<void> {
  const { signal } = options
  try {
    await new Watch(options).run()
  } catch (error) {
    // An abort makes pauses and requests reject; a bug in a handler does not become one by happening then.
    if (signal.aborted && (error instanceof LabError || error === signal.reason)) return
    throw error
  }
}

class Watch {
  readonly #options: WatchOptions
  readonly #backOff: BackOff
  #heardAt: number
  /** Since when and how often the server has refused to go on from the present position. */
  #refused = { since: 0, times: 0 }

  constructor(options: WatchOptions) {
    this.#options = options
    this.#backOff = new BackOff(options.clock, options.random, options.limits)
    this.#heardAt = options.clock.monotonicMs()
  }

  async run(): Promise<void> {
    const { signal, handler } = this.#options
    let position = await this.#list(true)
    while (!signal.aborted) {
      const { ended, progressed } = await this.#connect(position)
      if (signal.aborted) return
      if (progressed) this.#backOff.reset()
      const expiry = this.#expiry(ended, progressed)
      const distrusted = expiry === null ? (this.#options.distrust?.take() ?? null) : null
      const expired = expiry ?? distrusted
      if (ended.end === 'fault') handler.lost(ended.error, this.#heardAt)
      // Before the pause: should the run end in it, the recording must not look complete.
      if (expired !== null)
        handler.gap(expired, distrusted !== null || (ended.end === 'expired' && ended.missed === true))
      await this.#backOff.pause(ended.end === 'fault' ? retryAfterMs(ended.error) : 0, signal)
      if (expired !== null) position = await this.#list(false)
    }
  }

  async #connect(
    position: Position,
  ): Promise<{ readonly ended: ConnectionEnd; readonly progressed: boolean }> {
    const { transport, path, clock, limits, signal, handler, distrust } = this.#options
    const from = position.resourceVersion
    let openedAt: number | null = null
    const connection = new WatchConnection(
      {
        transport,
        path,
        clock,
        limits,
        distrust,
        signal,
        opened: () => {
          openedAt = clock.monotonicMs()
          handler.connected()
        },
        changed: (type, object) => handler.changed(type, object),
      },
      position,
    )
    const ended = await connection.run()
    if (openedAt === null) return { ended, progressed: false }
    this.#heardAt = connection.heardAt
    const stable = clock.monotonicMs() - openedAt >= limits.stableMs
    return { ended, progressed: stable || position.resourceVersion !== from }
  }

  /** Why a new list is needed; null to resume. */
  #expiry(ended: ConnectionEnd, progressed: boolean): string | null {
    if (progressed || ended.end === 'clean') this.#refused.times = 0
    if (ended.end === 'expired') return ended.reason
    if (ended.end === 'clean' || !isRefusalOfPosition(ended.error)) return null
    const now = this.#options.clock.monotonicMs()
    if (this.#refused.times === 0) this.#refused.since = now
    this.#refused.times += 1
    if (this.#refused.times < 3 || now - this.#refused.since < this.#options.limits.stuckMs) return null
    this.#refused.times = 0
    return `the watch could not be resumed: ${ended.error.message}`
  }

  async #list(first: boolean): Promise<Position> {
    const { transport, path, clock, limits, signal, handler, distrust } = this.#options
    const deadline = clock.monotonicMs() + limits.patienceMs
    let unauthorized = 0
    for (;;) {
      try {
        const options = { pageSize: limits.pageSize, timeoutMs: limits.listMs, signal }
        const { items, resourceVersion } = await listAll(transport, path, options)
        signal.throwIfAborted()
        this.#heardAt = clock.monotonicMs()
        // Whatever it was that was missing.
        distrust?.take()
        handler.listed(items)
        return new Position(resourceVersion)
      } catch (error) {
        if (signal.aborted || !(error instanceof LabError)) throw error
        if (error.code === 'unauthorized') unauthorized += 1
        const hopeless = isPermanent(error) || unauthorized > 1 || clock.monotonicMs() >= deadline
        if (first && hopeless) throw error
        handler.lost(error, this.#heardAt)
        await this.#backOff.pause(retryAfterMs(error), signal)
      }
    }
  }
}

const retryAfterMs = (error: LabError): number => (error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0)

/** Refusals that no waiting mends. 401 is not among them: the next request brings fresh credentials. */
const isPermanent = (error: LabError): boolean => {
  if (error.kind === 'usage' || error.code === 'tls' || error.code === 'bad-answer') return true
  if (!(error instanceof ApiError)) return false
  return error.status >= 400 && error.status < 500 && ![401, 408, 409, 410, 429].includes(error.status)
}

/** Answers that may be about the version we ask from, rather than about a server that is away or about our rights. */
const isRefusalOfPosition = (error: LabError): boolean =>
  error.code === 'bad-answer' || (error instanceof ApiError && ![401, 403, 429, 503].includes(error.status))
