import type { ContainerFacts } from '../../timeline/facts.ts'
import { podsOf, stateAfter } from '../../timeline/state.ts'
import { cannotFail } from '../cannot-fail.ts'
import { fail, inconclusive, listOf, pass } from '../judgement.ts'
import { isJudgement, latestSeq, subjectOf } from '../subject.ts'
import type { StepCheck } from './step-check.ts'

const expected = 'in every pod a readiness probe that can say no'

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
    if (without.length > 0) {
      const names = listOf(without.map(({ name }) => name))
      return fail({
        reason: `no readiness probe: ${names}`,
        expected,
        actual: `none in ${names}`,
        evidence: seqs,
      })
    }
    const idle = pods.filter(({ containers }) => containers.every((each) => !asksSomething(each)))
    const [first] = idle
    if (first !== undefined) {
      const names = listOf(idle.map(({ name }) => name))
      const command = first.containers.find((each) => each.readinessCommand !== null)?.readinessCommand ?? []
      const reason = `the readiness probe of ${names} cannot fail: ${command.join(' ').trim()}`
      return fail({ reason, expected, actual: `a probe that asks nothing in ${names}`, evidence: seqs })
    }
    return pass({ reason: `all ${pods.length} pods have one`, expected, actual: 'probed', evidence: seqs })
  },
}

/** A probe that answers yes whatever there is to see is none. */
const asksSomething = ({ hasReadinessProbe, readinessCommand }: ContainerFacts): boolean =>
  hasReadinessProbe && (readinessCommand === null || !cannotFail(readinessCommand))
