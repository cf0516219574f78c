import type { Done } from '../study/plan-standing.ts'
import { knows, type StudyRecord, scoreOf } from '../study/scores.ts'
import { questionsOf, type Study } from '../study/study.ts'
import type { LabProgress } from './progress.ts'

export interface KeptStudies {
  readonly study: Study
  readonly record: StudyRecord
  /** Of all labs, namespaces and versions: what was shown once stays shown. */
  readonly progress: readonly LabProgress[]
  /** The steps of a lab as it is now; none for one that is judged as a whole. */
  readonly stepsOf: (lab: string) => readonly string[]
  readonly now: Date
}

/** What was done and proven, from what is kept of it. */
export function doneIn({ study, record, progress, stepsOf, now }: KeptStudies): Done {
  const questions = questionsOf(study)
  return {
    lab(lab, steps) {
      const wanted = steps.length > 0 ? steps : stepsOf(lab)
      return (
        wanted.length > 0 &&
        progress.some((kept) => kept.lab === lab && wanted.every((step) => stepPassed(kept, step)))
      )
    },
    exam: (lab) => progress.some((kept) => kept.lab === lab && examPassed(kept)),
    quiz: (topic) =>
      knows(
        scoreOf(
          questions.filter((question) => question.topic === topic),
          record,
          now,
        ),
      ),
    question: (id) => record.questions[id]?.lastRight === true,
    ticked: (item) => record.ticked[item] !== undefined,
  }
}

/** Once done with nothing that was checked failing or staying open, now or in an earlier sitting. */
export function stepPassed({ steps, passed }: LabProgress, step: string): boolean {
  const kept = steps[step]
  const now = kept?.doneAt != null && Object.values(kept.verdicts).every((verdict) => verdict === 'pass')
  return now || passed[step] !== undefined
}

const examPassed = ({ exam }: LabProgress): boolean => exam !== null && exam.passedAt !== null
