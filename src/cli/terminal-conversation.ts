import { interruptedError } from '../errors.ts'
import type { Clock, Terminal } from '../ports.ts'
import { createLive } from '../report/live.ts'
import type { Choice, Conversation } from '../run/conversation.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { notOffered, offerLines } from './choice-lines.ts'
import { labPage } from './lab-pages.ts'
import { forgetTypedAhead } from './typed-ahead.ts'

/**
 * A lab run on a terminal: pages on stdout, the live board and prompts on stderr.
 *
 * @param interactive false (`--yes`): nothing is asked, and only actions and verdicts are told.
 */
export function terminalConversation(
  terminal: Terminal,
  clock: Clock,
  interactive: boolean,
): Conversation & { close(): void } {
  // One board for one recording: shown while a step waits, put away in between, so that nothing is told twice.
  const live = createLive(terminal, clock)
  let shown: Timeline | null = null
  return {
    interactive,
    tell: (message) => terminal.out(labPage(message, { terminal, brief: !interactive })),
    choose: (choices, signal) => choose(choices, terminal, signal),
    ask: (prompt, signal) => ask(prompt, signal),
    watch(timeline, target, title) {
      live.phase('step', title)
      if (shown !== timeline)
        live.attach(timeline, { namespace: target.namespace, name: target.set, uid: null })
      shown = timeline
      live.resume()
      return {
        waiting: (reason) => live.waiting(reason),
        stop: () => live.pause(),
      }
    },
    close: () => live.stop(),
  }
}

async function choose(
  choices: readonly Choice[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<string | null> {
  while (!signal.aborted) {
    terminal.err(`${offerLines(choices, terminal.columns - 1).join('\n')}\n`)
    const typed = await line(' ', signal, { clear: true })
    if (typed === null) return null
    const key = typed.trim().toLowerCase()
    if (choices.some((choice) => choice.key === key)) return key
    terminal.err(`${notOffered(typed, choices)}\n`)
  }
  return null
}

/** What was typed stays on the screen: it is part of what the student reads back. */
const ask = (prompt: string, signal: AbortSignal): Promise<string | null> =>
  line(prompt, signal, { clear: false })

/** inquirer's own is a green tick once a line was typed, whatever is right about it. */
const PREFIX = { idle: '?', done: '>' }

/** One line typed by the student; null once `signal` is aborted. @throws LabError 'interrupted' on Ctrl-C. */
async function line(
  message: string,
  signal: AbortSignal,
  { clear }: { readonly clear: boolean },
): Promise<string | null> {
  if (signal.aborted) return null
  // Loaded here: an unattended run never needs it.
  const { default: inquirer } = await import('inquirer')
  await forgetTypedAhead(process.stdin)
  const prompt = inquirer.createPromptModule({ output: process.stderr, clearPromptOnDone: clear, signal })
  try {
    const { typed } = await prompt<{ typed: string }>([
      { type: 'input', name: 'typed', message, theme: { prefix: PREFIX } },
    ])
    return typed
  } catch (error) {
    if (signal.aborted) return null
    // Its own way of saying Ctrl-C, in raw mode, where no signal is sent.
    if (error instanceof Error && error.name === 'ExitPromptError') throw interruptedError()
    throw error
  }
}
