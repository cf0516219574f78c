import type { Evidence, Judgement } from '../criteria/criterion.ts'
import { cite } from '../timeline/cite.ts'
import type { Observation, Reading } from '../timeline/observation.ts'
import { lastWindow } from '../timeline/windows.ts'
import type { JudgedCheck } from './lab-checkpoint.ts'
import type { Seen, StepVerdict } from './lab-verdict.ts'

/**
 * The symptom of what is broken: a check that fails here as it is meant to. It is shown by what was read on the
 * cluster just now. Where the check passes, the cluster does not have the symptom, and the step has failed.
 */
export function symptomVerdict(step: string, check: JudgedCheck, evidence: Evidence): StepVerdict {
  const judgement = check.judge(evidence)
  const base = { step, id: `shows/${check.id}`, hint: null, title: check.title }
  const { reason, expected, actual, verdict } = judgement
  if (verdict === 'pass')
    return {
      ...base,
      verdict: 'fail',
      reason: `the symptom is not there: on this cluster ${reason}`,
      expected: 'not so, since something was broken on purpose',
      actual,
    }
  if (verdict === 'inconclusive')
    return { ...base, verdict, reason: `the symptom could not be shown: ${reason}`, expected, actual }
  return {
    ...base,
    verdict: 'pass',
    reason,
    expected,
    actual,
    seen: seenFor(evidence.observations, check.id, judgement),
  }
}

/**
 * What there is to see, without saying why it is so: what was read about it, line by line; of checks that read nothing,
 * what the judgement rests on, and then its reason is part of it.
 */
export function seenFor(
  observations: readonly Observation[],
  check: string,
  { reason, evidence }: Judgement,
): Seen {
  const begin = lastWindow(observations, 'baseline')?.begin ?? 0
  const kinds = READ[check] ?? []
  const read = observations.filter(
    (each) =>
      each.type === 'reading' &&
      each.seq > begin &&
      kinds.includes(each.reading.read) &&
      (each.reading.read !== 'dns' || each.reading.final),
  )
  if (read.length > 0) return { reason: null, lines: read.map(lineOf).sort() }
  const cited = new Set(evidence)
  return { reason, lines: observations.filter(({ seq }) => cited.has(seq)).map(lineOf) }
}

/** By check, the readings that show it to a person. */
const READ: Readonly<Record<string, readonly Reading['read'][]>> = {
  'dns-resolution': ['dns', 'dns-unavailable'],
  'persistent-storage': ['content', 'unreadable'],
  'storage-content': ['content', 'unreadable'],
}

function lineOf(observation: Observation): string {
  const { object, detail } = cite(observation)
  const named = observation.type === 'reading' && observation.reading.read.startsWith('dns')
  return named ? detail : `${object}: ${detail}`
}
