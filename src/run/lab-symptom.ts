import type { Evidence } from '../criteria/criterion.ts'
import { citeAll } from '../timeline/cite.ts'
import type { Observation } from '../timeline/observation.ts'
import { lastWindow } from '../timeline/windows.ts'
import type { JudgedCheck } from './lab-checkpoint.ts'
import type { StepVerdict } from './lab-verdict.ts'

/**
 * The symptom of what is broken: a check that fails here as it is meant to. It is shown by what was read on the
 * cluster just now. Where the check passes, the cluster does not have the symptom, and the step has failed.
 */
export function symptomVerdict(step: string, check: JudgedCheck, evidence: Evidence): StepVerdict {
  const judgement = check.judge(evidence)
  const base = { step, id: `shows/${check.id}`, hint: null, title: 'Symptom' }
  const { reason, expected, actual, verdict } = judgement
  if (verdict === 'pass')
    return {
      ...base,
      verdict: 'fail',
      reason: `it is not there: on this cluster ${reason}`,
      expected: 'the symptom of what was broken on purpose',
      actual,
    }
  if (verdict === 'inconclusive')
    return { ...base, verdict, reason: `it could not be shown: ${reason}`, expected, actual }
  const symptom = { promise: check.title, lines: linesOf(evidence.observations, judgement.evidence) }
  return { ...base, verdict: 'pass', reason, expected, actual, symptom }
}

/** What was read for the step, line by line; where nothing was, what the judgement rests on. */
function linesOf(observations: readonly Observation[], cited: readonly number[]): readonly string[] {
  const begin = lastWindow(observations, 'baseline')?.begin ?? 0
  const read = observations.filter(
    (each) =>
      each.type === 'reading' && each.seq > begin && (each.reading.read !== 'dns' || each.reading.final),
  )
  const seqs = read.length > 0 ? read.map(({ seq }) => seq) : cited
  return citeAll(observations, seqs).map(({ object, detail }) => `${object}  ${detail}`)
}
