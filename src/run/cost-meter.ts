import type { Clock } from '../ports.ts'

/**
 * Splits the wall time of a run into what the cluster needed (between a request of ours and the state we
 * waited for) and what sts-lab added. Waits that overlap are counted once.
 */
export class CostMeter {
  readonly #clock: Clock
  readonly #startedMs: number
  #waiting = 0
  #sinceMs = 0
  #clusterMs = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.#startedMs = clock.monotonicMs()
  }

  /** Counts the time until `work` settles as the cluster's. */
  async cluster<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting === 0) this.#sinceMs = this.#clock.monotonicMs()
    this.#waiting += 1
    try {
      return await work()
    } finally {
      this.#waiting -= 1
      if (this.#waiting === 0) this.#clusterMs += this.#clock.monotonicMs() - this.#sinceMs
    }
  }

  /** Milliseconds, whole. */
  read(): { readonly wallMs: number; readonly clusterMs: number; readonly overheadMs: number } {
    const now = this.#clock.monotonicMs()
    const clusterMs = this.#clusterMs + (this.#waiting > 0 ? now - this.#sinceMs : 0)
    const wallMs = now - this.#startedMs
    return {
      wallMs: Math.round(wallMs),
      clusterMs: Math.round(clusterMs),
      overheadMs: Math.round(wallMs - clusterMs),
    }
  }
}
