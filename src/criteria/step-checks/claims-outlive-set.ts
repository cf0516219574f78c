import { isReady, stateAfter } from '../../timeline/state.ts'
import { fail, inconclusive, listOf, pass } from '../judgement.ts'
import { latestSeq } from '../subject.ts'
import type { StepCheck } from './step-check.ts'

export const claimsOutliveSet: StepCheck = {
  id: 'claims-outlive-set',
  title: 'The claims are still there without the set',
  hint: 'claims went with the set: look at its persistentVolumeClaimRetentionPolicy (whenDeleted)',
  judge({ observations, target }) {
    const expected = 'every claim of the set, and none marked for deletion'
    const { claims, statefulsets, pods } = stateAfter(observations)
    const known = new Map<string, string>()
    for (const each of observations)
      if (each.stream === 'claims' && each.type !== 'gap' && isOf(target.name, each.object.name))
        known.set(each.object.uid, each.object.name)
    if (statefulsets.has(target.name) || known.size === 0)
      return inconclusive({
        reason: known.size === 0 ? 'no claims were seen' : `StatefulSet ${target.name} is still there`,
        expected,
        actual: 'nothing to tell from',
        evidence: [],
      })
    const lost = [...known].filter(([uid, name]) => {
      const claim = claims.get(name)
      return claim?.uid !== uid || claim.deletionTimestamp !== null
    })
    const names = [...known.values()]
    const seqs = names.map((name) => latestSeq(observations, 'claims', name, Infinity))
    const left = [...pods.values()].filter((pod) => isOf(target.name, pod.name) && isReady(pod)).length
    return lost.length === 0
      ? pass({
          reason: `${left} pods, ${names.length} claims: ${listOf(names)}`,
          expected,
          actual: listOf(names),
          evidence: seqs,
        })
      : fail({
          reason: `deleted: ${listOf(lost.map(([, name]) => name))}`,
          expected,
          actual: `${names.length - lost.length} of ${names.length} left`,
          evidence: seqs,
        })
  },
}

const isOf = (set: string, name: string): boolean => new RegExp(`(^|-)${set}-\\d+$`).test(name)
