import type { LabQuestion } from '../lab/question.ts'

/**
 * What can be studied without a cluster: content that a person writes under labs/study/. Parsed strictly at the
 * door (`parse-study.ts`), so everything here is complete.
 */
export interface Study {
  readonly quiz: readonly QuizTopic[]
  readonly topics: readonly ExplainTopic[]
  readonly plan: readonly PlanPhase[]
}

/** One file of labs/study/quiz/: questions about one thing. */
export interface QuizTopic {
  readonly topic: string
  readonly title: string
  /** The topic of `explain` to read when one was missed. */
  readonly read: string
  /** The lab that shows it; null: none does. */
  readonly lab: string | null
  readonly questions: readonly QuizQuestion[]
}

/** A question, by an id that is kept with its score: another question needs another id. */
export interface QuizQuestion extends LabQuestion {
  readonly id: string
  /** design: of the ten to answer before designing a set. scenario: a situation to decide. think: what a lab step asks. */
  readonly kind: 'design' | 'scenario' | 'think'
  readonly level: 'basic' | 'deeper'
  /** Where this one leads elsewhere than its topic; null: as the topic. */
  readonly read: string | null
  readonly lab: string | null
}

/** A question with what is known of it from its topic. */
export interface StudyQuestion extends QuizQuestion {
  readonly topic: string
  readonly read: string
}

/** One file of labs/study/topics/: something to read. */
export interface ExplainTopic {
  readonly id: string
  /** Its place in the list. */
  readonly position: number
  readonly title: string
  readonly summary: string
  /** Other words that somebody may ask for it by. */
  readonly aliases: readonly string[]
  /** Topics of the quiz and labs that belong to it. */
  readonly quiz: readonly string[]
  readonly labs: readonly string[]
  /** Prose with "## " headings, "- " lists, `code`, "| tables |", and blocks indented by four spaces kept as they are. */
  readonly text: string
}

/** A phase of the learning plan: labs/study/plan.yaml. */
export interface PlanPhase {
  readonly id: string
  readonly title: string
  readonly note: string
  /** How long it takes at one to two hours an evening: weeks, from and to. */
  readonly weeks: readonly [number, number]
  readonly groups: readonly PlanGroup[]
}

export interface PlanGroup {
  readonly title: string
  readonly items: readonly PlanItem[]
}

export interface PlanItem {
  readonly id: string
  readonly text: string
  /** One of them is enough; none: nothing here can prove it, and it is ticked by hand. */
  readonly proofs: readonly PlanProof[]
  /** A topic of `explain`. */
  readonly read: string
}

/** What shows that something was learned. */
export type PlanProof =
  /** These steps were done and every check passed; no steps: the whole lab. */
  | { readonly lab: string; readonly steps: readonly string[] }
  /** Each of these labs, whole. */
  | { readonly labs: readonly string[] }
  /** The exam of this lab was passed. */
  | { readonly exam: string }
  /** Four in five of the topic's questions were right when last answered. */
  | { readonly quiz: string }
  /** This question was right when last answered. */
  | { readonly question: string }

/** Every question, in the order of the files. */
export const questionsOf = (study: Pick<Study, 'quiz'>): StudyQuestion[] =>
  study.quiz.flatMap(({ topic, read, lab, questions }) =>
    questions.map((question) => ({
      ...question,
      topic,
      read: question.read ?? read,
      lab: question.lab ?? lab,
    })),
  )
