import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runningClock, timestamp } from '../../../src/embedded/clock.ts'
import { untilAvailableMs } from '../../../src/embedded/controllers/pod-conditions.ts'
import type { Pod } from '../../../src/embedded/shapes.ts'

describe('the clock of a cluster whose time runs twenty times as fast', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1, 12, 0, 0, 900) })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('stamps objects with the time of the wall, so that no age is negative to a client', () => {
    const clock = runningClock(20)
    vi.advanceTimersByTime(60_000)
    expect(timestamp(clock.nowMs())).toBe('2026-01-01T12:01:00Z')
    expect(clock.elapsedMs()).toBe(20 * 60_000)
  })

  it('makes a wait a twentieth as long', () => {
    const clock = runningClock(20)
    const rung = vi.fn()
    clock.setTimer(30_000, rung)
    vi.advanceTimersByTime(1499)
    expect(rung).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(rung).toHaveBeenCalled()
  })

  it('does not call a pod available too early because its stamp leaves out when in the second it was', () => {
    const clock = runningClock(20)
    const pod = readySince(timestamp(clock.nowMs()))
    vi.advanceTimersByTime(200)
    // Four seconds of the cluster's, though another second of the wall has begun.
    expect(untilAvailableMs(pod, 10, clock)).toBeGreaterThan(0)
    vi.advanceTimersByTime(1500)
    expect(untilAvailableMs(pod, 10, clock)).toBe(0)
  })
})

function readySince(lastTransitionTime: string): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-0' },
    spec: { containers: [] },
    status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime }] },
  }
}
