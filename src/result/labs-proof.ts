import type { Verdict } from '../criteria/criterion.ts'
import type { ClusterIdentity } from '../result.ts'

/** What `sts-lab labs test` came to. `--output json` prints exactly this; its reports read nothing else. */
export interface LabsProof {
  readonly schemaVersion: 1
  readonly tool: { readonly name: 'sts-lab'; readonly version: string }
  readonly cluster: ClusterIdentity
  readonly startedAt: string
  readonly durationMs: number
  readonly labs: readonly LabProof[]
  readonly summary: { readonly proven: number; readonly refuted: number; readonly undecided: number }
}

export interface LabProof {
  readonly lab: string
  readonly title: string
  /** How many wrong solutions it ships, played here or not. */
  readonly mistakes: number
  readonly plays: readonly PlayProof[]
}

/** One way to go through a lab, played on the cluster in a namespace of its own. */
export interface PlayProof {
  /**
   * unsolved: nothing is done, so nothing may pass. solution: everything has to pass. wrong: exactly the checks that
   * the lab names have to fail.
   */
  readonly play: 'unsolved' | 'solution' | 'wrong'
  /** The wrong solution's id; otherwise as `play`. */
  readonly id: string
  readonly title: string
  /** undecided: the cluster could not show it. */
  readonly outcome: 'proven' | 'refuted' | 'undecided'
  /** What is not as it has to be, in sentences; empty when proven. */
  readonly reasons: readonly string[]
  /** Of a wrong solution: the checks that have to fail. */
  readonly fails: readonly string[]
  /** Those that fail besides on some clusters. */
  readonly mayFail: readonly string[]
  readonly verdicts: readonly PlayVerdict[]
  readonly namespace: string
  readonly durationMs: number
}

export interface PlayVerdict {
  /** 'verify' where a lab is judged as a whole. */
  readonly step: string
  /** Id of a criterion or a check, 'goal', 'blank/<id>', 'claim/<number>', or 'refused' by the API server. */
  readonly id: string
  readonly verdict: Verdict
  readonly reason: string
}
