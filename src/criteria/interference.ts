import type { StatefulSetFacts } from '../timeline/facts.ts'
import { stateAt } from '../timeline/state.ts'
import { type PhaseWindow, windowEnd } from '../timeline/windows.ts'
import type { Judgement } from './criterion.ts'
import { inconclusive } from './judgement.ts'
import type { Subject } from './subject.ts'

/**
 * Whether somebody else changed the set's size inside a window: the run says so, or spec.replicas took a
 * value that neither the begin nor our own scaling explains. Where we did not scale (a student did), any
 * steps in one direction are theirs to take; going back and forth is not one scaling, whoever did it. Nor is
 * making the set anew with another number.
 * @returns a sentence, or null.
 */
function interference(subject: Subject, window: PhaseWindow): string | null {
  if (window.outcome === 'interfered')
    return `somebody else changed the set meanwhile${window.reason === null ? '' : `: ${window.reason}`}`
  const { observations, set } = subject
  const end = windowEnd(observations, window)
  const sizes = sizesIn(subject, window.begin, end)
  const ours = observations.flatMap((each) =>
    each.seq > window.begin &&
    each.seq <= end &&
    each.type === 'action' &&
    each.action.do === 'scale' &&
    each.action.set === set.name
      ? [each.action.from, each.action.to]
      : [],
  )
  if (ours.length > 0) {
    const foreign = sizes.find((size, index) => index > 0 && !ours.includes(size))
    if (foreign !== undefined) return `somebody else set replicas to ${foreign} meanwhile`
  }
  const scaled = window.phase === 'grow' || window.phase === 'shrink'
  if (scaled && sizeAt(subject, window.begin) === null) return 'the set was made anew meanwhile'
  const steps = sizes.slice(1).map((size, index) => Math.sign(size - (sizes[index] ?? size)))
  const mixed = steps.includes(1) && steps.includes(-1)
  return mixed ? `replicas went back and forth meanwhile (${sizes.join(' → ')})` : null
}

/** Undecided where somebody else changed the set's size inside a window; null where nobody did. */
export function disturbance(subject: Subject, window: PhaseWindow, expected: string): Judgement | null {
  const reason = interference(subject, window)
  if (reason === null) return null
  const evidence = [window.begin, window.end]
  return inconclusive({ reason, expected, actual: 'disturbed', hint: UNDISTURBED, evidence })
}

/** Whether the set's size was changed at all, where it should not be. @returns a sentence, or null. */
export function resized(subject: Subject, window: PhaseWindow): string | null {
  const sizes = sizesIn(subject, window.begin, windowEnd(subject.observations, window))
  return sizes.length > 1 ? `the size of the set was changed meanwhile (${sizes.join(' → ')})` : null
}

/** Values of spec.replicas, the one at `begin` first, without repetitions. */
function sizesIn(subject: Subject, begin: number, end: number): number[] {
  const before = sizeAt(subject, begin)
  const sizes = before === null ? [] : [before]
  for (const each of subject.observations) {
    if (each.seq <= begin || each.seq > end || each.stream !== 'statefulsets' || each.type === 'gap') continue
    if (each.object.uid === subject.uid && each.object.replicas !== sizes.at(-1))
      sizes.push(each.object.replicas)
  }
  return sizes
}

/** spec.replicas at a moment; null before the set existed. */
export function sizeAt({ observations, uid }: Subject, seq: number): number | null {
  const sets: StatefulSetFacts[] = [...stateAt(observations, seq).statefulsets.values()]
  return sets.find((set) => set.uid === uid)?.replicas ?? null
}

const UNDISTURBED =
  'do it once more: change the size once, straight to the number wanted, and leave the set alone meanwhile'
