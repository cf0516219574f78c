import type { ClusterIdentity } from './result.ts'
import type { StreamName } from './timeline/observation.ts'
import type { Timeline } from './timeline/timeline.ts'

/** Time, so that tests can hold it. */
export interface Clock {
  now(): Date
  /** Milliseconds from an arbitrary start, never going back. */
  monotonicMs(): number
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** A Kubernetes object as plain JSON. */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly uid?: string
    readonly resourceVersion?: string
    readonly generation?: number
    readonly creationTimestamp?: string
    readonly deletionTimestamp?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly [key: string]: unknown
  }
  readonly [key: string]: unknown
}

export interface ObjectRef {
  readonly apiVersion: string
  readonly kind: string
  /** Leave out for cluster-scoped kinds. */
  readonly namespace?: string
  readonly name: string
}

/** One YAML document of a manifest, with where it stands, for messages. */
export interface ManifestDocument {
  readonly object: KubeObject
  readonly source: {
    readonly file: string
    /** Line of the document's first key, from 1. */
    readonly line: number
    /** Line and column (from 1) of the key at a path such as ['spec','replicas']; null if it is not in the text. */
    position(path: readonly (string | number)[]): { readonly line: number; readonly column: number } | null
    /** The text of a line (from 1), to quote in messages. */
    lineText?(line: number): string | null
  }
}

export interface AppliedObject {
  readonly ref: ObjectRef
  readonly uid: string
  readonly change: 'created' | 'configured' | 'unchanged'
}

export interface ExecResult {
  /** The command's exit code; null when the container runtime could not start it (no such file in the image). */
  readonly exitCode: number | null
  readonly stdout: Buffer
  readonly stderr: Buffer
  /** Set when exitCode is null: what the runtime said. */
  readonly failure: string | null
  /** stdout reached `maxBytes` and the rest was dropped. */
  readonly truncated: boolean
}

/** A running recording. */
export interface Recording {
  /** Milliseconds since the API server was last heard on the slowest stream while reconnecting; 0 while all streams are connected. */
  lostForMs(): number
  /**
   * Holds what the watches have told against the server: silence of a watch is no proof that nothing happened.
   * @returns false where a stream was behind, or had lost something: it has been listed anew, with a gap that reaches
   *   back to when it was last sure.
   * @throws LabError where the server cannot be asked.
   */
  confirm(signal: AbortSignal): Promise<boolean>
  /** Ends the watches. Resolves when every stream has ended; appends nothing afterwards. */
  stop(): Promise<void>
}

/**
 * The cluster as the use-cases see it. Every method takes an AbortSignal, has a deadline of its own and
 * rejects with a LabError (kind 'undecided' or 'usage') that says what to do; a network failure is
 * retried for a while where the request is safe to repeat. All methods are safe to call concurrently.
 */
export interface Cluster {
  identity(signal: AbortSignal): Promise<ClusterIdentity>
  /** How many seconds pass in the cluster while one passes here: 1, save on a simulated one that says otherwise. */
  pace(signal: AbortSignal): Promise<number>
  /**
   * List, then watch the streams of a namespace into the timeline. Resolves once every stream has been
   * listed (a 'listed' change for each object there). Lost connections are resumed without losing or
   * doubling an event; where that is impossible (410 Gone) a 'gap' and a relist are appended.
   */
  record(options: {
    readonly namespace: string
    readonly timeline: Timeline
    readonly streams?: readonly StreamName[]
    readonly signal: AbortSignal
  }): Promise<Recording>
  /** Server-side apply with field manager `sts-lab`, in order. Adds `labels` to each object (not to pod templates). */
  apply(
    documents: readonly ManifestDocument[],
    options: {
      readonly namespace?: string
      readonly labels: Readonly<Record<string, string>>
      readonly force?: boolean
      readonly signal: AbortSignal
    },
  ): Promise<readonly AppliedObject[]>
  /** null when it does not exist. */
  get(ref: ObjectRef, signal: AbortSignal): Promise<KubeObject | null>
  list(
    kind: { readonly apiVersion: string; readonly kind: string; readonly namespace?: string },
    options: { readonly labelSelector?: string; readonly signal: AbortSignal },
  ): Promise<readonly KubeObject[]>
  /** Rejects with code 'already-exists' when it does. */
  create(object: KubeObject, signal: AbortSignal): Promise<KubeObject>
  /**
   * Deletes; with `uid` only that very object. 'absent': there was none. 'replaced': another object has the name now.
   */
  remove(
    ref: ObjectRef,
    options: {
      readonly uid?: string
      readonly propagation?: 'Foreground' | 'Background' | 'Orphan'
      readonly gracePeriodSeconds?: number
      readonly signal: AbortSignal
    },
  ): Promise<'deleting' | 'absent' | 'replaced'>
  /** JSON merge patch. */
  patch(ref: ObjectRef, body: unknown, signal: AbortSignal): Promise<KubeObject>
  /** Sets spec.replicas through the scale subresource. */
  scale(ref: ObjectRef, replicas: number, signal: AbortSignal): Promise<void>
  exec(options: {
    readonly namespace: string
    readonly pod: string
    readonly container: string
    readonly command: readonly string[]
    readonly timeoutMs: number
    readonly maxBytes?: number
    readonly signal: AbortSignal
  }): Promise<ExecResult>
  logs(options: {
    readonly namespace: string
    readonly pod: string
    readonly container?: string
    readonly tailLines?: number
    readonly previous?: boolean
    readonly signal: AbortSignal
  }): Promise<string>
  /** SelfSubjectAccessReview. */
  canI(
    access: {
      readonly verb: string
      readonly group?: string
      readonly resource: string
      readonly subresource?: string
      readonly namespace?: string
    },
    signal: AbortSignal,
  ): Promise<boolean>
  /** Ends idle connections. */
  close(): void
}

