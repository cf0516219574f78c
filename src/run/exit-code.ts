import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { VerifyResult } from '../result.ts'

/** 1 when anything failed; 3 when something could not be decided, or nothing at all was; else 0. */
export function exitCodeOf(result: Pick<VerifyResult, 'constraints' | 'criteria' | 'error'>): ExitCode {
  const verdicts = [...result.constraints, ...result.criteria].map((each) => each.verdict)
  if (verdicts.includes('fail')) return EXIT.failed
  const decided = result.error === null && verdicts.length > 0 && !verdicts.includes('inconclusive')
  return decided ? EXIT.passed : EXIT.undecided
}
