import type { Blank } from './blank.ts'
import type { LabAdvice } from './condition.ts'
import type { LabQuestion } from './question.ts'

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
  /** Other names it can be started by, such as "wrong-service-name". */
  readonly aliases: readonly string[]
  /** Its place in the course; labs of the same place are in the order of their ids. */
  readonly position: number
  /**
   * full: every step is explained and done with the student. light: the same with fewer words. semi: the student
   * fills blanks and does tasks, sts-lab notices. fix: something is broken, the student repairs it.
   * none: objectives only, `verify` is the exam.
   */
  readonly guidance: 'full' | 'light' | 'semi' | 'fix' | 'none'
  /** Where it happens unless --namespace says otherwise. Manifests name this one. */
  readonly namespace: string
  /** The set that steps, checks and commands are about; null where the student chooses it. */
  readonly statefulSet: string | null
  readonly objectives: readonly string[]
  readonly constraints: readonly string[]
  /** Ids of the criteria the lab as a whole is judged by; empty: each step has its own. */
  readonly criteria: readonly string[]
  readonly hints: readonly string[]
  /** Asked before anything is built, answered freely, and kept (guidance none). */
  readonly questions: readonly LabQuestion[]
  /** Our own solution as files of manifests/<lab id>/, for a lab whose steps do not have it already; empty: they do. */
  readonly solution: readonly string[]
  readonly steps: readonly LabStep[]
  readonly wrong: readonly WrongSolution[]
}

/** A mistake that somebody could make, and what has to find it out: proof that the lab's checks can fail. */
export interface WrongSolution {
  readonly id: string
  readonly title: string
  /** Folder of manifests/<lab id>/ whose files take the place of the lab's own with the same name; null: none. */
  readonly manifests: string | null
  /** By step, what is done there instead of the step's own action. */
  readonly instead: Readonly<Record<string, LabAction>>
  /** By blank, what is filled in instead of the solution. */
  readonly fills: Readonly<Record<string, string>>
  /** The last step that is played; null: all of them. */
  readonly upTo: string | null
  /** The checks that fail because of it, no more and no fewer: ids of criteria and checks, "goal", "blank/<id>". */
  readonly fails: readonly string[]
  /** Those that fail besides on some clusters, by what these are made of (a provisioner that refuses a claim). */
  readonly mayFail: readonly string[]
}

/** A sentence about the cluster that a student can hold the lab to, and what proves it. */
export interface LabClaim {
  readonly says: string
  readonly proof: ClaimProof
}

export type ClaimProof =
  /** One of the step's checks, "shows/<id>" for one that it shows to fail, or "goal". */
  | { readonly check: string }
  /** A value of an object as it is on the cluster when the step's state is reached. */
  | {
      readonly kind: 'StatefulSet' | 'Service' | 'PersistentVolumeClaim' | 'Pod' | 'Namespace' | 'Endpoints'
      readonly name: string
      /** Keys and list positions joined by dots. */
      readonly path: string
      /** null: there is no such value, or no such object. */
      readonly is: string | number | boolean | null
    }

export interface LabStep {
  readonly id: string
  /** The part of the course it belongs to, such as "1.8". */
  readonly part: string
  readonly title: string
  /** Prose: paragraphs, "- " lists, `code`, and blocks indented by four spaces that are printed as they are. */
  readonly explain: string
  /** What is often said and not so, and what is. */
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
  /** Ids of checks that fail here and are meant to: the symptom of what is broken. */
  readonly shows: readonly string[]
  readonly claims: readonly LabClaim[]
  /** Hints that depend on what is on the cluster now; the first that applies is said. */
  readonly advice: readonly LabAdvice[]
  /** Said once the checkpoint passed: what to notice. */
  readonly conclusion: string
  readonly questions: readonly LabQuestion[]
  /** From an observation, over a direction, to nearly the answer. */
  readonly hints: readonly string[]
  /** How long `until` may take once the action has begun. */
  readonly timeoutSeconds: number
}

export type LabPhase = 'create' | 'replace' | 'grow' | 'shrink' | 'regrow' | 'update'

/**
 * tokens: leave a mark of ours on each claim. content: read the claims. dns: ask for every pod's name. pages: ask each
 * service that has an address, and each pod of the set, for a page. settings: read the ConfigMaps that the set's pods use.
 */
export type EvidenceKind = 'tokens' | 'content' | 'dns' | 'pages' | 'settings'

/** What sts-lab does on Enter, and what it recognises when the student does it elsewhere. */
export type LabAction =
  | { readonly do: 'apply'; readonly manifests: readonly string[] }
  | { readonly do: 'delete-pod'; readonly pod: string }
  | { readonly do: 'scale'; readonly replicas: number }
  | { readonly do: 'set-image'; readonly container: string; readonly image: string }
  | { readonly do: 'delete'; readonly objects: readonly DeletedObjects[] }
  /** The student completes a file of manifests/<lab id>/; when it is right, it is applied. */
  | { readonly do: 'fill'; readonly file: string; readonly blanks: readonly Blank[] }
  /** Writes `text` into a file of every pod of the set; {pod} is the pod's name. */
  | { readonly do: 'write'; readonly file: string; readonly text: string }
  /** Waits within `several`. */
  | { readonly do: 'wait'; readonly until: LabGoal }
  /** One after the other. */
  | { readonly do: 'several'; readonly actions: readonly LabAction[] }

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
  /** The set cannot come up: what kubectl describe would say matches this regular expression. */
  | { readonly see: 'stuck'; readonly because: string }
  /** Up or stuck, whichever it comes to on this cluster: nothing more will happen by itself. */
  | { readonly see: 'settled' }
  /** That file of every pod contains `text`; {pod} is the pod's name. Looked at, since no watch shows it. */
  | { readonly see: 'file'; readonly file: string; readonly text: string }
  /** A repair: `ready` holds (null: is not asked), and every check of the step passes. */
  | { readonly see: 'fixed'; readonly replicas: number | null }
