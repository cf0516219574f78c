import type { Observation } from '../timeline/observation.ts'

export type Verdict = 'pass' | 'fail' | 'inconclusive'

/** The ids of the ten success criteria, in their order. */
export type CriterionId =
  | 'pod-naming'
  | 'sequential-creation'
  | 'persistent-storage'
  | 'storage-content'
  | 'dns-resolution'
  | 'identity-persistence'
  | 'ordered-scale-up'
  | 'ordered-scale-down'
  | 'pvc-retention'
  | 'pvc-reuse'

/** What a judge concludes. `reason` is one sentence with names and values in it. */
export interface Judgement {
  readonly verdict: Verdict
  readonly reason: string
  readonly expected: string
  readonly actual: string
  /** What to do about it; null uses the criterion's own hint (shown only when not passed). */
  readonly hint: string | null
  /** The observations it rests on, as `seq`. On a fail: the offending ones. Never empty on a pass. */
  readonly evidence: readonly number[]
}

/** What there was when it was last recorded. */
export interface EarlierSystem {
  readonly replicas: number
  /** UIDs of the set's claims, by name. */
  readonly claims: Readonly<Record<string, string>>
}

/** What is judged: a recording and the set it is about. `uid` null: no such set was ever seen. */
export interface Evidence {
  readonly observations: readonly Observation[]
  /** What was there before this recording began; absent: not known. */
  readonly had?: EarlierSystem | null
  readonly target: { readonly namespace: string; readonly name: string; readonly uid: string | null }
}

export interface Criterion {
  readonly number: number
  readonly id: CriterionId
  readonly title: string
  /** Why it matters, for a student: two sentences at most. */
  readonly why: string
  readonly hint: string
  /** Pure. Nothing seen is never a pass. */
  judge(evidence: Evidence): Judgement
}

/** A demand on what was built rather than on how it behaves (section 3's constraints). */
export interface Constraint {
  readonly id: string
  readonly title: string
  judge(evidence: Evidence): { readonly verdict: Verdict; readonly reason: string }
}
