import { LabError, usageError } from '../../errors.ts'
import { EXIT, type ExitCode } from '../../exit-codes.ts'
import { runQuiz, scoresByTopic } from '../../run/quiz.ts'
import { chooseQuestions, nextDue } from '../../study/choose-questions.ts'
import { seeded } from '../../study/random.ts'
import { questionsOf, type Study, type StudyQuestion } from '../../study/study.ts'
import { questionList, sittingPage } from '../quiz-pages.ts'
import type { Services } from '../services.ts'
import { readStudy, unknownTopic } from '../study.ts'
import { studyStore } from '../study-file.ts'
import { terminalConversation } from '../terminal-conversation.ts'

export interface QuizFlags {
  readonly topic: string | undefined
  readonly all?: boolean
  readonly count?: string
  readonly seed?: string
  readonly list?: boolean
  readonly question?: string
  readonly output: 'text' | 'json'
}

const USUAL_COUNT = 10

/** `sts-lab quiz [topic]`: asks what is due and what is new, tells at once, and keeps the score. */
export async function quiz(flags: QuizFlags, services: Services): Promise<ExitCode> {
  const { terminal, clock, signal } = services
  const study = await readStudy(services)
  const questions = wanted(flags, study)
  const store = studyStore(services)
  const now = clock.now()
  const record = await store.read()
  if (flags.list === true || flags.output === 'json') {
    const kept = (question: StudyQuestion) => ({ ...question, kept: record.questions[question.id] ?? null })
    terminal.out(
      flags.output === 'json'
        ? `${JSON.stringify({ schemaVersion: 1, questions: questions.map(kept) }, null, 2)}\n`
        : questionList(questions, record, terminal),
    )
    return EXIT.passed
  }
  if (!terminal.interactive)
    throw usageError(
      'no-terminal',
      'a quiz needs a terminal: nobody is there to answer',
      'sts-lab quiz --list prints the questions, sts-lab explain is there to read',
    )
  const whole = flags.all === true || flags.question !== undefined
  const count = flags.count === undefined ? (whole ? null : USUAL_COUNT) : number(flags.count, '--count')
  const seed = flags.seed === undefined ? now.getTime() % 2 ** 32 : number(flags.seed, '--seed')
  const random = seeded(seed)
  const chosen = chooseQuestions(questions, record, now, { all: whole, count, random })
  if (chosen.length === 0) {
    const due = nextDue(questions, record, now)
    terminal.out(
      `Nothing is due${due === null ? '' : ` before ${due.slice(0, 16).replace('T', ' ')} UTC`}: all ${questions.length} questions were answered and are still fresh.\n`,
    )
    terminal.out(
      `sts-lab quiz ${flags.topic === undefined ? '' : `${flags.topic} `}--all asks them anyway.\n`,
    )
    return EXIT.passed
  }
  const conversation = terminalConversation(terminal, clock, true)
  try {
    const outcome = await runQuiz({ questions: chosen, conversation, store, clock, signal, random })
    terminal.out(sittingPage(outcome, scoresByTopic(questions, await store.read(), clock.now()), terminal))
  } catch (error) {
    if (error instanceof LabError && error.kind === 'interrupted')
      terminal.err('What you answered so far is kept.\n')
    throw error
  } finally {
    conversation.close()
  }
  return EXIT.passed
}

/** @throws LabError 'unknown-topic', 'unknown-question' (usage). */
function wanted({ topic, question }: QuizFlags, study: Study): StudyQuestion[] {
  const all = questionsOf(study)
  if (question !== undefined) {
    const found = all.filter(({ id }) => id === question)
    if (found.length === 0)
      throw unknownTopic(
        'question',
        question,
        [],
        all.map(({ id }) => id),
        (id) => (id === question ? 'sts-lab quiz --list prints them' : `sts-lab quiz --question ${id}`),
      )
    return found
  }
  if (topic === undefined) return all
  const topics = study.quiz.map((each) => each.topic)
  if (!topics.includes(topic))
    throw unknownTopic('topic of the quiz', topic, topics, [], (id) =>
      id === topic ? 'sts-lab quiz asks about all of them' : `sts-lab quiz ${id}`,
    )
  return all.filter((each) => each.topic === topic)
}

function number(text: string, flag: string): number {
  if (/^\d{1,9}$/.test(text) && (Number(text) > 0 || flag === '--seed')) return Number(text)
  throw usageError('bad-number', `${flag} takes a whole number, not "${text}"`)
}
