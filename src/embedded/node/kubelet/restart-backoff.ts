const FIRST_MS = 10_000
const LONGEST_MS = 300_000
/** One that ran for so long has earned a fresh start. */
const FORGIVEN_MS = 600_000

/** How long a container waits before it is started again: not at all, then twice as long as the time before. */
export class RestartBackOff {
  #nextMs = 0

  /** @returns milliseconds; 0 for the first time, and after a long run */
  after(ranMs: number): number {
    const before = ranMs > FORGIVEN_MS ? 0 : this.#nextMs
    this.#nextMs = before === 0 ? FIRST_MS : Math.min(LONGEST_MS, before * 2)
    return before
  }
}
