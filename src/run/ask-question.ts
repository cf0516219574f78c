import { type JudgedAnswer, judgeAnswer, pickedChoices } from '../lab/answer.ts'
import type { LabQuestion } from '../lab/question.ts'
import { throwIfInterrupted } from './await-state.ts'
import type { Conversation } from './conversation.ts'

/** Where a question is asked. */
export interface AskSetting {
  readonly conversation: Conversation
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal
}

/** An answer as it was typed last, and what it came to. */
export interface GivenAnswer {
  readonly typed: string
  readonly judged: JudgedAnswer
  /** How often an answer was given, the first included; 0: none (a question to think about, or a shrug). */
  readonly tries: number
}

/**
 * Asks one question, judges what is typed, and tells the model answer. Its placeholders have to be filled in
 * (`lab/placeholders.ts`). A wrong choice or short answer may be tried once more; a free one is told what it
 * has and what it lacks. An empty line means "tell me", and counts as wrong where something is to be judged.
 *
 * @returns 'quit' when the student wants to leave ("q").
 * @throws LabError 'interrupted' on Ctrl-C.
 */
export async function askQuestion(question: LabQuestion, setting: AskSetting): Promise<GivenAnswer | 'quit'> {
  const { conversation, signal } = setting
  conversation.tell({ say: 'question', question })
  if (!canBeJudged(question) || !conversation.interactive) return think(question, setting)
  const most = question.choices.length > 0 || question.accept.length > 0 ? 2 : 1
  for (let tries = 1; ; tries++) {
    const typed = await typedAnswer(question, setting)
    throwIfInterrupted(signal)
    if (typed === null || isQuit(typed, question)) return 'quit'
    const judged = judgeAnswer(question, typed)
    const gaveUp = typed === ''
    const again = judged.right === false && tries < most && !gaveUp
    if (!gaveUp) conversation.tell({ say: 'judged', question, typed, judged, again })
    if (again) continue
    conversation.tell({ say: 'answer', question })
    return { typed, judged, tries: gaveUp ? tries - 1 : tries }
  }
}

/** Whether an answer can be right or wrong; else the student thinks, and then sees the answer. */
export const canBeJudged = ({ choices, accept, points }: LabQuestion): boolean =>
  choices.length + accept.length + points.length > 0

async function think(
  question: LabQuestion,
  { conversation, signal }: AskSetting,
): Promise<GivenAnswer | 'quit'> {
  const choice = conversation.interactive
    ? await conversation.choose(
        [
          { key: '', text: 'show the answer' },
          { key: 'n', text: 'go on without it' },
          { key: 'q', text: 'quit' },
        ],
        signal,
      )
    : ''
  throwIfInterrupted(signal)
  if (choice === 'q') return 'quit'
  if (choice === '') conversation.tell({ say: 'answer', question })
  return { typed: '', judged: judgeAnswer(question, ''), tries: 0 }
}

/** A line, trimmed. Of a choice, only what names one: anything else is a slip and no answer. */
async function typedAnswer(
  question: LabQuestion,
  { conversation, signal }: AskSetting,
): Promise<string | null> {
  const many = question.choices.filter(({ right }) => right).length > 1
  const prompt =
    question.choices.length > 0
      ? `Your answer (${many ? 'numbers, such as 1, 3' : 'a number'}; Enter: tell me, q: quit):`
      : 'Your answer (Enter: tell me, q: quit):'
  for (;;) {
    const typed = (await conversation.ask(prompt, signal))?.trim() ?? null
    if (typed === null || typed === '' || question.choices.length === 0) return typed
    if (pickedChoices(question, typed) !== null || isQuit(typed, question)) return typed
    conversation.tell({ say: 'note', text: `One of the numbers 1 to ${question.choices.length}.` })
  }
}

/** "q" leaves, unless it is an answer. */
const isQuit = (typed: string, question: LabQuestion): boolean =>
  /^(q|quit)$/i.test(typed) && (question.accept.length === 0 || judgeAnswer(question, typed).right !== true)
