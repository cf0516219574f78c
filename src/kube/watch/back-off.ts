import type { Clock } from '../../ports.ts'

export interface BackOffLimits {
  /** The second retry waits about this long; the first none at all. */
  readonly firstDelayMs: number
  readonly maxDelayMs: number
}

/** Pauses between attempts: none, then firstDelayMs doubling up to maxDelayMs, each with up to half taken off at random. */
export class BackOff {
  #failures = 0
  readonly #clock: Clock
  readonly #random: () => number
  readonly #limits: BackOffLimits

  constructor(clock: Clock, random: () => number, limits: BackOffLimits) {
    this.#clock = clock
    this.#random = random
    this.#limits = limits
  }

  /** The last attempt achieved something: the next failure is the first again. */
  reset(): void {
    this.#failures = 0
  }

  /**
   * @param atLeastMs what the server asked for (Retry-After); heeded up to maxDelayMs
   * Rejects with the signal's reason when aborted.
   */
  async pause(atLeastMs: number, signal: AbortSignal): Promise<void> {
    const { firstDelayMs, maxDelayMs } = this.#limits
    const full = this.#failures === 0 ? 0 : Math.min(maxDelayMs, firstDelayMs * 2 ** (this.#failures - 1))
    this.#failures += 1
    const delay = Math.max(full * (1 - this.#random() / 2), Math.min(atLeastMs, maxDelayMs))
    if (delay > 0) await this.#clock.sleep(delay, signal)
  }
}
