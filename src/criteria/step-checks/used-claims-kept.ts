import { stateAfter } from '../../timeline/state.ts'
import { fail, inconclusive, listOf, pass } from '../judgement.ts'
import { usedClaimNames } from '../set-claims.ts'
import { isJudgement, latestSeq, subjectOf } from '../subject.ts'
import type { StepCheck } from './step-check.ts'

/**
 * A claim is its UID: one made anew under the same name has an empty volume. Where an earlier recording knew them, it
 * is those that count, whatever there was when this one began.
 */
export const usedClaimsKept: StepCheck = {
  id: 'used-claims-kept',
  title: 'The claims in use were left alone',
  hint: 'a deleted claim cannot be taken back: sts-lab reset builds the exercise anew',
  isFinal: true,
  judge(evidence) {
    const subject = subjectOf(evidence)
    if (isJudgement(subject)) return subject
    const { observations, set } = subject
    const had = new Map(Object.entries(evidence.had?.claims ?? {}))
    const names = usedClaimNames(set)
    const { claims } = stateAfter(observations)
    const expected = `the very claims ${listOf(names)} that were there, none of them being deleted`
    const firstOf = (name: string) =>
      observations.find(
        (each) => each.stream === 'claims' && each.type !== 'gap' && each.object.name === name,
      )
    const evidenceOf = (...of: readonly string[]) =>
      of.flatMap((name) => [firstOf(name)?.seq ?? null, latestSeq(observations, 'claims', name, Infinity)])
    for (const name of names) {
      const first = firstOf(name)
      if (first?.stream !== 'claims' || first.type === 'gap') {
        const reason = `claim ${name} was never seen`
        return inconclusive({ reason, expected, actual: `no ${name}`, evidence: [] })
      }
      const now = claims.get(name)
      const lost =
        now === undefined
          ? 'was deleted'
          : had.size > 0 && !had.has(name)
            ? 'is a new one: the pods do not use those any more that were there'
            : now.uid !== (had.get(name) ?? first.object.uid)
              ? 'is another one than before: the first was deleted, and its data with it'
              : now.deletionTimestamp !== null
                ? 'is marked for deletion, and goes as soon as no pod uses it any more'
                : null
      if (lost === null) continue
      const reason = `claim ${name} ${lost}`
      const hint =
        had.size > 0 && !had.has(name)
          ? 'if those claims are still there, a set whose template has its old name takes them over'
          : null
      return fail({ reason, expected, actual: `${name} ${lost}`, hint, evidence: evidenceOf(name) })
    }
    return pass({
      reason: `${listOf(names)}: the same as before`,
      expected,
      actual: `${names.length} kept`,
      evidence: evidenceOf(...names),
    })
  },
}
