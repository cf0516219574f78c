import type { CriterionId } from '../criteria/criterion.ts'
import type { Clock, Cluster } from '../ports.ts'
import type { VerifyResult } from '../result.ts'
import type { Observation } from '../timeline/observation.ts'
import type { Timeline } from '../timeline/timeline.ts'
import type { Self } from './holder.ts'

export interface VerifyOptions {
  readonly lab: string
  readonly namespace: string
  /** undefined: the only one there is. */
  readonly statefulSet: string | undefined
  /** Only these criteria, and only the phases that they need; null: all ten. */
  readonly only: readonly CriterionId[] | null
  /** Go on with the next phase when one did not come to its end. */
  readonly keepGoing: boolean
  /** Longest wait for one pod to become ready or to go, ms; undefined: 120 000, and less patience with one that is never ready. */
  readonly podTimeoutMs: number | undefined
  readonly probeImage: string
}

/** What hears of the pass while it goes on: the live board, or lines. */
export interface VerifyListener {
  attach(
    timeline: Timeline,
    target: { readonly namespace: string; readonly name: string | null; readonly uid: string | null },
  ): void
  phase(name: string, text: string): void
  waiting(reason: string | null): void
  say(line: string): void
}

export interface VerifyDependencies {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly self: Self
  readonly runId: string
  readonly version: string
  readonly listener: VerifyListener
  readonly signal: AbortSignal
  /**
   * The signal of the clean-up, asked for when it begins: it must not be aborted by what ended the run, and its
   * deadline must not run while the run does.
   */
  readonly cleanupSignal: () => AbortSignal
}

export interface Verification {
  readonly result: VerifyResult
  readonly observations: readonly Observation[]
  /** What could not be put back, in sentences. */
  readonly leftovers: readonly string[]
  readonly interrupted: boolean
}
