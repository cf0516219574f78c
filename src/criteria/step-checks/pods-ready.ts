import type { PodFacts } from '../../timeline/facts.ts'
import { expectedPodNames, isReady, stateAfter } from '../../timeline/state.ts'
import { fail, inconclusive, listOf, pass } from '../judgement.ts'
import { isJudgement, latestSeq, subjectOf } from '../subject.ts'
import type { StepCheck } from './step-check.ts'

export const podsReady: StepCheck = {
  id: 'pods-ready',
  title: 'Every pod that the set asks for is there and ready',
  hint: 'kubectl describe pod says why the lowest one that is not ready does not get on: its events are at the end',
  judge(evidence) {
    const subject = subjectOf(evidence)
    if (isJudgement(subject)) return subject
    const { observations, uid, set, setSeq } = subject
    const names = expectedPodNames(set)
    const expected = `${listOf(names)}, all ready`
    const { pods, statefulsets } = stateAfter(observations)
    if (statefulsets.get(set.name)?.uid !== uid || names.length === 0) {
      const reason = names.length === 0 ? 'the set asks for no pods' : `StatefulSet ${set.name} is gone`
      return inconclusive({ reason, expected, actual: 'no pods to look at', evidence: [] })
    }
    const ready: string[] = []
    const problems: string[] = []
    for (const name of names) {
      const pod = pods.get(name)
      if (pod !== undefined && pod.controller?.uid === uid && isReady(pod)) ready.push(name)
      else problems.push(pod?.controller?.uid === uid ? stateOf(pod) : `there is no ${name}`)
    }
    const seqs = [setSeq, ...names.map((name) => latestSeq(observations, 'pods', name, Infinity))]
    const actual = `${ready.length} of ${names.length} ready`
    if (problems.length > 0) return fail({ reason: problems.join('; '), expected, actual, evidence: seqs })
    return pass({ reason: `${listOf(ready)} are ready`, expected, actual, evidence: seqs })
  },
}

function stateOf(pod: PodFacts): string {
  if (pod.deletionTimestamp !== null) return `${pod.name} is terminating`
  if (pod.unschedulable !== null) return `${pod.name} has no node: ${pod.unschedulable.message}`
  const [container] = pod.containers.filter(({ ready, init }) => !ready && !init)
  const ended = container?.lastExitCode == null ? '' : `, last exit code ${container.lastExitCode}`
  const why = container?.reason == null ? '' : ` (${container.reason}${ended})`
  return `${pod.name} is ${pod.phase}, not ready${why}`
}
