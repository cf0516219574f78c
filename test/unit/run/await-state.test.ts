import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { awaitState, followState, type Progress, throwIfInterrupted } from '../../../src/run/await-state.ts'
import type { ClusterState } from '../../../src/timeline/state.ts'
import { Timeline } from '../../../src/timeline/timeline.ts'
import { aPod } from '../../helpers/builders.ts'
import { HeldClock } from '../../helpers/held-clock.ts'

/** Knows how many listen to it. */
class WatchedTimeline extends Timeline {
  listeners = 0
  override subscribe(listener: Parameters<Timeline['subscribe']>[0]): () => void {
    this.listeners += 1
    const end = super.subscribe(listener)
    return () => {
      this.listeners -= 1
      end()
    }
  }
}

const clock = new HeldClock()
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A second of our clock and of the timers. */
function passes(seconds: number): void {
  clock.advance(seconds * 1_000)
  vi.advanceTimersByTime(seconds * 1_000)
}

function begin(judge: (state: ClusterState) => Progress, lost = { ms: 0 }) {
  const timeline = new WatchedTimeline(() => new Date(0))
  const state = followState(timeline)
  const controller = new AbortController()
  const told: (string | null)[] = []
  const looks = { count: 0 }
  const awaited = awaitState(timeline, clock, {
    state,
    judge: (seen) => {
      looks.count += 1
      return judge(seen)
    },
    timeoutMs: 10_000,
    signal: controller.signal,
    recording: { lostForMs: () => lost.ms },
    tell: (reason) => told.push(reason),
  })
  const pod = (ordinal: number) =>
    timeline.append({ stream: 'pods', type: 'added', object: aPod({ ordinal, ready: true }) })
  return { awaited, timeline, controller, told, looks, pod }
}

const pods =
  (count: number) =>
  (state: ClusterState): Progress =>
    state.pods.size >= count ? { done: true } : { done: false, reason: `${state.pods.size} of ${count} pods` }

describe('a wait', () => {
  it('is over at once where the state is already there, and has said nothing', async () => {
    const wait = begin(pods(0))
    expect(await wait.awaited).toEqual({ outcome: 'reached', reason: null })
    expect(wait.told).toEqual([])
  })

  it('is over with the event that completes the state, without any time passing', async () => {
    const wait = begin(pods(2))
    wait.pod(0)
    await Promise.resolve()
    wait.pod(1)
    expect(await wait.awaited).toEqual({ outcome: 'reached', reason: null })
    expect(wait.told).toEqual(['0 of 2 pods', '1 of 2 pods', null])
  })

  it('looks once at events that arrive together', async () => {
    const wait = begin(pods(4))
    for (const ordinal of [0, 1, 2]) wait.pod(ordinal)
    await Promise.resolve()
    expect(wait.looks.count).toBe(2)
    wait.pod(3)
    await wait.awaited
    expect(wait.told).toEqual(['0 of 4 pods', '3 of 4 pods', null])
  })

  it('does not look again because of a mark that we made ourselves', async () => {
    const wait = begin(pods(1))
    wait.timeline.append({ stream: 'run', type: 'action', action: { do: 'other', what: 'x' } })
    await Promise.resolve()
    expect(wait.looks.count).toBe(1)
    wait.pod(0)
    await wait.awaited
  })

  it('carries the last reason when its deadline passes', async () => {
    const wait = begin(pods(2))
    wait.pod(0)
    passes(9)
    passes(1)
    expect(await wait.awaited).toEqual({
      outcome: 'timeout',
      reason: 'after 10 s still waiting: 1 of 2 pods',
    })
  })

  it('prefers a state that is there to a deadline that has passed', async () => {
    const wait = begin(pods(1))
    clock.advance(60_000)
    wait.pod(0)
    expect((await wait.awaited).outcome).toBe('reached')
  })

  it('ends as soon as it is hopeless, with why', async () => {
    const wait = begin(() => ({ done: false, reason: 'waiting', hopeless: 'no such image' }))
    expect(await wait.awaited).toEqual({ outcome: 'hopeless', reason: 'no such image' })
  })

  it('puts what somebody else did before what is hopeless', async () => {
    const wait = begin(() => ({ done: false, reason: 'x', hopeless: 'no', interfered: 'scaled by another' }))
    expect(await wait.awaited).toEqual({ outcome: 'interfered', reason: 'scaled by another' })
  })

  it('ends interrupted when its signal is aborted, and does not reject', async () => {
    const wait = begin(pods(1))
    wait.controller.abort()
    expect(await wait.awaited).toEqual({ outcome: 'interrupted', reason: 'interrupted' })
  })

  it('ends lost when the API server has been silent for longer than it takes to come back', async () => {
    const lost = { ms: 45_000 }
    const wait = begin(pods(1), lost)
    lost.ms = 46_000
    passes(1)
    expect(await wait.awaited).toEqual({
      outcome: 'lost',
      reason: 'the API server has not answered for 46 s',
    })
  })

  it.each([
    ['reached', (wait: ReturnType<typeof begin>) => wait.pod(0)],
    ['timeout', () => passes(10)],
    ['interrupted', (wait: ReturnType<typeof begin>) => wait.controller.abort()],
  ])('leaves no listener and no timer behind: %s', async (outcome, end) => {
    const wait = begin(pods(1))
    expect(wait.timeline.listeners).toBe(2)
    const removed = vi.spyOn(wait.controller.signal, 'removeEventListener')
    end(wait)
    expect((await wait.awaited).outcome).toBe(outcome)
    expect(wait.timeline.listeners).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
    expect(removed).toHaveBeenCalled()
    const looks = wait.looks.count
    wait.pod(1)
    await Promise.resolve()
    expect(wait.looks.count).toBe(looks)
  })
})

describe('a signal that is aborted before the wait', () => {
  it('ends it before anything is looked at', async () => {
    const timeline = new WatchedTimeline(() => new Date(0))
    const judge = vi.fn((): Progress => ({ done: true }))
    const awaited = await awaitState(timeline, clock, {
      state: followState(timeline),
      judge,
      timeoutMs: 10_000,
      signal: AbortSignal.abort(),
      recording: { lostForMs: () => 0 },
    })
    expect(awaited.outcome).toBe('interrupted')
    expect(judge).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('throws where a caller cannot go on', () => {
    expect(() => throwIfInterrupted(AbortSignal.abort())).toThrow('interrupted')
    expect(() => throwIfInterrupted(new AbortController().signal)).not.toThrow()
  })
})
