import { isReady, stateAfter } from '../../timeline/state.ts'
import { fail, inconclusive, listOf, pass } from '../judgement.ts'
import { claimsLeftBy } from '../set-claims.ts'
import { latestSeq } from '../subject.ts'
import type { StepCheck } from './step-check.ts'

/** Nothing seen proves nothing: besides no claims, their removal or pods that do without have to be seen. */
export const claimsRemoved: StepCheck = {
  id: 'claims-removed',
  title: 'No claim of the set is left, and no pod has one',
  hint: 'claims outlive their set: kubectl get pvc, then kubectl delete pvc for those named after it',
  judge({ observations, target }) {
    const expected = `no claim named after ${target.name}, and no pod that has one`
    const { claims, pods } = stateAfter(observations)
    const left = claimsLeftBy(target.name, claims.values())
    const names = left.map(({ name }) => name)
    const evidence = names.map((name) => latestSeq(observations, 'claims', name, Infinity))
    if (left.length > 0) {
      const leaving = left.every(({ deletionTimestamp }) => deletionTimestamp !== null)
      const reason = `${listOf(names)} ${left.length === 1 ? 'is' : 'are'} ${leaving ? 'marked for deletion, and in use by a pod' : 'still there'}`
      return fail({ reason, expected, actual: listOf(names), evidence })
    }
    const keeper = [...pods.values()].find(
      ({ controller, claims: used }) => controller !== null && used.length > 0,
    )
    if (keeper !== undefined) {
      const reason = `${keeper.name} has claim ${listOf(keeper.claims.map(({ claim }) => claim))}`
      const seq = latestSeq(observations, 'pods', keeper.name, Infinity)
      return fail({ reason, expected, actual: 'a pod with a claim', evidence: [seq] })
    }
    const removed = observations.flatMap((each) =>
      each.stream === 'claims' &&
      each.type === 'deleted' &&
      claimsLeftBy(target.name, [each.object]).length > 0
        ? [each.seq]
        : [],
    )
    const working = [...pods.values()]
      .filter((pod) => isReady(pod) && pod.controller !== null)
      .map(({ name }) => latestSeq(observations, 'pods', name, Infinity))
    if (removed.length === 0 && working.length === 0)
      return inconclusive({ reason: 'no claim was seen', expected, actual: 'nothing', evidence: [] })
    return pass({ reason: 'none is left', expected, actual: 'none', evidence: [...removed, ...working] })
  },
}
