/**
 * What a lab IS: content that a person writes in labs/<id>.yaml. Parsed strictly at the door
 * (`parse-lab.ts`), so everything here is complete: a part that a lab does not have is empty or null.
 */
export interface Lab {
  readonly id: string
  readonly title: string
  /** Raised when steps change their meaning: kept progress of another version is not resumed. */
  readonly version: number
  readonly summary: string
  readonly minutes: number
  /** full: every step is explained and done with the student. none: objectives only, `verify` is the exam. */
  readonly guidance: 'full' | 'none'
  /** Where it happens unless --namespace says otherwise. Manifests name this one. */
  readonly namespace: string
  /** The set that steps, checks and commands are about; null where the student chooses it. */
  readonly statefulSet: string | null
  readonly objectives: readonly string[]
  readonly constraints: readonly string[]
  /** Ids of the criteria the lab as a whole is judged by; empty: each step has its own. */
  readonly criteria: readonly string[]
  readonly hints: readonly string[]
  readonly steps: readonly LabStep[]
}

export interface LabStep {
  readonly id: string
  /** The part of the course it belongs to, such as "1.8". */
  readonly part: string
  readonly title: string
  /** Prose: paragraphs, "- " lists, `code`, and blocks indented by four spaces that are printed as they are. */
  readonly explain: string
  /** What the published course says that is not so, and what is. */
  readonly corrections: readonly string[]
  /** The earlier step whose `until` has to hold before this one can begin; null: none. */
  readonly needs: string | null
  /**
   * Where a later sitting has to begin again to judge this step: its evidence begins there, and what
   * happened while nobody watched proves nothing. null: here.
   */
  readonly resumeFrom: string | null
  /** The window this step opens in the timeline, for the criteria; null: none. */
  readonly phase: LabPhase | null
  readonly action: LabAction | null
  /** kubectl lines worth trying, shown beside the action's own. */
  readonly look: readonly string[]
  /** Read before the action, so that there is something to compare with. */
  readonly before: readonly EvidenceKind[]
  /** What the watch has to show; null: nothing to wait for. */
  readonly until: LabGoal | null
  /** Read when `until` holds. */
  readonly after: readonly EvidenceKind[]
  /** Ids of criteria and of step checks. */
  readonly checks: readonly string[]
  /** Said once the checkpoint passed: what to notice. */
  readonly conclusion: string
  readonly questions: readonly LabQuestion[]
  /** From an observation, over a direction, to nearly the answer. */
  readonly hints: readonly string[]
  /** How long `until` may take once the action has begun. */
  readonly timeoutSeconds: number
}

export type LabPhase = 'create' | 'replace' | 'grow' | 'shrink' | 'regrow' | 'update'

/** tokens: leave a mark of ours on each claim. content: read the claims. dns: ask for every pod's name. */
export type EvidenceKind = 'tokens' | 'content' | 'dns'

/** What sts-lab does on Enter, and what it recognises when the student does it elsewhere. */
export type LabAction =
  | { readonly do: 'apply'; readonly manifests: readonly string[] }
  | { readonly do: 'delete-pod'; readonly pod: string }
  | { readonly do: 'scale'; readonly replicas: number }
  | { readonly do: 'set-image'; readonly container: string; readonly image: string }
  | { readonly do: 'delete'; readonly objects: readonly DeletedObjects[] }

/** One object by name, or those with a label (`selector`), or the lab's namespace (neither). */
export interface DeletedObjects {
  readonly kind: 'StatefulSet' | 'Service' | 'PersistentVolumeClaim' | 'Pod' | 'Namespace'
  readonly name: string | null
  readonly selector: string | null
}

export type LabGoal =
  | { readonly see: 'namespace' }
  | { readonly see: 'service'; readonly name: string; readonly headless: boolean }
  /** Exactly that many pods, each ready, and the controller has seen the present spec. */
  | { readonly see: 'ready'; readonly replicas: number }
  /** Another pod with that name than the one at the step's start, and the set ready again. */
  | { readonly see: 'replaced'; readonly pod: string }
  /** Every pod runs that image and is ready. */
  | { readonly see: 'image'; readonly container: string; readonly image: string }
  | { readonly see: 'gone'; readonly objects: readonly DeletedObjects[] }

export interface LabQuestion {
  readonly ask: string
  readonly answer: string
}
