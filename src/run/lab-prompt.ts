import type { LabStep } from '../lab/lab.ts'
import { fillQuestion } from '../lab/placeholders.ts'
import { askQuestion } from './ask-question.ts'
import { throwIfInterrupted } from './await-state.ts'
import type { Choice } from './conversation.ts'
import { giveHint } from './lab-hint.ts'
import type { LabRun } from './lab-run.ts'

/** Nobody there means the first choice. */
export async function chooseOr(first: string, run: LabRun, choices: readonly Choice[]): Promise<string> {
  const { conversation, signal } = run.deps
  if (!conversation.interactive) return first
  const choice = await conversation.choose(choices, signal)
  throwIfInterrupted(signal)
  return choice ?? first
}

/** What the prompt of an action keeps an eye on, besides the keys. */
export interface Eye {
  /** What was done, once the cluster shows it; null: not yet. */
  readonly look: () => string | null
  /** What is still missing, in a sentence. */
  readonly missing: () => string
  /** What was done that is not what the step asks for. */
  readonly misses: () => readonly string[]
}

/**
 * The prompt of a step. It takes itself away as soon as the watch shows that it was done elsewhere; what was done
 * amiss is told, once each, and the wait goes on.
 * @returns null to go on (sts-lab is to do it, or it was noticed).
 */
export async function promptFor(
  run: LabRun,
  step: LabStep,
  eye: Eye | null,
): Promise<'back' | 'skip' | 'quit' | null> {
  const { conversation, signal } = run.deps
  if (!conversation.interactive) return null
  const choices = choicesFor(run, step)
  const told = new Set<string>()
  const unheard = (): string[] => (eye?.misses() ?? []).filter((miss) => !told.has(miss))
  for (;;) {
    const ended = eye === null ? new AbortController() : keepEye(run, step, { ...eye, misses: unheard })
    try {
      const choice = ended.signal.aborted
        ? null
        : await conversation.choose(choices, AbortSignal.any([signal, ended.signal]))
      throwIfInterrupted(signal)
      if (choice === 'h') await giveHint(run, step)
      else if (choice === 'b') return 'back'
      else if (choice === 'n') return 'skip'
      else if (choice === 'q') return 'quit'
      else if (choice === '' && eye !== null && isTask(run, step)) {
        if (eye.look() !== null) return null
        conversation.tell({ say: 'note', text: `Not done yet: ${eye.missing()}.` })
      } else if (choice !== null || eye === null || eye.look() !== null) return null
      for (const miss of unheard()) {
        told.add(miss)
        conversation.tell({ say: 'miss', text: miss })
      }
    } finally {
      ended.abort()
    }
  }
}

/** The student is to do it: its commands are not shown, and Enter does not do it. */
export const isTask = (run: LabRun, { action }: LabStep): boolean =>
  run.lab.guidance === 'semi' && action !== null

function choicesFor(run: LabRun, step: LabStep): Choice[] {
  const enter = step.action !== null ? 'do it for me' : step.after.length > 0 ? 'have sts-lab look' : 'go on'
  const first: Choice[] = isTask(run, step)
    ? [
        { key: '', text: 'say what is missing (do it in another terminal: it will be noticed)' },
        { key: 's', text: 'show me' },
      ]
    : step.action === null
      ? [{ key: '', text: enter }]
      : [{ key: '', text: `${enter} (or do it in another terminal: it will be noticed)` }]
  return [
    ...first,
    ...(step.hints.length > 0 ? [{ key: 'h', text: 'hint' }] : []),
    { key: 'b', text: 'back' },
    { key: 'n', text: 'skip' },
    { key: 'q', text: 'quit' },
  ]
}

/** @returns is aborted when what the step asks for was done, or something else that has to be told. */
function keepEye(run: LabRun, step: LabStep, { look, misses }: Eye): AbortController {
  const { timeline } = run.sitting.session
  const { clock } = run.deps
  const ended = new AbortController()
  let news = 0
  let settling = false
  // The streams run side by side: a pod may be seen going before the set is seen shrinking, and would look as if it
  // had been deleted by itself. So what was done amiss is judged when nothing new has come for a moment.
  const settle = async (): Promise<void> => {
    settling = true
    for (let heard = -1; heard !== news; ) {
      heard = news
      await clock.sleep(SETTLE_MS, ended.signal)
    }
    settling = false
    if (misses().length > 0) ended.abort()
  }
  const lookAgain = (): void => {
    if (ended.signal.aborted) return
    if (look() !== null) {
      ended.abort()
      return
    }
    news += 1
    if (settling) return
    settle().catch((error: unknown) => {
      if (!ended.signal.aborted) throw error
    })
  }
  const unsubscribe = timeline.subscribe(({ stream }) => {
    if (stream !== 'run' && stream !== 'events') lookAgain()
  })
  ended.signal.addEventListener('abort', unsubscribe, { once: true })
  run.namespaceWatch.follow(lookAgain, ended.signal)
  if (step.until?.see === 'file') run.fileWatch.follow(step.until, lookAgain, ended.signal)
  if (look() !== null || misses().length > 0) ended.abort()
  return ended
}

const SETTLE_MS = 700

/** Asks the step's questions; what was answered is kept. */
export async function askQuestions(run: LabRun, step: LabStep): Promise<'on' | 'quit'> {
  if (step.questions.length === 0) return 'on'
  await run.lookUpPlaceholders()
  for (const [index, question] of step.questions.entries()) {
    const given = await askQuestion(fillQuestion(question, run.placeholders), run.deps)
    if (given === 'quit') return 'quit'
    if (given.tries > 0) await run.keepAnswer(`${step.id}/${index + 1}`, given)
  }
  return 'on'
}

export async function askAfterFailure(run: LabRun, step: LabStep): Promise<'on' | 'again' | 'quit'> {
  for (;;) {
    const choice = await chooseOr('n', run, [
      { key: '', text: 'do this step again' },
      ...(step.hints.length > 0 ? [{ key: 'h', text: 'hint' }] : []),
      { key: 'n', text: 'go on all the same' },
      { key: 'q', text: 'quit' },
    ])
    if (choice === 'h') await giveHint(run, step)
    else if (choice === 'n') return 'on'
    else return choice === 'q' ? 'quit' : 'again'
  }
}
