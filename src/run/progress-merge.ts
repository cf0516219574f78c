import type { QuestionRecord, StudyRecord } from '../study/scores.ts'
import type { LabProgress, StepProgress } from './progress.ts'

/** Two records made one, and how many of their entries came from where. */
export interface Merged<T> {
  readonly value: T
  /** Entries that are theirs now: new here, or newer than ours. */
  readonly took: number
  /** Entries that stayed ours although theirs say something else: ours are newer. */
  readonly kept: number
}

/**
 * One lab's progress of two places made one, entry by entry, the newer one each time. Both are of the same lab,
 * version and namespace. Merging the same again changes nothing.
 */
export function mergeProgress(ours: LabProgress | null, theirs: LabProgress): Merged<LabProgress> {
  if (ours === null)
    return {
      value: theirs,
      took:
        Object.keys(theirs.steps).length + Object.keys(theirs.answers).length + Number(theirs.exam !== null),
      kept: 0,
    }
  const steps = mergeEach(ours.steps, theirs.steps, newerStep)
  const answers = mergeEach(ours.answers, theirs.answers, (a, b) => (b.at > a.at ? b : a))
  const exam = mergeEach(
    ours.exam === null ? {} : { exam: ours.exam },
    theirs.exam === null ? {} : { exam: theirs.exam },
    (a, b) => ({ ...(b.at > a.at ? b : a), passedAt: first(a.passedAt, b.passedAt) }),
  )
  const newer = theirs.updatedAt > ours.updatedAt ? theirs : ours
  const value: LabProgress = {
    ...ours,
    startedAt: first(ours.startedAt, theirs.startedAt) ?? ours.startedAt,
    updatedAt: newer.updatedAt,
    current: newer.current,
    steps: steps.value,
    created: [...new Set([...ours.created, ...theirs.created])],
    runs: [...new Set([...ours.runs, ...theirs.runs])],
    folder: ours.folder ?? theirs.folder,
    answers: answers.value,
    exam: exam.value.exam ?? null,
    passed: mergeEach(ours.passed, theirs.passed, (a, b) => first(a, b) ?? a).value,
  }
  return { value, took: steps.took + answers.took + exam.took, kept: steps.kept + answers.kept + exam.kept }
}

/** Scores and ticks of two places made one. Counts of answers are not added up: the same ones may be in both. */
export function mergeStudies(ours: StudyRecord | null, theirs: StudyRecord): Merged<StudyRecord> {
  if (ours === null)
    return {
      value: theirs,
      took: Object.keys(theirs.questions).length + Object.keys(theirs.ticked).length,
      kept: 0,
    }
  const questions = mergeEach(ours.questions, theirs.questions, newerAnswer)
  const ticked = mergeEach(ours.ticked, theirs.ticked, (a, b) => first(a, b) ?? a)
  return {
    value: {
      ...ours,
      updatedAt: [ours.updatedAt, theirs.updatedAt].sort().at(-1) ?? ours.updatedAt,
      questions: questions.value,
      ticked: ticked.value,
    },
    took: questions.took + ticked.took,
    kept: questions.kept + ticked.kept,
  }
}

function newerStep(ours: StepProgress, theirs: StepProgress): StepProgress {
  const newer = (theirs.doneAt ?? '') > (ours.doneAt ?? '') ? theirs : ours
  return { ...newer, hints: Math.max(ours.hints, theirs.hints) }
}

function newerAnswer(ours: QuestionRecord, theirs: QuestionRecord): QuestionRecord {
  const newer = theirs.lastAt > ours.lastAt ? theirs : ours
  return {
    ...newer,
    answered: Math.max(ours.answered, theirs.answered),
    right: Math.max(ours.right, theirs.right),
  }
}

function mergeEach<T>(
  ours: Readonly<Record<string, T>>,
  theirs: Readonly<Record<string, T>>,
  merge: (ours: T, theirs: T) => T,
): Merged<Readonly<Record<string, T>>> {
  let took = 0
  let kept = 0
  const value: Record<string, T> = { ...ours }
  for (const [key, their] of Object.entries(theirs)) {
    const our = ours[key]
    const merged = our === undefined ? their : merge(our, their)
    value[key] = merged
    if (our === undefined || !same(merged, our)) took += 1
    else if (!same(our, their)) kept += 1
  }
  return { value, took, kept }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The earlier of two times; one that is missing does not count. */
const first = (a: string | null, b: string | null): string | null =>
  a === null || b === null ? (a ?? b) : a < b ? a : b
