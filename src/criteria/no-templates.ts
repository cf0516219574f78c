import type { Judgement } from './criterion.ts'
import { fail } from './judgement.ts'
import type { Subject } from './subject.ts'

/** Without claim templates a pod has nothing to come back to: known from the set alone. */
export function noTemplates({ setSeq }: Subject, expected: string): Judgement {
  return fail({
    reason: 'the set has no volumeClaimTemplates: a pod has no claim of its own to come back to',
    expected,
    actual: 'no claim templates',
    hint: 'declare volumeClaimTemplates in the set',
    evidence: [setSeq],
  })
}
