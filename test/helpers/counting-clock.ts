import { systemClock } from '../../src/host/clock.ts'
import type { Clock } from '../../src/ports.ts'

/** Real time that knows how many sleeps are pending and how long each was asked to be: a leaked timer shows. */
export class CountingClock implements Clock {
  pending = 0
  readonly sleeps: number[] = []
  now = () => systemClock.now()
  monotonicMs = () => systemClock.monotonicMs()

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.pending += 1
    this.sleeps.push(ms)
    try {
      await systemClock.sleep(ms, signal)
    } finally {
      this.pending -= 1
    }
  }
}
