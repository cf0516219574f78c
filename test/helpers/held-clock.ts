import type { Clock } from '../../src/ports.ts'

/** Time that stands still until a test moves it. */
export class HeldClock implements Clock {
  #nowMs = 0
  readonly #sleepers = new Set<{ readonly atMs: number; readonly wake: () => void }>()

  now = () => new Date(this.#nowMs)
  monotonicMs = () => this.#nowMs

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const sleeper = { atMs: this.#nowMs + ms, wake: resolve }
      this.#sleepers.add(sleeper)
      signal?.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper)
        reject(signal.reason)
      })
    })
  }

  advance(ms: number): void {
    this.#nowMs += ms
    for (const sleeper of [...this.#sleepers]) {
      if (sleeper.atMs > this.#nowMs) continue
      this.#sleepers.delete(sleeper)
      sleeper.wake()
    }
  }

  get pending(): number {
    return this.#sleepers.size
  }
}
