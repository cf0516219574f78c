import type { JudgedAnswer } from '../lab/answer.ts'
import type { Lab, LabStep } from '../lab/lab.ts'
import type { LabQuestion } from '../lab/question.ts'
import type { Timeline } from '../timeline/timeline.ts'
import type { FillMessage } from './fill-message.ts'
import type { StepVerdict } from './lab-verdict.ts'

/** What a lab run tells the student, as data: how it looks is decided where it is shown. */
export type LabMessage =
  | { readonly say: 'lab'; readonly lab: Lab; readonly namespace: string }
  | {
      readonly say: 'step'
      readonly step: LabStep
      /** From 1. */
      readonly number: number
      readonly of: number
      readonly namespace: string
      /** kubectl lines that do what the step asks. */
      readonly commands: readonly string[]
      /** kubectl lines worth trying. */
      readonly look: readonly string[]
    }
  /** Something the student should know and need not act on. */
  | { readonly say: 'note'; readonly text: string }
  /** sts-lab does this now. */
  | { readonly say: 'doing'; readonly commands: readonly string[] }
  /** The student did it in another terminal. */
  | { readonly say: 'noticed'; readonly text: string }
  /** The student did something else than what is asked for; the wait goes on. */
  | { readonly say: 'miss'; readonly text: string }
  | {
      readonly say: 'checkpoint'
      readonly step: LabStep
      readonly namespace: string
      readonly verdicts: readonly StepVerdict[]
      /** What the lab says of this state, held against the cluster. */
      readonly claims: readonly StepVerdict[]
    }
  | { readonly say: 'question'; readonly question: LabQuestion }
  /** What an answer came to. `again`: it may be tried once more, so the right one is not told yet. */
  | {
      readonly say: 'judged'
      readonly question: LabQuestion
      readonly typed: string
      readonly judged: JudgedAnswer
      readonly again: boolean
    }
  /** The next question of a quiz. */
  | {
      readonly say: 'turn'
      /** From 1; null: it was missed before and comes again. */
      readonly number: number | null
      readonly of: number
      readonly about: string
    }
  /** The model answer. */
  | { readonly say: 'answer'; readonly question: LabQuestion }
  | { readonly say: 'hint'; readonly text: string; readonly number: number; readonly of: number }
  /** What fits the state that the cluster is in; `reset` is the command, where there is no way on from there. */
  | { readonly say: 'advice'; readonly text: string; readonly reset: string | null }
  /** A repair was judged: what does not pass yet. */
  | { readonly say: 'unfixed'; readonly verdicts: readonly StepVerdict[] }
  | FillMessage
  | {
      readonly say: 'finished'
      readonly lab: Lab
      readonly namespace: string
      /** Something may still be there that the lab made. */
      readonly remains: boolean
      readonly verdicts: readonly StepVerdict[]
    }

export interface Choice {
  /** What is typed; the first choice of a list is what Enter alone means. */
  readonly key: string
  readonly text: string
}

/** The student's side of a lab run. */
export interface Conversation {
  /** Whether anybody is there to answer. When not, `choose` is never called. */
  readonly interactive: boolean
  tell(message: LabMessage): void
  /**
   * Waits for one of the choices. null when `signal` was aborted: the prompt is then taken away by itself.
   * @throws LabError 'interrupted' on Ctrl-C.
   */
  choose(choices: readonly Choice[], signal: AbortSignal): Promise<string | null>
  /**
   * Waits for a line of free text; '' is an answer too. null and errors as with `choose`; never called when nobody
   * is there.
   */
  ask(prompt: string, signal: AbortSignal): Promise<string | null>
  /** Shows the cluster move until stopped. */
  watch(
    timeline: Timeline,
    target: { readonly namespace: string; readonly set: string },
    title: string,
  ): LiveView
}

export interface LiveView {
  /** What is being waited for; null when nothing is. */
  waiting(reason: string | null): void
  stop(): void
}
