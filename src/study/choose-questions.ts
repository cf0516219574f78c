import { shuffled } from './random.ts'
import type { StudyRecord } from './scores.ts'
import type { StudyQuestion } from './study.ts'

export interface SittingWishes {
  /** Also what is not due yet. */
  readonly all: boolean
  /** At most so many; null: no limit. */
  readonly count: number | null
  /** Numbers from 0 up to 1. */
  readonly random: () => number
}

/**
 * The questions of one sitting, in the order to ask them: what is due, the longest overdue first, then what was
 * never asked, mixed. Choices are mixed too, so that nobody learns their numbers.
 */
export function chooseQuestions(
  questions: readonly StudyQuestion[],
  record: StudyRecord,
  now: Date,
  { all, count, random }: SittingWishes,
): StudyQuestion[] {
  const mixed = shuffled(questions, random)
  const dueAt = ({ id }: StudyQuestion): string | null => record.questions[id]?.dueAt ?? null
  const due = mixed
    .filter((question) => (dueAt(question) ?? '~') <= now.toISOString())
    .sort((a, b) => ((dueAt(a) ?? '') < (dueAt(b) ?? '') ? -1 : 1))
  const fresh = basicFirst(mixed.filter((question) => dueAt(question) === null))
  const later = all ? mixed.filter((question) => (dueAt(question) ?? '') > now.toISOString()) : []
  return [...due, ...fresh, ...later]
    .slice(0, count ?? undefined)
    .map((question) => ({ ...question, choices: shuffled(question.choices, random) }))
}

const basicFirst = (questions: readonly StudyQuestion[]): StudyQuestion[] => [
  ...questions.filter(({ level }) => level === 'basic'),
  ...questions.filter(({ level }) => level !== 'basic'),
]

/** When the next question is due, if none is now and none is new; null: there is something to ask. */
export function nextDue(questions: readonly StudyQuestion[], record: StudyRecord, now: Date): string | null {
  const times = questions.map(({ id }) => record.questions[id]?.dueAt ?? '')
  const first = times.sort()[0] ?? ''
  return first > now.toISOString() ? first : null
}
