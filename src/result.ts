import type { CriterionId, Verdict } from './criteria/criterion.ts'
import type { Observation } from './timeline/observation.ts'

/** What a run of `verify` came to. `--output json` prints exactly this; reporters read nothing else. */
export interface VerifyResult {
  readonly schemaVersion: 1
  readonly tool: { readonly name: 'sts-lab'; readonly version: string }
  readonly lab: string
  readonly cluster: ClusterIdentity | null
  readonly target: {
    readonly namespace: string
    readonly statefulSet: string | null
    readonly uid: string | null
  }
  readonly startedAt: string
  readonly durationMs: number
  /**
   * Where the time of the run went, ms: `clusterMs` is what the cluster needed between a request of ours and the
   * state we waited for, `overheadMs` the rest. Absent in a replay.
   */
  readonly timing?: {
    readonly wallMs: number
    readonly clusterMs: number
    readonly overheadMs: number
  }
  readonly constraints: readonly ConstraintResult[]
  readonly criteria: readonly CriterionResult[]
  readonly summary: {
    readonly passed: number
    readonly failed: number
    readonly inconclusive: number
    readonly score: number
    readonly maxScore: number
  }
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } | null
}

export interface ClusterIdentity {
  readonly context: string
  readonly server: string
  /** git version of the API server, e.g. v1.31.2. */
  readonly version: string
  /** kind, minikube, k3d, docker-desktop, rancher-desktop, colima, orbstack, native, or 'unknown'. */
  readonly provider: string
  readonly simulated: boolean
}

export interface ConstraintResult {
  readonly id: string
  readonly title: string
  readonly verdict: Verdict
  readonly reason: string
}

export interface CriterionResult {
  readonly number: number
  readonly id: CriterionId
  readonly title: string
  readonly verdict: Verdict
  readonly reason: string
  readonly expected: string
  readonly actual: string
  readonly hint: string | null
  /** How long its evidence took to gather; 0 where it shares another's. */
  readonly durationMs: number
  readonly evidence: readonly EvidenceItem[]
}

/** An observation as a result quotes it: small and readable by other tools. */
export interface EvidenceItem {
  readonly seq: number
  readonly at: string
  readonly stream: Observation['stream']
  readonly type: string
  /** "pod/web-1", "claim/www-web-1", "run" … */
  readonly object: string
  readonly uid: string | null
  /** One line: "ready", "terminating", "phase Bound, volume pvc-…", "web-1.svc → 10.2.0.4". */
  readonly detail: string
}
