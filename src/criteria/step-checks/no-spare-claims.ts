import { stateAfter } from '../../timeline/state.ts'
import { fail, inconclusive, listOf, pass } from '../judgement.ts'
import { claimsNamedBy, usedClaimNames } from '../set-claims.ts'
import { isJudgement, latestSeq, subjectOf } from '../subject.ts'
import type { StepCheck } from './step-check.ts'

export const noSpareClaims: StepCheck = {
  id: 'no-spare-claims',
  title: 'No claim is left that none of the pods uses',
  hint: 'compare kubectl get pvc with kubectl get pods: a claim belongs to the pod whose name it ends with',
  judge(evidence) {
    const subject = subjectOf(evidence)
    if (isJudgement(subject)) return subject
    const { observations, set, setSeq } = subject
    const used = usedClaimNames(set)
    const expected = `the claims ${listOf(used)}, and no others`
    const found = claimsNamedBy(set, stateAfter(observations).claims.values())
    const seqOf = (name: string) => latestSeq(observations, 'claims', name, Infinity)
    const spare = found.filter(({ name }) => !used.includes(name))
    const names = spare.map(({ name }) => name)
    const finding = { expected, actual: `also ${listOf(names)}`, evidence: [setSeq, ...names.map(seqOf)] }
    const staying = spare.filter(({ deletionTimestamp }) => deletionTimestamp === null)
    if (staying.length > 0) {
      const holding = listOf(staying.map(({ name }) => name))
      const reason = `the set asks for ${set.replicas} pods; nobody uses ${holding}`
      return fail({ ...finding, reason })
    }
    if (spare.length > 0)
      return inconclusive({ ...finding, reason: `marked for deletion, and still there: ${listOf(names)}` })
    if (found.length === 0)
      return inconclusive({ reason: 'the set has no claims at all', expected, actual: 'none', evidence: [] })
    const present = found.map(({ name }) => name)
    return pass({
      reason: `only ${listOf(present)} ${present.length === 1 ? 'is' : 'are'} left`,
      expected,
      actual: listOf(present),
      evidence: [setSeq, ...present.map(seqOf)],
    })
  },
}
