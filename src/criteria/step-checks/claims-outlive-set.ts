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
    const owned = new Set<string>()
    for (const each of observations) {
      if (each.stream !== 'claims' || each.type === 'gap' || !isOf(target.name, each.object.name)) continue
      known.set(each.object.uid, each.object.name)
      // This is how whenDeleted: Delete works: the set becomes the owner, and the claim goes with it.
      if (each.object.owners.some(({ kind }) => kind === 'StatefulSet')) owned.add(each.object.uid)
    }
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
    if (lost.length === 0)
      return pass({
        reason: `${left} pods, ${names.length} claims: ${listOf(names)}`,
        expected,
        actual: listOf(names),
        evidence: seqs,
      })
    const lostNames = listOf(lost.map(([, name]) => name))
    const finding = {
      expected,
      actual: `${names.length - lost.length} of ${names.length} left`,
      evidence: seqs,
    }
    if (lost.some(([uid]) => owned.has(uid)))
      return fail({ ...finding, reason: `deleted with the set, which owned them: ${lostNames}` })
    return inconclusive({
      ...finding,
      reason: `somebody deleted ${lostNames}: nothing in the set asks for that, so it cannot be seen any more that they would have stayed`,
      hint: 'delete the set alone, and look at the claims before you delete them',
    })
  },
}

const isOf = (set: string, name: string): boolean => new RegExp(`(^|-)${set}-\\d+$`).test(name)
