import { podsOf, stateAfter } from '../../timeline/state.ts'
import { fail, inconclusive, listOf, pass } from '../judgement.ts'
import { isJudgement, latestSeq, subjectOf } from '../subject.ts'
import type { StepCheck } from './step-check.ts'

const expected = 'a readiness probe in every pod'

export const readinessProbed: StepCheck = {
  id: 'readiness-probed',
  title: 'A readiness probe says when each pod is ready',
  hint: 'without a probe a pod counts as ready as soon as its container runs, able to answer or not: mend the probe, keep it',
  judge(evidence) {
    const subject = subjectOf(evidence)
    if (isJudgement(subject)) return subject
    const { observations, uid } = subject
    const pods = podsOf(stateAfter(observations), uid).filter((pod) => pod.deletionTimestamp === null)
    const seqs = pods.map(({ name }) => latestSeq(observations, 'pods', name, Infinity))
    if (pods.length === 0)
      return inconclusive({ reason: 'the set has no pods', expected, actual: 'no pods', evidence: [] })
    const without = pods.filter(({ containers }) => !containers.some((each) => each.hasReadinessProbe))
    const names = listOf(without.map(({ name }) => name))
    return without.length > 0
      ? fail({ reason: `no readiness probe: ${names}`, expected, actual: `none in ${names}`, evidence: seqs })
      : pass({ reason: `all ${pods.length} pods have one`, expected, actual: 'probed', evidence: seqs })
  },
}
