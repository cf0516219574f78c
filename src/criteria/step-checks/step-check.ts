import type { Evidence, Judgement } from '../criterion.ts'

/** A claim of a lab's step that is none of the ten criteria. */
export interface StepCheck {
  readonly id: string
  readonly title: string
  readonly hint: string
  /** A failure cannot be made good, so its hint gives no exercise away: it is said there too. */
  readonly isFinal?: true
  /** Pure. Nothing seen is never a pass. */
  judge(evidence: Evidence): Judgement
}
