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

/**
 * The prompt of a step. It takes itself away as soon as the watch shows that it was done elsewhere.
 * @returns null to go on (Enter, or noticed).
 */
export async function promptFor(
  run: LabRun,
  step: LabStep,
  look: (() => string | null) | null,
): Promise<'back' | 'skip' | 'quit' | null> {
  const { conversation, signal } = run.deps
  if (!conversation.interactive) return null
  const { timeline } = run.sitting.session
  const noticing = new AbortController()
  const lookAgain = (): void => {
    if (look !== null && look() !== null) noticing.abort()
  }
  const unsubscribe = timeline.subscribe(lookAgain)
  run.namespaceWatch.follow(lookAgain, noticing.signal)
  try {
    const ended = AbortSignal.any([signal, noticing.signal])
    for (;;) {
      const enter =
        step.action !== null ? 'do it for me' : step.after.length > 0 ? 'have sts-lab look' : 'go on'
      const choice = await conversation.choose(
        [
          {
            key: '',
            text:
              step.action === null ? enter : `${enter} (or do it in another terminal: it will be noticed)`,
          },
          ...(step.hints.length > 0 ? [{ key: 'h', text: 'hint' }] : []),
          { key: 'b', text: 'back' },
          { key: 'n', text: 'skip' },
          { key: 'q', text: 'quit' },
        ],
        ended,
      )
      throwIfInterrupted(signal)
      if (choice === 'h') await giveHint(run, step)
      else if (choice === 'b') return 'back'
      else if (choice === 'n') return 'skip'
      else if (choice === 'q') return 'quit'
      else return null
    }
  } finally {
    unsubscribe()
    noticing.abort()
  }
}

/** Asks the step's questions; what was answered is kept. */
export async function askQuestions(run: LabRun, step: LabStep): Promise<'on' | 'quit'> {
  if (step.questions.length === 0) return 'on'
  const values = await run.placeholders()
  for (const [index, question] of step.questions.entries()) {
    const given = await askQuestion(fillQuestion(question, values), run.deps)
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
