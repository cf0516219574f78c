import type { Judgement, Verdict } from '../criteria/criterion.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { PhaseOutcome } from '../timeline/observation.ts'

/** One line of a checkpoint. */
export interface StepVerdict {
  readonly step: string
  /** Id of the criterion or check; 'goal' for the state that the step waits for. */
  readonly id: string
  readonly title: string
  readonly verdict: Verdict
  readonly reason: string
  readonly expected: string | null
  readonly actual: string | null
  readonly hint: string | null
  /** In an exercise: what there is to see of a check that fails, in the place of why it does. */
  readonly seen?: Seen
}

/** A failure as somebody meets it. */
export interface Seen {
  /** null: it would give the exercise away. */
  readonly reason: string | null
  readonly lines: readonly string[]
}

export function verdictOf(
  step: string,
  check: { readonly id: string; readonly title: string; readonly hint: string },
  judgement: Judgement,
): StepVerdict {
  const passed = judgement.verdict === 'pass'
  return {
    step,
    id: check.id,
    title: check.title,
    verdict: judgement.verdict,
    reason: judgement.reason,
    expected: judgement.expected,
    actual: judgement.actual,
    hint: passed ? null : (judgement.hint ?? check.hint),
  }
}

/**
 * The awaited state as a verdict. A state that cannot come any more is a failure; one that did not come in
 * time, or that nobody could see, is undecided.
 */
export function goalVerdict(
  step: string,
  title: string,
  awaited: { readonly outcome: PhaseOutcome; readonly reason: string | null },
): StepVerdict {
  const verdict: Verdict =
    awaited.outcome === 'reached' ? 'pass' : awaited.outcome === 'hopeless' ? 'fail' : 'inconclusive'
  return {
    step,
    id: 'goal',
    title,
    verdict,
    reason: awaited.reason ?? '',
    expected: null,
    actual: null,
    hint: null,
  }
}

/** 1 when anything failed, else 3 when anything is undecided or nothing was judged at all, else 0. */
export function exitOf(verdicts: readonly Pick<StepVerdict, 'verdict'>[]): ExitCode {
  if (verdicts.some(({ verdict }) => verdict === 'fail')) return EXIT.failed
  if (verdicts.length === 0 || verdicts.some(({ verdict }) => verdict === 'inconclusive'))
    return EXIT.undecided
  return EXIT.passed
}
