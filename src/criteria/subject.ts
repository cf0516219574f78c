import type { StatefulSetFacts } from '../timeline/facts.ts'
import type { Observation, PhaseName, StreamName } from '../timeline/observation.ts'
import { expectedPodNames, type MovingState, stateAt } from '../timeline/state.ts'
import { lastWindow, type PhaseWindow, windowEnd, windowsOf } from '../timeline/windows.ts'
import type { Evidence, Judgement } from './criterion.ts'
import { fail, inconclusive } from './judgement.ts'

/** The set a recording is about, as it was last seen. */
export interface Subject {
  readonly observations: readonly Observation[]
  readonly uid: string
  /** Its latest facts: policy, templates and retention are read from here. */
  readonly set: StatefulSetFacts
  /** The observation `set` comes from. */
  readonly setSeq: number
}

/** A moment to judge the settled set at, and how the phase that led there ended. */
export interface Settled {
  readonly seq: number
  /** Begin of the phase, 0 without one. */
  readonly begin: number
  /** Last position before the next phase begins: readings up to here are about the settled set. */
  readonly until: number
  readonly state: MovingState
  /** At `until`: streams run side by side, so a claim's news may arrive just after that of the pod that needs it. */
  readonly later: MovingState
  readonly window: PhaseWindow | null
  /** The set as it was then. */
  readonly set: StatefulSetFacts
  /** Names the set's pods should have then. */
  readonly names: readonly string[]
}

/**
 * The set under judgement, or the judgement that there is none.
 * Criterion 1 says what is there instead (`pod-naming.ts`); all others cannot tell.
 */
export function subjectOf(evidence: Evidence): Subject | Judgement {
  const { observations, target } = evidence
  const expected = `a StatefulSet${target.name === '' ? '' : ` ${target.name}`} in namespace ${target.namespace}`
  if (target.uid === null) {
    return inconclusive({ reason: absence(target), expected, actual: 'no such set', evidence: [] })
  }
  const uid = target.uid
  const change = observations.findLast(
    (each) => each.stream === 'statefulsets' && each.type !== 'gap' && each.object.uid === uid,
  )
  if (change?.stream !== 'statefulsets' || change.type === 'gap') {
    const reason = `the recording holds nothing about StatefulSet ${target.name}`
    return inconclusive({ reason, expected, actual: 'nothing seen', evidence: [] })
  }
  return { observations, uid, set: change.object, setSeq: change.seq }
}

/** "there is no StatefulSet web in namespace lab"; without a name where none was asked for. */
export const absence = ({ name, namespace }: Evidence['target']): string =>
  `there is no StatefulSet${name === '' ? '' : ` ${name}`} in namespace ${namespace}`

export const isJudgement = (value: Subject | Judgement): value is Judgement => 'verdict' in value

/** The end of the last 'baseline' or 'create' window; without such a window, or while it is open, the latest moment. */
export function settled(subject: Subject): Settled {
  const { observations, uid } = subject
  const window = lastWindow(observations, 'baseline', 'create')
  const seq = window === null ? (observations.at(-1)?.seq ?? 0) : windowEnd(observations, window)
  const state = stateAt(observations, seq)
  const set = [...state.statefulsets.values()].find((each) => each.uid === uid) ?? subject.set
  const next = windowsOf(observations).find(
    (each) => window !== null && each.begin > (window.end ?? each.begin),
  )
  const until = next === undefined ? Number.POSITIVE_INFINITY : next.begin - 1
  const later = stateAt(observations, until)
  return { seq, begin: window?.begin ?? 0, until, state, later, window, set, names: expectedPodNames(set) }
}

/** Why the phase of a settled moment did not get there: null when it did, or when there was no phase. */
export function whyUnsettled({ window }: Settled): string | null {
  return window === null || window.outcome === 'reached' ? null : notReached(window)
}

/** "the pods did not all become ready: ImagePullBackOff …" for a window that is open or ended badly. */
export function notReached(window: PhaseWindow): string {
  const because = window.reason === null ? '' : `: ${window.reason}`
  switch (window.outcome) {
    case 'reached':
      return `${GOAL[window.phase]} was reached`
    case 'hopeless':
      return `${GOAL[window.phase]} cannot be reached${because}`
    case 'timeout':
      return `${GOAL[window.phase]} was not reached in time${because}`
    case 'interrupted':
      return `the run was interrupted before ${GOAL[window.phase]} was reached${because}`
    case 'lost':
      return `the API server was lost before ${GOAL[window.phase]} was reached${because}`
    case 'interfered':
      return `somebody else changed the set before ${GOAL[window.phase]} was reached${because}`
    case null:
      return `${GOAL[window.phase]} is not reached yet`
  }
}

const GOAL: Readonly<Record<PhaseName, string>> = {
  create: '"all pods are up"',
  baseline: '"all pods are ready"',
  replace: '"the deleted pod is back"',
  grow: '"the set has grown"',
  shrink: '"the set has shrunk"',
  regrow: '"the set is back at its size"',
  update: '"all pods are updated"',
  restore: '"the set is as it was found"',
}

/** Why a phase is missing from a recording: an earlier one that went wrong, or just that it was not done. */
export function whyMissing(observations: readonly Observation[], wanted: string): string {
  const broken = windowsOf(observations).findLast(
    (window) => window.phase !== 'restore' && window.outcome !== 'reached',
  )
  return broken === undefined ? `${wanted} was not part of this recording` : notReached(broken)
}

/** The latest observation up to `upTo` about an object of this name in a stream. */
export function latestSeq(
  observations: readonly Observation[],
  stream: StreamName,
  name: string,
  upTo: number,
): number | null {
  const found = observations.findLast(
    (each) => each.seq <= upTo && each.stream === stream && each.type !== 'gap' && each.object.name === name,
  )
  return found?.seq ?? null
}

/** A Parallel set keeps no order: even if it happened to, it may not the next time. */
export function parallelFails({ set, setSeq }: Subject, what: string): Judgement | null {
  if (set.podManagementPolicy !== 'Parallel') return null
  return fail({
    reason: `podManagementPolicy is Parallel, which gives no order: ${what} happened to be in order this time, or was too quick to tell`,
    expected: 'podManagementPolicy OrderedReady (the default)',
    actual: 'podManagementPolicy Parallel',
    hint: PARALLEL_HINT,
    evidence: [setSeq],
  })
}

export const PARALLEL_HINT =
  'remove podManagementPolicy: Parallel from the set (the field cannot be changed in place: delete the set and apply it again)'
