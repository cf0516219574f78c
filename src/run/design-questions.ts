import { type JudgedAnswer, judgeAnswer } from '../lab/answer.ts'
import type { Lab } from '../lab/lab.ts'
import { fillQuestion, placeholderValues } from '../lab/placeholders.ts'
import type { LabQuestion } from '../lab/question.ts'
import type { Clock } from '../ports.ts'
import { throwIfInterrupted } from './await-state.ts'
import type { Conversation } from './conversation.ts'
import { type LabProgress, type ProgressStore, progressFor, withAnswer } from './progress.ts'

/** What asking a lab's own questions needs of the world. */
export interface DesignSetting {
  readonly lab: Lab
  readonly namespace: string
  readonly conversation: Conversation
  readonly progress: ProgressStore
  readonly clock: Clock
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal
}

type End = 'done' | 'left'

/**
 * Asks a lab's design questions, one by one, and each answer is kept at once: whoever leaves goes on where it was.
 * Only when all have been asked are they gone through with the model answers, since one answer would give away the next.
 *
 * @returns 'left' when the student wanted to leave ("q").
 * @throws LabError 'interrupted' on Ctrl-C.
 */
export async function askDesign(setting: DesignSetting): Promise<End> {
  const { lab, namespace, progress, clock } = setting
  const kept = progressFor(lab, namespace, await progress.read(), clock.now())
  const questions = lab.questions.map((question) =>
    fillQuestion(
      question,
      placeholderValues(lab, namespace, () => undefined),
    ),
  )
  const open = questions.filter((_, index) => answerOf(kept, index) === null)
  if (open.length > 0)
    return (await askOpen(setting, questions, kept)) === 'left' ? 'left' : review(setting, questions)
  return askedBefore(setting, questions)
}

/** All of them were answered in an earlier sitting. */
async function askedBefore(setting: DesignSetting, questions: readonly LabQuestion[]): Promise<End> {
  const { conversation, signal } = setting
  const choice = await conversation.choose(
    [
      { key: '', text: `go on (you have answered the ${questions.length} questions)` },
      { key: 'a', text: 'see the answers again' },
      { key: 'r', text: 'answer them anew' },
    ],
    signal,
  )
  throwIfInterrupted(signal)
  if (choice === 'a') return review(setting, questions)
  if (choice !== 'r') return 'done'
  return (await askOpen(setting, questions, null)) === 'left' ? 'left' : review(setting, questions)
}

/** @param kept null: none counts as answered yet. */
async function askOpen(
  setting: DesignSetting,
  questions: readonly LabQuestion[],
  kept: LabProgress | null,
): Promise<End> {
  const { conversation, signal } = setting
  const answered = kept === null ? 0 : questions.filter((_, index) => answerOf(kept, index) !== null).length
  conversation.tell({
    say: 'note',
    text:
      answered === 0
        ? `First ${questions.length} questions about the design. Answer in your own words, a sentence or two; the answers come when all have been asked. Enter alone skips one, q leaves, and you can go on later.`
        : `${answered} of the ${questions.length} design questions are answered. Here are the others.`,
  })
  for (const [index, question] of questions.entries()) {
    if (kept !== null && answerOf(kept, index) !== null) continue
    conversation.tell({ say: 'question', question: numbered(question, index, questions.length) })
    const typed = (await conversation.ask('Your answer (Enter: skip, q: leave):', signal))?.trim() ?? null
    throwIfInterrupted(signal)
    if (typed === null || /^(q|quit)$/i.test(typed)) return 'left'
    await keep(setting, index, typed, judgeAnswer(question, typed))
  }
  return 'done'
}

async function keep(
  { lab, namespace, progress, clock }: DesignSetting,
  index: number,
  typed: string,
  { right, found, missed }: JudgedAnswer,
): Promise<void> {
  const now = clock.now()
  await progress.change((before) =>
    withAnswer(progressFor(lab, namespace, before, now), keyOf(index), {
      text: typed,
      at: now.toISOString(),
      right,
      found,
      missed,
    }),
  )
}

/** Each question again: what was answered, which key points were in it, and the model answer. */
async function review(setting: DesignSetting, questions: readonly LabQuestion[]): Promise<End> {
  const { lab, namespace, progress, conversation, clock, signal } = setting
  const kept = progressFor(lab, namespace, await progress.read(), clock.now())
  const judged = questions.map((question, index) => {
    const typed = answerOf(kept, index)?.text ?? ''
    return {
      question: numbered(question, index, questions.length),
      typed,
      judged: judgeAnswer(question, typed),
    }
  })
  const found = judged.reduce((sum, each) => sum + each.judged.found.length, 0)
  const points = questions.reduce((sum, question) => sum + question.points.length, 0)
  conversation.tell({
    say: 'note',
    text: `That was the last one. ${found} of ${points} key points were in your answers:`,
  })
  for (const [index, each] of judged.entries()) {
    conversation.tell({ say: 'question', question: each.question })
    if (each.typed === '') conversation.tell({ say: 'note', text: 'You skipped it.' })
    else {
      conversation.tell({ say: 'note', text: `You: ${each.typed}` })
      conversation.tell({ say: 'judged', ...each, again: false })
    }
    conversation.tell({ say: 'answer', question: each.question })
    if (index === judged.length - 1) break
    const choice = await conversation.choose(
      [
        { key: '', text: 'the next answer' },
        { key: 'n', text: 'enough of them' },
      ],
      signal,
    )
    throwIfInterrupted(signal)
    if (choice === 'n') break
  }
  return 'done'
}

const keyOf = (index: number): string => `design/${index + 1}`

const answerOf = (progress: LabProgress, index: number) => progress.answers[keyOf(index)] ?? null

const numbered = (question: LabQuestion, index: number, of: number): LabQuestion => ({
  ...question,
  ask: `${index + 1}/${of}  ${question.ask}`,
})
