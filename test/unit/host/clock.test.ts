import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/host/clock.ts'

describe('the clock', () => {
  it('sleeps no shorter than asked, by its own time that never goes back', async () => {
    const before = systemClock.monotonicMs()
    await systemClock.sleep(20)
    // Node's timers may fire up to a millisecond early.
    expect(systemClock.monotonicMs() - before).toBeGreaterThanOrEqual(19)
  })

  it('wakes with the reason when the signal is aborted', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const sleeping = systemClock.sleep(60_000, controller.signal)
    controller.abort(reason)
    await expect(sleeping).rejects.toBe(reason)
  })

  it('does not fall asleep when the signal is aborted already', async () => {
    const reason = new Error('too late')
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason)
  })

  it('leaves no listener on a signal that outlives it', async () => {
    const { signal } = new AbortController()
    await systemClock.sleep(0, signal)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})
