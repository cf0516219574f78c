import type { PlanItem, StudyQuestion } from './study.ts'

/** What is kept of somebody's studies: one readable file. */
export interface StudyRecord {
  readonly schemaVersion: 1
  /** RFC 3339, as all times here. */
  readonly updatedAt: string
  /** By the question's id. */
  readonly questions: Readonly<Record<string, QuestionRecord>>
  /** Items of the plan that were ticked by hand, and when. */
  readonly ticked: Readonly<Record<string, string>>
}

export interface QuestionRecord {
  /** 1 to 5 as in Leitner's card box: right moves it up one, wrong moves it back to the first. */
  readonly box: number
  readonly dueAt: string
  readonly answered: number
  readonly right: number
  readonly lastAt: string
  readonly lastRight: boolean
}

/** Days until a question of box 1, 2, … is due again. What was missed is due at once. */
const BOX_DAYS: readonly number[] = [0, 1, 3, 7, 21]

const DAY_MS = 24 * 60 * 60 * 1000

export const emptyRecord = (now: Date): StudyRecord => ({
  schemaVersion: 1,
  updatedAt: now.toISOString(),
  questions: {},
  ticked: {},
})

/**
 * The record after an answer.
 *
 * @param again it was missed earlier in this sitting: what is known a minute later is not yet known for days, so
 *   the question stays in its box.
 */
export function withAnswer(
  record: StudyRecord,
  question: string,
  { right, again }: { readonly right: boolean; readonly again: boolean },
  now: Date,
): StudyRecord {
  const before = record.questions[question]
  const box = !right ? 1 : again ? (before?.box ?? 1) : Math.min(BOX_DAYS.length, (before?.box ?? 1) + 1)
  const days = BOX_DAYS[box - 1] ?? 0
  const kept: QuestionRecord = {
    box,
    dueAt: new Date(now.getTime() + days * DAY_MS).toISOString(),
    answered: (before?.answered ?? 0) + 1,
    right: (before?.right ?? 0) + (right ? 1 : 0),
    lastAt: now.toISOString(),
    lastRight: right,
  }
  return {
    ...record,
    updatedAt: now.toISOString(),
    questions: { ...record.questions, [question]: kept },
  }
}

/** Ticks an item of the plan by hand, or takes the tick away. */
export function withTick(record: StudyRecord, item: PlanItem, done: boolean, now: Date): StudyRecord {
  const { [item.id]: _, ...others } = record.ticked
  const ticked = done ? { ...others, [item.id]: record.ticked[item.id] ?? now.toISOString() } : others
  return { ...record, updatedAt: now.toISOString(), ticked }
}

/** How somebody stands in a group of questions. */
export interface Score {
  readonly questions: number
  readonly answered: number
  /** Right when last answered. */
  readonly right: number
  /** Answered before, and due again. */
  readonly due: number
}

export function scoreOf(questions: readonly StudyQuestion[], record: StudyRecord, now: Date): Score {
  const kept = questions.flatMap(({ id }) => record.questions[id] ?? [])
  return {
    questions: questions.length,
    answered: kept.length,
    right: kept.filter(({ lastRight }) => lastRight).length,
    due: kept.filter(({ dueAt }) => dueAt <= now.toISOString()).length,
  }
}

/** Four in five right when last answered. Of no questions, nothing is known. */
export const knows = ({ questions, right }: Score): boolean => questions > 0 && right >= questions * 0.8
