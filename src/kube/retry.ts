import { LabError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import { ApiError } from './api-errors.ts'
import { abortError } from './connection-errors.ts'

/**
 * always     repeating the request changes nothing (reads, apply, deletes by UID)
 * if-unsent  only where the server certainly did not carry it out (refused connections, 429)
 */
export type Repeatable = 'always' | 'if-unsent'

/** The server refused before doing anything. */
const UNSENT = new Set(['connection-refused', 'too-many-requests'])
/** Passing faults after which nobody knows whether the server did it. */
const UNSURE = new Set(['connection-lost', 'unavailable', 'timeout'])

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 3_000

/** Can the same request succeed a moment later, and is it safe to find out? */
function isPassing(error: unknown, repeatable: Repeatable): boolean {
  if (!(error instanceof LabError)) return false
  return UNSENT.has(error.code) || (repeatable === 'always' && UNSURE.has(error.code))
}

/**
 * Repeats an attempt after passing faults, with growing, jittered pauses (or what the server's Retry-After
 * asks), until `patienceMs` are over; then rejects with the last fault.
 * @param options.random a number from 0 to 1
 */
export async function persistently<T>(
  attempt: (attempts: number) => Promise<T>,
  options: {
    readonly repeatable: Repeatable
    /** Asked after each fault. */
    readonly patienceMs: () => number
    readonly clock: Clock
    readonly signal: AbortSignal
    readonly random?: () => number
  },
): Promise<T> {
  const { clock, random = Math.random } = options
  const startedMs = clock.monotonicMs()
  for (let attempts = 0; ; attempts++) {
    try {
      return await attempt(attempts)
    } catch (error) {
      if (!isPassing(error, options.repeatable)) throw error
      const growing = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempts) * (0.5 + random() / 2)
      const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0
      const pauseMs = Math.max(growing, asked)
      if (clock.monotonicMs() + pauseMs - startedMs > options.patienceMs()) throw error
      // A plain abort rejects with a DOMException; ours is a LabError.
      await clock.sleep(pauseMs, options.signal).catch(() => {
        throw abortError(options.signal)
      })
    }
  }
}
