import type {
  ClaimFacts,
  EndpointsFacts,
  EventFacts,
  PodFacts,
  ServiceFacts,
  StatefulSetFacts,
} from './facts.ts'

/**
 * The alphabet of a timeline. Everything sts-lab claims about a cluster rests on a list of these.
 *
 * `seq` is the position in this recording (1, 2, 3 …): the order in which sts-lab received things. Order
 * between two cluster changes means something only inside one stream. `at` is our own clock (RFC 3339
 * with milliseconds), for people to read.
 */
export interface StreamFacts {
  readonly pods: PodFacts
  readonly claims: ClaimFacts
  readonly statefulsets: StatefulSetFacts
  readonly services: ServiceFacts
  readonly endpoints: EndpointsFacts
  readonly events: EventFacts
}
export type StreamName = keyof StreamFacts
export const STREAMS: readonly StreamName[] = [
  'pods',
  'claims',
  'statefulsets',
  'services',
  'endpoints',
  'events',
]

/**
 * listed    was there when the stream was (re)listed: says nothing about order
 * added, modified, deleted   came through the watch, in order
 * vanished  was known before a gap and is no longer there: deleted, unknown when
 */
export type ChangeType = 'listed' | 'added' | 'modified' | 'deleted' | 'vanished'

interface Base {
  readonly seq: number
  readonly at: string
}

export interface Change<S extends StreamName = StreamName> extends Base {
  readonly stream: S
  readonly type: ChangeType
  /** For deleted and vanished: the last state known. */
  readonly object: StreamFacts[S]
}

/** Between the previous observation of this stream and the relist that follows, anything may have happened. */
export interface Gap extends Base {
  readonly stream: StreamName
  readonly type: 'gap'
  readonly reason: string
  /** The stream had lost something before, which was only found out now: after this position anything may be missing. */
  readonly since?: number
}

/** A phase of a run begins or ends. Criteria look at windows between the two. */
export interface PhaseMark extends Base {
  readonly stream: 'run'
  readonly type: 'phase'
  readonly phase: PhaseName
  readonly boundary: 'begin' | 'end'
  /** At the end: was the awaited state reached, and if not, why. */
  readonly outcome: PhaseOutcome | null
  readonly reason: string | null
}
/**
 * create   the set comes up from nothing        baseline  all pods ready, first readings
 * replace  one pod deleted, its successor ready  grow      two more pods
 * shrink   fewer pods (to nothing, in verify)    regrow    back to where it was
 * update   a rolling update                      restore   put back as found
 */
export type PhaseName =
  | 'create'
  | 'baseline'
  | 'replace'
  | 'grow'
  | 'shrink'
  | 'regrow'
  | 'update'
  | 'restore'
export type PhaseOutcome = 'reached' | 'hopeless' | 'timeout' | 'interrupted' | 'lost' | 'interfered'

/** What sts-lab itself did to the cluster. Recorded before the request is sent. */
export interface ActionMark extends Base {
  readonly stream: 'run'
  readonly type: 'action'
  readonly action:
    | { readonly do: 'scale'; readonly set: string; readonly from: number; readonly to: number }
    | { readonly do: 'delete-pod'; readonly pod: string; readonly uid: string }
    | { readonly do: 'write-token'; readonly pod: string; readonly claim: string; readonly token: string }
    | { readonly do: 'apply'; readonly objects: readonly string[] }
    | { readonly do: 'other'; readonly what: string }
}

/** A file read from a claim. `path` is relative to the claim's root; `text` is decoded leniently and NOT escaped. */
export interface FileReading {
  readonly path: string
  readonly sizeBytes: number
  /** Seconds since the epoch, as stat printed it (may have a fraction); null if stat was not available. */
  readonly modified: string | null
  /** Inode number and time of the last status change, as stat printed them: a file put in another's place has others. */
  readonly copy?: { readonly inode: string; readonly changed: string }
  readonly text: string
  /** Only the first part was read. */
  readonly truncated: boolean
}

/** What sts-lab read from the cluster by other means than the watch. */
export type Reading =
  | {
      readonly read: 'content'
      readonly pod: string
      readonly podUid: string
      readonly claim: string
      readonly template: string
      /** Our token files found on the volume: file name → content. More than one pod's here means the volume is shared. */
      readonly tokens: Readonly<Record<string, string>>
      /** Files that contain the pod's name, and, where there are none, a few others so that we can say what is there. */
      readonly files: readonly FileReading[]
      /** How many regular files were seen in all. */
      readonly fileCount: number
      /** Some of the volume was left unread (too many, too large, too deep). */
      readonly partial: boolean
      readonly via: string
    }
  | {
      readonly read: 'unreadable'
      readonly pod: string
      readonly podUid: string
      readonly claim: string
      readonly template: string
      readonly reason: string
    }
  | {
      readonly read: 'dns'
      /** Full name without the trailing dot. */
      readonly name: string
      /** The pod the name stands for, or null for the service name. */
      readonly pod: string | null
      readonly podUid: string | null
      /** The pod that asked. */
      readonly from: string
      /** answered: addresses; none: the name does not exist or has no address; failed: no answer from the DNS server. */
      readonly status: 'answered' | 'none' | 'failed'
      readonly addresses: readonly string[]
      /** What was expected at that moment, from the pod stream. */
      readonly expected: readonly string[]
      readonly text: string
      /** No more retries will follow: the deadline for the cluster's DNS to catch up has passed, or the answer is right. */
      readonly final: boolean
    }
  | { readonly read: 'dns-unavailable'; readonly reason: string }
  | {
      readonly read: 'page'
      /** Asked at its own address: a service by its clusterIP, a pod by its IP. */
      readonly of: 'service' | 'pod'
      readonly name: string
      readonly port: number
      /** The pod that asked. */
      readonly from: string
      /** How often it was asked, and how often a page came. */
      readonly asked: number
      readonly pages: number
      /** The page; where none came, or not each time, what came instead. NOT escaped, cut short. */
      readonly text: string
    }
  | { readonly read: 'page-unavailable'; readonly reason: string }
  | {
      readonly read: 'settings'
      readonly configMap: string
      /** By key, cut short; NOT escaped. Empty where there is no such ConfigMap. */
      readonly values: Readonly<Record<string, string>>
    }
  | {
      readonly read: 'volume'
      readonly claim: string
      readonly claimUid: string
      readonly volume: string
      /** UID of the PersistentVolume; null where we may not read it. */
      readonly volumeUid: string | null
    }

export interface ReadingMark extends Base {
  readonly stream: 'run'
  readonly type: 'reading'
  readonly reading: Reading
}

export type RunMark = PhaseMark | ActionMark | ReadingMark
export type Observation = { [S in StreamName]: Change<S> }[StreamName] | Gap | RunMark
/** An observation before the timeline gave it its place. */
export type Unplaced<O extends Observation = Observation> = O extends Observation
  ? Omit<O, 'seq' | 'at'>
  : never
