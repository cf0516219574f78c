import { type Life, livesOfSet } from '../timeline/lives.ts'
import { type PhaseWindow, windowEnd } from '../timeline/windows.ts'
import type { Subject } from './subject.ts'

/** A pod that went and the one that came in its place. */
export interface Replaced {
  readonly old: Life
  /** The first later life of that name that became ready in time, else the last one that came; null if none came. */
  readonly next: Life | null
}

/** The pods deleted in a window: those we deleted, or, where a student did it, those that went. */
export function replacedIn({ observations, uid }: Subject, window: PhaseWindow): Replaced[] {
  const end = windowEnd(observations, window)
  const lives = livesOfSet(observations, uid)
  const deletedByUs = new Set(
    observations.flatMap((each) =>
      each.seq > window.begin && each.seq <= end && each.type === 'action' && each.action.do === 'delete-pod'
        ? [each.action.uid]
        : [],
    ),
  )
  const within = (seq: number | null) => seq !== null && seq > window.begin && seq <= end
  return lives
    .filter((life) => within(life.terminating) || within(life.gone) || within(life.vanished))
    .filter((life) => deletedByUs.size === 0 || deletedByUs.has(life.uid))
    .map((old) => ({ old, next: successorOf(old, lives, end) }))
}

/** Who came after a life under the same name, up to `end`. */
export function successorOf(old: Life, lives: readonly Life[], end: number): Life | null {
  const later = lives.filter(
    (life) =>
      life.pod === old.pod && life.uid !== old.uid && life.firstSeen > old.firstSeen && life.firstSeen <= end,
  )
  return later.find((life) => life.firstReady !== null && life.firstReady <= end) ?? later.at(-1) ?? null
}
