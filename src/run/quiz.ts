import type { Clock } from '../ports.ts'
import { shuffled } from '../study/random.ts'
import { type StudyRecord, scoreOf, withAnswer } from '../study/scores.ts'
import type { StudyQuestion } from '../study/study.ts'
import { askQuestion } from './ask-question.ts'
import type { Conversation } from './conversation.ts'

/** Where studies are kept. Every change reads what is there anew, so that two terminals do not undo each other's. */
export interface StudyStore {
  read(): Promise<StudyRecord>
  change(how: (before: StudyRecord) => StudyRecord): Promise<StudyRecord>
}

export interface QuizSetting {
  /** In the order to ask them. */
  readonly questions: readonly StudyQuestion[]
  readonly conversation: Conversation
  readonly store: StudyStore
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Numbers from 0 up to 1. */
  readonly random: () => number
}

export interface QuizOutcome {
  /** Right at the first try. */
  readonly right: readonly StudyQuestion[]
  /** Missed, whether it was known when it came again or not. */
  readonly missed: readonly StudyQuestion[]
  /** Of those, still missed when it came again, or not asked again. */
  readonly open: readonly StudyQuestion[]
  readonly quit: boolean
}

/** How many other questions come before a missed one is asked again. */
const AGAIN_AFTER = 3

interface Turn {
  readonly question: StudyQuestion
  readonly again: boolean
}

/**
 * Asks the questions one by one. Each answer is kept at once, so that leaving loses nothing. What was missed is
 * asked once more a little later.
 *
 * @throws LabError 'interrupted' on Ctrl-C.
 */
export async function runQuiz(setting: QuizSetting): Promise<QuizOutcome> {
  const { questions, conversation, store, clock, signal, random } = setting
  const queue: Turn[] = questions.map((question) => ({ question, again: false }))
  const right: StudyQuestion[] = []
  const missed: StudyQuestion[] = []
  const known = new Set<string>()
  const outcome = (quit: boolean): QuizOutcome => ({
    right,
    missed,
    open: missed.filter(({ id }) => !known.has(id)),
    quit,
  })
  for (let turn = queue.shift(); turn !== undefined; turn = queue.shift()) {
    const { question, again } = turn
    const asked = right.length + missed.length
    conversation.tell({
      say: 'turn',
      number: again ? null : asked + 1,
      of: questions.length,
      about: question.topic,
    })
    const given = await askQuestion(question, { conversation, signal })
    if (given === 'quit') return outcome(true)
    // Found at the second try, among what was left, is not known yet.
    const knew = given.judged.right === true && given.tries === 1
    await store.change((record) => withAnswer(record, question.id, { right: knew, again }, clock.now()))
    if (again) {
      if (knew) known.add(question.id)
    } else if (knew) right.push(question)
    else {
      missed.push(question)
      queue.splice(Math.min(AGAIN_AFTER, queue.length), 0, {
        question: { ...question, choices: shuffled(question.choices, random) },
        again: true,
      })
    }
  }
  return outcome(false)
}

/** How somebody stands in each topic. */
export const scoresByTopic = (
  questions: readonly StudyQuestion[],
  record: StudyRecord,
  now: Date,
): ReadonlyMap<string, ReturnType<typeof scoreOf>> =>
  new Map(
    [...new Set(questions.map(({ topic }) => topic))].map((topic) => [
      topic,
      scoreOf(
        questions.filter((question) => question.topic === topic),
        record,
        now,
      ),
    ]),
  )
