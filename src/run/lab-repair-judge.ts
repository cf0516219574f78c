import type { LabGoal, LabStep } from '../lab/lab.ts'
import { type Awaited, throwIfInterrupted } from './await-state.ts'
import { judgeStep } from './lab-checkpoint.ts'
import { gatherAtRest } from './lab-evidence.ts'
import { judgeGoal } from './lab-goal.ts'
import type { LabRun } from './lab-run.ts'
import type { StepVerdict } from './lab-verdict.ts'
import type { RestWatch } from './rest.ts'

/** What a repair has to come to. */
export type Fixed = Extract<LabGoal, { readonly see: 'fixed' }>

/** A repair that is going on, with what judges it. */
export interface Repair {
  readonly run: LabRun
  readonly step: LabStep
  readonly goal: Fixed
  readonly rest: RestWatch
}

/** What is missing of as many pods as asked, all ready: only then is a judgement worth its readings. */
export function whatIsMissing({ run, goal }: Repair): string | null {
  const { statefulSet, sitting } = run
  const set = sitting.session.state.statefulsets.get(statefulSet)
  if (set !== undefined && set.deletionTimestamp !== null)
    return `StatefulSet ${statefulSet} is being deleted`
  const progress = judgeGoal(goal, run.goal(new Map())())
  return progress.done ? null : progress.reason
}

/**
 * Reads anew and judges. What was read counts only if nothing changed meanwhile.
 * @param changes how many there were when the set was seen to be up.
 * @returns 'changed' when there are more now.
 */
export async function judgeRepair(
  repair: Repair,
  awaited: Awaited,
  changes: number,
): Promise<readonly StepVerdict[] | 'changed'> {
  const { run, step, rest } = repair
  const isUp = awaited.outcome === 'reached'
  markPhase(repair, 'end', awaited)
  // Where it is not up, the window stays empty: nothing may pass by what was read before.
  await gatherAtRest(run, isUp ? step.after : [])
  throwIfInterrupted(run.deps.signal)
  if (isUp && (rest.changes() !== changes || whatIsMissing(repair) !== null)) {
    markPhase(repair, 'begin')
    return 'changed'
  }
  return judgeStep(run, step, awaited)
}

/** The window in which the criteria look for what the repair did. */
export function markPhase({ run, step }: Repair, boundary: 'begin' | 'end', awaited?: Awaited): void {
  const { phase } = step
  if (phase === null) return
  const { outcome = null, reason = null } = awaited ?? {}
  run.sitting.session.timeline.append({ stream: 'run', type: 'phase', phase, boundary, outcome, reason })
}
