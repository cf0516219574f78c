import type { Evidence } from '../criteria/criterion.ts'
import { criteria } from '../criteria/index.ts'
import { stepChecks } from '../criteria/step-checks/index.ts'
import type { LabStep } from '../lab/lab.ts'
import type { Awaited } from './await-state.ts'
import { goalTitle } from './lab-goal.ts'
import type { LabRun } from './lab-run.ts'
import { goalVerdict, type StepVerdict, verdictOf } from './lab-verdict.ts'

/** Judges a step from its recording: first whether the awaited state came, then each of its checks. */
export function judgeStep(run: LabRun, step: LabStep, awaited: Awaited | null): StepVerdict[] {
  const verdicts: StepVerdict[] = []
  if (step.until !== null && awaited !== null)
    verdicts.push(goalVerdict(step.id, goalTitle(step.until, run.keepNamespace), awaited))
  const { timeline } = run.sitting.session
  const evidence: Evidence = {
    observations: timeline.observations,
    target: { namespace: run.namespace, name: run.statefulSet, uid: setUid(run) },
  }
  for (const id of step.checks) {
    const check = criteria.find((each) => each.id === id) ?? stepChecks.find((each) => each.id === id)
    if (check === undefined) throw new Error(`step ${step.id} names a check that does not exist: ${id}`)
    verdicts.push(verdictOf(step.id, check, check.judge(evidence)))
  }
  return verdicts
}

/** The set that is there, else the last one that was seen. */
function setUid(run: LabRun): string | null {
  const { state, timeline } = run.sitting.session
  const present = state.statefulsets.get(run.statefulSet)
  if (present !== undefined) return present.uid
  const last = timeline.observations.findLast(
    (each) => each.stream === 'statefulsets' && each.type !== 'gap' && each.object.name === run.statefulSet,
  )
  return last?.stream === 'statefulsets' && last.type !== 'gap' ? last.object.uid : null
}
