import { constraints } from '../criteria/constraints.ts'
import type { CriterionId, Evidence } from '../criteria/criterion.ts'
import { criteria } from '../criteria/index.ts'
import type { CriterionResult, VerifyResult } from '../result.ts'
import { cite } from '../timeline/cite.ts'
import type { Observation } from '../timeline/observation.ts'
import { PHASES } from './verify-phases.ts'

/** More offending events than these help nobody. */
const MAX_CITED = 12

/** The verdicts on a recording: the same for a run just made and for one read back from a file. */
export function judge(
  evidence: Evidence,
  only: readonly CriterionId[] | null = null,
): Pick<VerifyResult, 'constraints' | 'criteria' | 'summary'> {
  const bySeq = new Map(evidence.observations.map((observation) => [observation.seq, observation]))
  const results = criteria
    .filter((criterion) => only === null || only.includes(criterion.id))
    .map((criterion): CriterionResult => {
      const judgement = criterion.judge(evidence)
      const cited = judgement.evidence.flatMap((seq) => bySeq.get(seq) ?? [])
      return {
        number: criterion.number,
        id: criterion.id,
        title: criterion.title,
        verdict: judgement.verdict,
        reason: judgement.reason,
        expected: judgement.expected,
        actual: judgement.actual,
        hint: judgement.verdict === 'pass' ? null : (judgement.hint ?? criterion.hint),
        durationMs: durationOf(criterion.id, evidence.observations),
        evidence: cited.slice(0, MAX_CITED).map(cite),
      }
    })
  const count = (verdict: CriterionResult['verdict']) =>
    results.filter((result) => result.verdict === verdict).length
  return {
    constraints: constraints.map((constraint) => ({
      id: constraint.id,
      title: constraint.title,
      ...constraint.judge(evidence),
    })),
    criteria: results,
    summary: {
      passed: count('pass'),
      failed: count('fail'),
      inconclusive: count('inconclusive'),
      score: count('pass'),
      maxScore: results.length,
    },
  }
}

/** The phase that proves it first, from begin to end, ms on our clock. */
function durationOf(id: CriterionId, observations: readonly Observation[]): number {
  const phase = PHASES.find((candidate) => candidate.proves.includes(id))?.name
  let begin: string | null = null
  for (const observation of observations) {
    if (observation.type !== 'phase' || observation.phase !== phase) continue
    if (observation.boundary === 'begin') begin = observation.at
    else if (begin !== null) return Date.parse(observation.at) - Date.parse(begin)
  }
  return 0
}
