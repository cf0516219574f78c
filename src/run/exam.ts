import { EXIT } from '../exit-codes.ts'
import type { VerifyResult } from '../result.ts'
import { exitCodeOf } from './exit-code.ts'
import type { ExamResult, LabProgress } from './progress.ts'

/** Whether a result is of the whole exam: every criterion of the lab was judged, and the run came to its end. */
export const isWholeExam = (result: VerifyResult, criteria: readonly string[]): boolean =>
  result.error === null &&
  criteria.length > 0 &&
  criteria.every((id) => result.criteria.some((criterion) => criterion.id === id))

/** Everything passed, criteria and constraints. */
export const isPassed = (result: VerifyResult): boolean => exitCodeOf(result) === EXIT.passed

/** The lab's progress with this exam in it. Passed once, it stays passed. */
export const withExam = (progress: LabProgress, result: VerifyResult, now: Date): LabProgress => ({
  ...progress,
  exam: examOf(result, progress.exam, now),
  updatedAt: now.toISOString(),
})

function examOf(result: VerifyResult, before: ExamResult | null, now: Date): ExamResult {
  const { score, maxScore } = result.summary
  const at = now.toISOString()
  return {
    at,
    passedAt: isPassed(result) ? at : (before?.passedAt ?? null),
    score,
    maxScore,
    verdicts: Object.fromEntries(
      [...result.constraints, ...result.criteria].map(({ id, verdict }) => [id, verdict]),
    ),
  }
}
