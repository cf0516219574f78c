import type { Clock } from '../ports.ts'
import type { Observation } from '../timeline/observation.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { RUN_LABEL } from './session.ts'

/** So long without a change, and the cluster has come to rest. */
const REST_MS = 1_500

/** Tells when somebody, or a controller, has changed something, and when that has come to an end. */
export interface RestWatch {
  /** How many changes there were so far. */
  changes(): number
  isAtRest(): boolean
  /**
   * Waits for a rest that comes after more than `after` changes and at which `worth` holds.
   * @returns false when `signal` was aborted first.
   */
  next(after: number, worth: () => boolean, signal: AbortSignal): Promise<boolean>
  stop(): void
}

export function watchRest(timeline: Timeline, clock: Clock): RestWatch {
  let changes = 0
  let changedAtMs = Number.NEGATIVE_INFINITY
  const listeners = new Set<() => void>()
  const unsubscribe = timeline.subscribe((observation) => {
    if (!isChange(observation)) return
    changes += 1
    changedAtMs = clock.monotonicMs()
    for (const listener of [...listeners]) listener()
  })
  const quietMs = (): number => clock.monotonicMs() - changedAtMs
  const changed = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        listeners.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      listeners.add(done)
      signal.addEventListener('abort', done, { once: true })
    })
  return {
    changes: () => changes,
    isAtRest: () => quietMs() >= REST_MS,
    async next(after, worth, signal) {
      while (!signal.aborted) {
        const leftMs = REST_MS - quietMs()
        if (changes > after && leftMs <= 0 && worth()) return true
        if (changes > after && leftMs > 0)
          await clock.sleep(leftMs, signal).catch((error: unknown) => {
            if (!signal.aborted) throw error
          })
        else await changed(signal)
      }
      return false
    },
    stop: unsubscribe,
  }
}

/**
 * Events only tell of what happened, and our own helper pods are nobody's repair. A gap counts: something may have
 * changed in it. So does what we do ourselves: it has yet to show.
 */
function isChange(observation: Observation): boolean {
  if (observation.stream === 'run')
    return observation.type === 'action' && observation.action.do !== 'write-token'
  if (observation.stream === 'events') return false
  if (observation.type === 'gap') return true
  return observation.stream !== 'pods' || observation.object.labels[RUN_LABEL] === undefined
}
