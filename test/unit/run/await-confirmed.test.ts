import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { undecidedError } from '../../../src/errors.ts'
import { awaitConfirmed } from '../../../src/run/await-confirmed.ts'
import { followState } from '../../../src/run/await-state.ts'
import { Timeline } from '../../../src/timeline/timeline.ts'
import { aPod } from '../../helpers/builders.ts'
import { HeldClock } from '../../helpers/held-clock.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Waits for a pod; `server` says what comes of asking it. */
function waiting(server: (tell: () => void) => boolean, timeoutMs = 60_000, hopelessAtMs = Infinity) {
  const clock = new HeldClock()
  const timeline = new Timeline(() => new Date(0))
  const state = followState(timeline)
  const controller = new AbortController()
  const tell = () => {
    timeline.append({ stream: 'pods', type: 'listed', object: aPod({ ordinal: 0 }) })
  }
  let asked = 0
  const confirm = async () => {
    asked += 1
    return server(tell)
  }
  const recording = { lostForMs: () => 0, confirm }
  const session = { timeline, clock, state, signal: controller.signal, tell: () => undefined, recording }
  const awaited = awaitConfirmed(
    session,
    ({ pods }) =>
      pods.size > 0
        ? { done: true }
        : {
            done: false,
            reason: 'no pod',
            hopeless: clock.monotonicMs() >= hopelessAtMs ? 'never' : undefined,
          },
    timeoutMs,
  )
  const passes = async (seconds: number) => {
    for (let s = 0; s < seconds; s++) {
      clock.advance(1_000)
      vi.advanceTimersByTime(1_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { awaited, tell, controller, passes, asked: () => asked }
}

describe('a wait whose end is held against the server', () => {
  it('ends where the server says the same', async () => {
    const wait = waiting(() => true)
    wait.tell()
    expect(await wait.awaited).toEqual({ outcome: 'reached', reason: null })
    expect(wait.asked()).toBe(1)
  })

  it('asks now and then while the watch is silent, and ends by what it hears', async () => {
    let times = 0
    const wait = waiting((tell) => {
      times += 1
      if (times === 2) tell()
      return times !== 2
    })
    await wait.passes(45)
    expect(await wait.awaited).toEqual({ outcome: 'reached', reason: null })
  })

  it('goes on where what made it hopeless was not so', async () => {
    let isBehind = true
    const server = (tell: () => void) => {
      if (!isBehind) return true
      isBehind = false
      tell()
      return false
    }
    const wait = waiting(server, 60_000, 5_000)
    await wait.passes(6)
    expect(await wait.awaited).toEqual({ outcome: 'reached', reason: null })
  })

  it('is hopeless where the server says the same', async () => {
    const wait = waiting(() => true, 60_000, 5_000)
    await wait.passes(6)
    expect(await wait.awaited).toEqual({ outcome: 'hopeless', reason: 'never' })
  })

  it('is over in time all the same, and names the whole time', async () => {
    const wait = waiting(() => true)
    await wait.passes(61)
    expect(await wait.awaited).toEqual({ outcome: 'timeout', reason: 'after 60 s still waiting: no pod' })
  })

  it('does not go on for ever with a watch that is never sure', async () => {
    const wait = waiting(() => false)
    await wait.passes(61)
    expect(await wait.awaited).toMatchObject({ outcome: 'timeout' })
  })

  it('is lost where the server cannot be asked, and interrupted where we are', async () => {
    const lost = waiting(() => {
      throw undecidedError('unavailable', 'no answer', 'try again')
    })
    lost.tell()
    expect(await lost.awaited).toEqual({ outcome: 'lost', reason: 'no answer' })
    const interrupted = waiting(() => {
      interrupted.controller.abort()
      throw new Error('aborted')
    })
    interrupted.tell()
    expect(await interrupted.awaited).toMatchObject({ outcome: 'interrupted' })
  })
})
