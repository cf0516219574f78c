import { interruptedError } from '../errors.ts'
import type { Clock, Recording } from '../ports.ts'
import type { PhaseOutcome } from '../timeline/observation.ts'
import { type ClusterState, MovingState } from '../timeline/state.ts'
import type { Timeline } from '../timeline/timeline.ts'

/** What a judge of a wait says of a state: `reason` is what is still missing, `hopeless` why it will never come. */
export type Progress =
  | { readonly done: true }
  | {
      readonly done: false
      readonly reason: string
      readonly hopeless?: string | undefined
      /** Somebody else changed what we work on. */
      readonly interfered?: string | undefined
    }

export interface Awaited {
  readonly outcome: PhaseOutcome
  /** Why it was not reached; null when it was. */
  readonly reason: string | null
}

/** The present state of a timeline, kept up to date. Create it before the recording starts. */
export function followState(timeline: Timeline): ClusterState {
  const state = new MovingState()
  for (const observation of timeline.observations) state.apply(observation)
  timeline.subscribe((observation) => state.apply(observation))
  return state
}

/** How long the API server may stay silent before a wait gives up, and how often time alone is looked at. */
const LOST_PATIENCE_MS = 45_000
const TICK_MS = 500

/**
 * Waits until the recorded state satisfies `judge`, told by the watch, not by polling; the half-second tick is
 * only for what time decides (deadline, patience, lost server). Never rejects: an abort is the outcome 'interrupted'.
 *
 * @param timeoutMs deadline from now; a timeout carries the last reason seen.
 */
export function awaitState(
  timeline: Timeline,
  clock: Clock,
  options: {
    readonly state: ClusterState
    readonly judge: (state: ClusterState) => Progress
    readonly timeoutMs: number
    /** When the whole wait began, for the words of a timeout, where this is a part of it. */
    readonly beganMs?: number
    readonly signal: AbortSignal
    readonly recording: Pick<Recording, 'lostForMs'>
    /** Hears each new reason for waiting (null once over). */
    readonly tell?: ((reason: string | null) => void) | undefined
  },
): Promise<Awaited> {
  const { state, judge, timeoutMs, signal, recording, tell } = options
  const startedMs = clock.monotonicMs()
  const { beganMs = startedMs } = options
  return new Promise((resolve) => {
    let last = ''
    let pending = false
    let finished = false
    const finish = (outcome: PhaseOutcome, reason: string | null) => {
      if (finished) return
      finished = true
      unsubscribe()
      clearInterval(ticker)
      signal.removeEventListener('abort', onAbort)
      if (last !== '') tell?.(null)
      resolve({ outcome, reason })
    }
    const look = () => {
      pending = false
      if (finished) return
      const progress = judge(state)
      if (progress.done) return finish('reached', null)
      if (progress.reason !== last) {
        last = progress.reason
        tell?.(last)
      }
      if (progress.interfered !== undefined) return finish('interfered', progress.interfered)
      if (progress.hopeless !== undefined) return finish('hopeless', progress.hopeless)
      const lostMs = recording.lostForMs()
      if (lostMs > LOST_PATIENCE_MS)
        return finish('lost', `the API server has not answered for ${Math.round(lostMs / 1000)} s`)
      if (clock.monotonicMs() - startedMs >= timeoutMs)
        return finish(
          'timeout',
          `after ${Math.round((timeoutMs + startedMs - beganMs) / 1000)} s still waiting: ${last}`,
        )
    }
    const onAbort = () => finish('interrupted', 'interrupted')
    const unsubscribe = timeline.subscribe((observation) => {
      if (observation.stream === 'run' || pending || finished) return
      // One look per batch: several events often arrive in one chunk, and the state must have seen them all.
      pending = true
      queueMicrotask(look)
    })
    const ticker = setInterval(look, TICK_MS)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) return onAbort()
    look()
  })
}

/** Throws what a caller that cannot go on should throw when the signal is aborted. */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw interruptedError()
}
