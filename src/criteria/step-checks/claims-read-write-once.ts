import { stateAfter } from '../../timeline/state.ts'
import { fail, inconclusive, listOf, pass } from '../judgement.ts'
import { claimsLeftBy } from '../set-claims.ts'
import { isJudgement, latestSeq, subjectOf } from '../subject.ts'
import type { StepCheck } from './step-check.ts'

/** ReadWriteOncePod is stricter still, and so as good. */
const SINGLE_WRITER = ['ReadWriteOnce', 'ReadWriteOncePod']
const expected = 'ReadWriteOnce in the template and in every claim made from it'

/** Asked of the claims too: they keep what the template said when they were made. */
export const claimsReadWriteOnce: StepCheck = {
  id: 'claims-read-write-once',
  title: 'The claims ask for ReadWriteOnce',
  hint: 'neither a claim nor the claim template of a set can be changed: delete the set and its claims, then apply the right manifest',
  judge(evidence) {
    const subject = subjectOf(evidence)
    if (isJudgement(subject)) return subject
    const { observations, set, setSeq } = subject
    const claims = claimsLeftBy(set.name, stateAfter(observations).claims.values())
    const seqs = claims.map(({ name }) => latestSeq(observations, 'claims', name, Infinity))
    const more = (modes: readonly string[]): boolean => modes.some((mode) => !SINGLE_WRITER.includes(mode))
    const wrong = [
      ...set.claimTemplates
        .filter(({ accessModes }) => more(accessModes))
        .map(({ name, accessModes }) => `claim template ${name} asks for ${listOf(accessModes)}`),
      ...claims
        .filter(({ accessModes }) => more(accessModes))
        .map(({ name, accessModes, phase }) => `claim ${name} (${phase}) asks for ${listOf(accessModes)}`),
    ]
    const first = wrong[0]
    if (first !== undefined) {
      const rest = wrong.length > 1 ? `, and ${wrong.length - 1} more` : ''
      return fail({
        reason: `${first}${rest}`,
        expected,
        actual: wrong.join('; '),
        evidence: [setSeq, ...seqs],
      })
    }
    if (claims.length === 0) {
      const reason = 'no claim was seen yet'
      return inconclusive({ reason, expected, actual: 'no claims', evidence: [] })
    }
    return pass({
      reason: `${listOf(claims.map(({ name }) => name))}, and the template they are made from`,
      expected,
      actual: 'ReadWriteOnce',
      evidence: [setSeq, ...seqs],
    })
  },
}
