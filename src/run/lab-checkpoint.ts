import type { Evidence } from '../criteria/criterion.ts'
import { criteria } from '../criteria/index.ts'
import { stepChecks } from '../criteria/step-checks/index.ts'
import type { StepCheck } from '../criteria/step-checks/step-check.ts'
import type { LabGoal, LabStep } from '../lab/lab.ts'
import type { Awaited } from './await-state.ts'
import { goalTitle } from './lab-goal.ts'
import type { LabRun } from './lab-run.ts'
import { seenFor, symptomVerdict } from './lab-symptom.ts'
import { goalVerdict, type StepVerdict, verdictOf } from './lab-verdict.ts'

/** Judges a step from its recording: first whether the awaited state came, then each of its checks. */
export function judgeStep(run: LabRun, step: LabStep, awaited: Awaited | null): StepVerdict[] {
  const verdicts: StepVerdict[] = []
  if (step.until !== null && awaited !== null)
    verdicts.push(
      goalVerdict(step.id, goalTitle(step.until, run.keepNamespace), shown(run, step.until, awaited)),
    )
  const { timeline } = run.sitting.session
  const evidence: Evidence = {
    observations: timeline.observations,
    had: run.broken,
    target: { namespace: run.namespace, name: run.statefulSet, uid: setUid(run) },
  }
  for (const id of step.checks) {
    const check = checkNamed(id, step)
    const judgement = check.judge(evidence)
    const verdict = verdictOf(step.id, check, judgement)
    // Why it fails is what the student is to find out.
    const isExercise = step.until?.see === 'fixed' && run.deps.conversation.interactive
    const seen =
      isExercise && verdict.verdict === 'fail' ? seenFor(evidence.observations, id, judgement) : null
    const hint = isExercise && check.isFinal !== true ? null : verdict.hint
    verdicts.push(isExercise ? { ...verdict, hint, ...(seen === null ? {} : { seen }) } : verdict)
  }
  for (const id of step.shows) verdicts.push(symptomVerdict(step.id, checkNamed(id, step), evidence))
  return verdicts
}

/** Of a set that is, or may be, stuck, what holds it up is the news. */
function shown(run: LabRun, until: LabGoal, awaited: Awaited): Awaited {
  if ((until.see !== 'stuck' && until.see !== 'settled') || awaited.outcome !== 'reached') return awaited
  const { state, statefulSet, diagnose } = run.goal(new Map())()
  const set = state.statefulsets.get(statefulSet)
  return { ...awaited, reason: set === undefined ? null : (diagnose(state, set)?.reason ?? null) }
}

/** A criterion or a step's check, whichever has the id. */
export type JudgedCheck = Pick<StepCheck, 'id' | 'title' | 'hint' | 'isFinal' | 'judge'>

function checkNamed(id: string, step: LabStep): JudgedCheck {
  const check = criteria.find((each) => each.id === id) ?? stepChecks.find((each) => each.id === id)
  if (check === undefined) throw new Error(`step ${step.id} names a check that does not exist: ${id}`)
  return check
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
