import { claimName, expectedPodNames, stateAfter } from '../../timeline/state.ts'
import { fail, listOf, pass } from '../judgement.ts'
import { noTemplates } from '../no-templates.ts'
import { isJudgement, latestSeq, subjectOf } from '../subject.ts'
import type { StepCheck } from './step-check.ts'

export const claimPerPod: StepCheck = {
  id: 'claim-per-pod',
  title: 'Each pod has its own bound claim',
  hint: 'kubectl describe pvc says why a claim is not bound',
  judge(evidence) {
    const subject = subjectOf(evidence)
    if (isJudgement(subject)) return subject
    const { observations, set } = subject
    if (set.claimTemplates.length === 0) return noTemplates(subject, 'a bound claim for each pod')
    const { claims } = stateAfter(observations)
    const wanted = expectedPodNames(set).flatMap((pod) =>
      set.claimTemplates.map((template) => claimName(template.name, pod)),
    )
    const expected = `${wanted.length} bound claims, one for each pod`
    const missing = wanted.filter((name) => claims.get(name)?.phase !== 'Bound')
    const seqs = wanted.map((name) => latestSeq(observations, 'claims', name, Infinity))
    return missing.length === 0
      ? pass({
          reason: `${listOf(wanted)} are bound`,
          expected,
          actual: `${wanted.length} bound`,
          evidence: seqs,
        })
      : fail({ reason: `not bound: ${listOf(missing)}`, expected, actual: listOf(missing), evidence: seqs })
  },
}
