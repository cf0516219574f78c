import { stepPassed } from './plan-proofs.ts'
import type { LabProgress } from './progress.ts'

/** How far somebody is in a lab. */
export interface LabStanding {
  readonly begun: boolean
  /** Steps that were done. */
  readonly done: number
  readonly steps: number
  /** The step to go on with; null: none, or not begun. */
  readonly current: string | null
  /** Every step was done, and all that was checked there passed. */
  readonly passed: boolean
  readonly answers: AnswerScore
}

/** Answers to the questions of a lab. */
export interface AnswerScore {
  readonly right: number
  readonly wrong: number
  /** Nothing judges them. */
  readonly open: number
}

/** @param steps the lab's steps as they are now. */
export function standingIn(progress: LabProgress | null, steps: readonly string[]): LabStanding {
  const done = steps.filter((step) => progress?.steps[step]?.doneAt != null).length
  return {
    begun: progress !== null,
    done,
    steps: steps.length,
    current: progress?.current ?? null,
    passed: progress !== null && steps.length > 0 && steps.every((step) => stepPassed(progress, step)),
    answers: answerScore(progress),
  }
}

export function answerScore(progress: LabProgress | null): AnswerScore {
  // What was written into a blank is kept with the answers; it is judged as it is saved, and is no question.
  const answers = Object.entries(progress?.answers ?? {}).flatMap(([key, answer]) =>
    key.startsWith('fill/') ? [] : [answer],
  )
  return {
    right: answers.filter(({ right }) => right === true).length,
    wrong: answers.filter(({ right }) => right === false).length,
    open: answers.filter(({ right }) => right === null).length,
  }
}

/** "5 right, 2 not"; null: there are none. */
export function answersInWords({ right, wrong, open }: AnswerScore): string | null {
  const parts = [
    ...(right + wrong > 0 ? [`${right} right`] : []),
    ...(wrong > 0 ? [`${wrong} not`] : []),
    ...(open > 0 ? [`${open} to think about`] : []),
  ]
  return parts.length === 0 ? null : parts.join(', ')
}

/** The exam in a few words; null: there was none. */
export function examInWords({ exam }: LabProgress): string | null {
  if (exam === null) return null
  const day = (time: string): string => time.slice(0, 10)
  const last = `${exam.score} of ${exam.maxScore} on ${day(exam.at)}`
  if (exam.passedAt === null) return `exam: ${last}`
  return exam.score === exam.maxScore
    ? `exam passed on ${day(exam.passedAt)}`
    : `exam passed on ${day(exam.passedAt)}, last ${last}`
}
