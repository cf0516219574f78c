/**
 * What sts-lab keeps of each Kubernetes object. `kube/facts.ts` parses API objects into these once, at
 * the door; deeper in, facts are complete: no optional chaining, `null` where Kubernetes has nothing.
 * Sizes are bytes, durations end in Ms, times are RFC 3339 strings as the server sent them (one-second
 * steps, so never used to order anything).
 */

/** One place where a volume is visible in a container. */
export interface MountFacts {
  readonly container: string
  readonly init: boolean
  readonly path: string
  /** The sub-folder of the volume that is mounted, '' for its root. */
  readonly subPath: string
  readonly readOnly: boolean
}

/** A volume of a pod that is backed by a PersistentVolumeClaim. */
export interface PodClaimFacts {
  readonly volume: string
  readonly claim: string
  readonly mounts: readonly MountFacts[]
}

export interface ContainerFacts {
  readonly name: string
  readonly init: boolean
  readonly image: string
  readonly state: 'waiting' | 'running' | 'terminated' | 'unknown'
  readonly ready: boolean
  /** Why it waits or why it terminated: ImagePullBackOff, CrashLoopBackOff, Error, Completed … */
  readonly reason: string | null
  readonly message: string | null
  readonly restarts: number
  /** Exit code and reason of the last termination, current or previous. */
  readonly lastExitCode: number | null
  readonly lastExitReason: string | null
  readonly startedAt: string | null
  readonly hasReadinessProbe: boolean
  /** What its readiness probe runs in the container; null: it runs nothing there. */
  readonly readinessCommand: readonly string[] | null
}

/** A reference to the controlling owner. */
export interface OwnerFacts {
  readonly kind: string
  readonly name: string
  readonly uid: string
}

export interface PodFacts {
  readonly kind: 'Pod'
  readonly namespace: string
  readonly name: string
  /** A pod's life is its UID. */
  readonly uid: string
  readonly resourceVersion: string
  readonly createdAt: string
  readonly controller: OwnerFacts | null
  readonly labels: Readonly<Record<string, string>>
  /** spec.hostname and spec.subdomain as the controller set them. */
  readonly hostname: string | null
  readonly subdomain: string | null
  readonly node: string | null
  readonly phase: string
  /** Condition Ready is True. A terminating pod may still be ready. */
  readonly ready: boolean
  /** metadata.deletionTimestamp: set means terminating. */
  readonly deletionTimestamp: string | null
  readonly gracePeriodSeconds: number
  readonly ips: readonly string[]
  readonly hostNetwork: boolean
  readonly claims: readonly PodClaimFacts[]
  /** Mounts that are not claims (emptyDir, configMap, service account …), by container: nested ones hide parts of a claim. */
  readonly otherMounts: readonly MountFacts[]
  readonly containers: readonly ContainerFacts[]
  /** The ConfigMaps that it takes settings from, as files or as variables. */
  readonly configMaps: readonly string[]
  /** Condition PodScheduled is False: its reason and message. */
  readonly unschedulable: { readonly reason: string; readonly message: string } | null
  /** How long the containers' probes may honestly take until the first Ready (initial delays, failure thresholds). */
  readonly readinessBudgetMs: number
  /** Label controller-revision-hash. */
  readonly revision: string | null
}

export interface ClaimFacts {
  readonly kind: 'PersistentVolumeClaim'
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  readonly createdAt: string
  readonly labels: Readonly<Record<string, string>>
  readonly phase: 'Pending' | 'Bound' | 'Lost'
  readonly volumeName: string | null
  readonly storageClass: string | null
  readonly accessModes: readonly string[]
  readonly requestedBytes: number
  readonly capacityBytes: number | null
  readonly deletionTimestamp: string | null
  /** Owner references: whenScaled/whenDeleted: Delete shows as an owner pod or set. */
  readonly owners: readonly OwnerFacts[]
}

export interface ClaimTemplateFacts {
  readonly name: string
  readonly requestedBytes: number
  readonly storageClass: string | null
  readonly accessModes: readonly string[]
}

export interface StatefulSetFacts {
  readonly kind: 'StatefulSet'
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  readonly createdAt: string
  readonly labels: Readonly<Record<string, string>>
  readonly generation: number
  readonly observedGeneration: number
  readonly replicas: number
  /** spec.ordinals.start, 0 where absent. */
  readonly startOrdinal: number
  readonly serviceName: string
  readonly podManagementPolicy: 'OrderedReady' | 'Parallel'
  readonly updateStrategy: 'RollingUpdate' | 'OnDelete'
  readonly partition: number
  readonly minReadySeconds: number
  readonly retention: { readonly whenDeleted: string; readonly whenScaled: string } | null
  readonly selector: Readonly<Record<string, string>>
  readonly podLabels: Readonly<Record<string, string>>
  readonly claimTemplates: readonly ClaimTemplateFacts[]
  readonly containers: readonly { readonly name: string; readonly init: boolean; readonly image: string }[]
  readonly readinessBudgetMs: number
  readonly gracePeriodSeconds: number
  readonly status: {
    readonly replicas: number
    readonly readyReplicas: number
    readonly updatedReplicas: number
    readonly currentRevision: string | null
    readonly updateRevision: string | null
  }
  readonly deletionTimestamp: string | null
}

export interface ServiceFacts {
  readonly kind: 'Service'
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  readonly labels: Readonly<Record<string, string>>
  readonly type: string
  /** 'None' for a headless service. */
  readonly clusterIP: string | null
  readonly headless: boolean
  readonly selector: Readonly<Record<string, string>> | null
  readonly ports: readonly { readonly name: string | null; readonly port: number }[]
  readonly publishNotReadyAddresses: boolean
  /** sessionAffinity ClientIP: each client keeps the pod that it got first. */
  readonly sticky: boolean
  readonly deletionTimestamp: string | null
}

export interface EndpointsFacts {
  readonly kind: 'Endpoints'
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  readonly ready: readonly {
    readonly ip: string
    readonly hostname: string | null
    readonly pod: string | null
  }[]
  readonly notReady: readonly {
    readonly ip: string
    readonly hostname: string | null
    readonly pod: string | null
  }[]
}

/** A Kubernetes Event: used to explain, never to judge or to order. */
export interface EventFacts {
  readonly kind: 'Event'
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  readonly warning: boolean
  readonly reason: string
  readonly message: string
  readonly count: number
  readonly about: { readonly kind: string; readonly name: string; readonly uid: string }
  readonly lastSeen: string | null
}

export type ObjectFacts =
  | PodFacts
  | ClaimFacts
  | StatefulSetFacts
  | ServiceFacts
  | EndpointsFacts
  | EventFacts
