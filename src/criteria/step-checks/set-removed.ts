import { isReady, stateAfter } from '../../timeline/state.ts'
import { fail, inconclusive, listOf, pass } from '../judgement.ts'
import { latestSeq } from '../subject.ts'
import type { StepCheck } from './step-check.ts'

/** Nothing seen proves nothing: besides the missing set, its removal or other pods at work have to be seen. */
export const setRemoved: StepCheck = {
  id: 'set-removed',
  title: 'The StatefulSet and its pods are gone',
  hint: 'kubectl delete statefulset; its pods go with it, its claims do not',
  judge({ observations, target }) {
    const expected = `no StatefulSet ${target.name}, and no pod of one`
    const { statefulsets, pods } = stateAfter(observations)
    const set = statefulsets.get(target.name)
    const setSeq = latestSeq(observations, 'statefulsets', target.name, Infinity)
    const seqOf = (name: string) => latestSeq(observations, 'pods', name, Infinity)
    if (set !== undefined) {
      const state = set.deletionTimestamp === null ? 'is still there' : 'is being deleted, and not gone yet'
      const reason = `StatefulSet ${set.name} ${state}: ${set.replicas} replicas`
      return fail({ reason, expected, actual: `StatefulSet ${set.name}`, evidence: [setSeq] })
    }
    const left = [...pods.values()].filter(
      ({ controller }) => controller?.kind === 'StatefulSet' && controller.name === target.name,
    )
    const names = left.map(({ name }) => name)
    if (left.length > 0)
      return fail({
        reason: `pods of it are still there: ${listOf(names)}`,
        expected,
        actual: listOf(names),
        evidence: names.map(seqOf),
      })
    const others = [...pods.values()]
      .filter((pod) => isReady(pod) && pod.controller !== null)
      .map(({ name }) => name)
    const evidence = [setSeq, ...others.map(seqOf)]
    if (evidence.every((seq) => seq === null))
      return inconclusive({ reason: 'nothing was seen', expected, actual: 'nothing', evidence: [] })
    return pass({ reason: `there is no StatefulSet ${target.name}`, expected, actual: 'none', evidence })
  },
}