/** A terminal, or what stands in for one. */
export interface Terminal {
  readonly interactive: boolean
  readonly colour: boolean
  readonly columns: number
  /** Height, for what is redrawn in place; absent where it is not known. */
  readonly rows?: number
  /** Colour for what goes to stderr, where that differs from `colour` (stdout in a file, stderr on a terminal). */
  readonly progressColour?: boolean
  /** Can show more than ASCII; absent means it can. */
  readonly unicode?: boolean
  /** The result: stdout. */
  out(text: string): void
  /** Progress, prompts, warnings: stderr. */
  err(text: string): void
}

/** real: as on any cluster; fast: twenty times as fast. */
export type PracticeSpeed = 'real' | 'fast'

/** The background process of the practice cluster. */
export interface PracticeProcess {
  readonly host: string
  readonly pid: number
  /** Tells it from a later process with the same number; '' where the platform does not say. */
  readonly birth: string
  readonly speed: PracticeSpeed
  /** '' while it is being started. */
  readonly server: string
  /** RFC 3339. */
  readonly startedAt: string
}

/**
 * 'ended': it crashed, was killed or went down with the machine, and what was in it is still there: `up` brings it
 * back. `process` null: nobody knows who ran it.
 */
export type PracticeState =
  | { readonly state: 'down' }
  | {
      readonly state: 'running'
      readonly process: PracticeProcess
      /** Why what happens in it is not written down at present; null: it is. */
      readonly notKept: string | null
    }
  | {
      readonly state: 'ended'
      readonly process: PracticeProcess | null
      /** When it was last heard of, RFC 3339; it says so twice a minute. */
      readonly aliveAt: string | null
      readonly lastWords: readonly string[]
    }

/** What `up` came to. */
export interface PracticeStart {
  /** false: it ran already. */
  readonly began: boolean
  readonly process: PracticeProcess
  /** It went on from what was kept of an earlier one. */
  readonly restored: PracticeRestored | null
}

export interface PracticeRestored {
  /** When that was last heard of, RFC 3339. */
  readonly aliveAt: string
  /** What is not as it was. */
  readonly warnings: readonly string[]
}

export interface PracticeOptions {
  /** As it was before, else 'real', unless given. */
  readonly speed?: PracticeSpeed
  /** As it was before where that is free, else any free one, unless given. */
  readonly port?: number
}

/** The simulated cluster that sts-lab brings along, in a process of its own. */
export interface PracticeCluster {
  /** There while it runs. */
  readonly kubeconfig: string
  readonly log: string
  state(): Promise<PracticeState>
  /**
   * Starts it unless it runs, with everything that was in it; resolves when it answers.
   * @throws LabError practice-cluster-failed, port-taken, newer-state, unreadable-state
   */
  up(options: PracticeOptions): Promise<PracticeStart>
  /** Ends it and removes its files. @returns what it was like before */
  down(): Promise<PracticeState['state']>
}
