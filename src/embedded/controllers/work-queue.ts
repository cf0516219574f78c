import type { ClusterClock } from '../clock.ts'
import { StatusError } from '../status.ts'

const FIRST_RETRY_MS = 5
const LAST_RETRY_MS = 1_000_000

/**
 * What is to be looked at, each thing once however often it was asked for, in the order of asking, one after the
 * other. What the API refuses is tried again, each time after twice as long.
 */
export class WorkQueue {
  readonly #clock: ClusterClock
  readonly #work: (key: string) => void
  readonly #waiting = new Set<string>()
  readonly #later = new Map<string, { readonly atMs: number; readonly callOff: () => void }>()
  readonly #failures = new Map<string, number>()
  #closed = false

  constructor(clock: ClusterClock, work: (key: string) => void) {
    this.#clock = clock
    this.#work = work
  }

  add(key: string): void {
    if (this.#closed || this.#waiting.has(key)) return
    this.#waiting.add(key)
    this.#clock.soon(() => this.#next())
  }

  /** Of several times the earliest counts. */
  addAfter(key: string, delayMs: number): void {
    if (this.#closed) return
    const atMs = this.#clock.elapsedMs() + Math.max(0, delayMs)
    const planned = this.#later.get(key)
    if (planned !== undefined && planned.atMs <= atMs) return
    planned?.callOff()
    const callOff = this.#clock.setTimer(delayMs, () => {
      this.#later.delete(key)
      this.add(key)
    })
    this.#later.set(key, { atMs, callOff })
  }

  close(): void {
    this.#closed = true
    for (const { callOff } of this.#later.values()) callOff()
  }

  #next(): void {
    const [key] = this.#waiting
    if (key === undefined || this.#closed) return
    // Before the work: what happens meanwhile is looked at again.
    this.#waiting.delete(key)
    try {
      this.#work(key)
      this.#failures.delete(key)
    } catch (error) {
      if (!(error instanceof Unfinished) && !(error instanceof StatusError)) throw error
      const failures = this.#failures.get(key) ?? 0
      this.#failures.set(key, failures + 1)
      this.addAfter(key, Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures))
    }
  }
}

/** The work could not be done yet and is to be tried again, though the API refused nothing. */
export class Unfinished extends Error {}
