import type { LabStep } from '../../lab/lab.ts'
import type { PlayVerdict } from '../../result/labs-proof.ts'
import type { Observation } from '../../timeline/observation.ts'
import type { Timeline } from '../../timeline/timeline.ts'
import type { Conversation, LabMessage } from '../conversation.ts'
import type { LabProgress, ProgressStore } from '../progress.ts'
import { stepMark } from './step-mark.ts'

/** Listens to a run that nobody attends, and keeps what it comes to. */
export class Listener implements Conversation {
  readonly interactive = false
  readonly verdicts: PlayVerdict[] = []
  /** Steps whose goal held before their action. */
  readonly doneAlready: string[] = []
  #idle: LabStep | null = null
  #timeline: Timeline | null = null

  /** What was recorded of the play. */
  get observations(): readonly Observation[] {
    return this.#timeline?.observations ?? []
  }

  /** Marks each step in this recording from now on. */
  record(timeline: Timeline): void {
    this.#timeline = timeline
  }

  tell(message: LabMessage): void {
    switch (message.say) {
      case 'step':
        this.#timeline?.append(stepMark(message.step.id))
        this.#idle = isPlainAction(message.step) ? message.step : null
        break
      case 'doing':
        this.#idle = null
        break
      case 'checkpoint':
        if (this.#idle !== null) this.doneAlready.push(this.#idle.id)
        this.#idle = null
        for (const { step, id, verdict, reason } of [...message.verdicts, ...message.claims])
          this.verdicts.push({ step, id, verdict, reason })
        break
      default:
        break
    }
  }

  choose(): Promise<never> {
    throw new Error('an unattended run asks nobody to choose')
  }

  ask(): Promise<never> {
    throw new Error('an unattended run asks nobody')
  }

  watch() {
    return { waiting: () => {}, stop: () => {} }
  }
}

/** A step whose action sts-lab announces when it does it. */
const isPlainAction = ({ action, until }: LabStep): boolean =>
  action !== null && action.do !== 'fill' && until !== null && until.see !== 'fixed'

/** Progress that lasts as long as the play. */
export function progressInMemory(): ProgressStore {
  let kept: LabProgress | null = null
  return {
    read: async () => kept,
    async change(how) {
      kept = how(kept)
      return kept
    },
  }
}
