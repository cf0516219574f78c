// The parts of Kubernetes objects that the embedded cluster itself looks at. Objects have passed schema/decode.ts
// before anything here is believed of them.
import type { ApiObject } from './object.ts'

export type Labels = Readonly<Record<string, string>>

export interface LabelSelector {
  readonly matchLabels?: Labels
  readonly matchExpressions?: readonly {
    readonly key: string
    readonly operator: string
    readonly values?: readonly string[]
  }[]
}

export interface ContainerPort {
  readonly name?: string
  readonly containerPort: number
  readonly protocol?: string
  readonly hostPort?: number
}

export interface Probe {
  readonly exec?: { readonly command?: readonly string[] }
  readonly httpGet?: { readonly path?: string; readonly port: number | string; readonly scheme?: string }
  readonly tcpSocket?: { readonly port: number | string }
  readonly grpc?: { readonly port: number; readonly service?: string }
  readonly initialDelaySeconds?: number
  readonly timeoutSeconds?: number
  readonly periodSeconds?: number
  readonly successThreshold?: number
  readonly failureThreshold?: number
}

export interface EnvVar {
  readonly name: string
  readonly value?: string
  readonly valueFrom?: {
    readonly fieldRef?: { readonly apiVersion?: string; readonly fieldPath: string }
    readonly configMapKeyRef?: { readonly name?: string; readonly key: string }
    readonly secretKeyRef?: { readonly name?: string; readonly key: string }
  }
}

export interface Resources {
  readonly limits?: Readonly<Record<string, string>>
  readonly requests?: Readonly<Record<string, string>>
}

export interface Container {
  readonly name: string
  readonly image?: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly workingDir?: string
  readonly env?: readonly EnvVar[]
  readonly ports?: readonly ContainerPort[]
  readonly volumeMounts?: readonly {
    readonly name: string
    readonly mountPath: string
    readonly subPath?: string
    readonly readOnly?: boolean
  }[]
  readonly resources?: Resources
  readonly readinessProbe?: Probe
  readonly livenessProbe?: Probe
  readonly startupProbe?: Probe
  readonly lifecycle?: Readonly<Record<string, unknown>>
  readonly imagePullPolicy?: string
  readonly restartPolicy?: string
  readonly terminationMessagePath?: string
  readonly terminationMessagePolicy?: string
  readonly securityContext?: Readonly<Record<string, unknown>>
}

export interface Volume {
  readonly name: string
  readonly [source: string]: unknown
}

export interface PodSpec {
  readonly containers: readonly Container[]
  readonly initContainers?: readonly Container[]
  readonly volumes?: readonly Volume[]
  readonly restartPolicy?: string
  readonly nodeName?: string
  readonly nodeSelector?: Labels
  readonly serviceAccountName?: string
  readonly serviceAccount?: string
  readonly automountServiceAccountToken?: boolean
  readonly terminationGracePeriodSeconds?: number
  readonly dnsPolicy?: string
  readonly securityContext?: Readonly<Record<string, unknown>>
  readonly schedulerName?: string
  readonly enableServiceLinks?: boolean
  readonly priority?: number
  readonly preemptionPolicy?: string
  readonly tolerations?: readonly Readonly<Record<string, unknown>>[]
  readonly hostname?: string
  readonly subdomain?: string
  readonly hostNetwork?: boolean
  readonly activeDeadlineSeconds?: number
}

export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: string
}

export interface ContainerStatus {
  readonly name: string
  readonly ready: boolean
  readonly restartCount: number
  readonly started?: boolean
  readonly image?: string
  readonly containerID?: string
  readonly state?: ContainerState
  readonly lastState?: ContainerState
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string }
  readonly running?: { readonly startedAt?: string }
  readonly terminated?: {
    readonly exitCode: number
    readonly signal?: number
    readonly message?: string
    readonly reason?: string
    readonly startedAt?: string
    readonly finishedAt?: string
  }
}

export interface PodStatus {
  readonly phase?: string
  readonly reason?: string
  readonly qosClass?: string
  readonly podIP?: string
  readonly podIPs?: readonly { readonly ip: string }[]
  readonly nominatedNodeName?: string
  readonly startTime?: string
  readonly conditions?: readonly Condition[]
  readonly containerStatuses?: readonly ContainerStatus[]
  readonly initContainerStatuses?: readonly ContainerStatus[]
}

export interface Pod extends ApiObject {
  readonly spec: PodSpec
  readonly status?: PodStatus
}

export interface PodTemplate {
  readonly metadata?: { readonly labels?: Labels; readonly annotations?: Labels; readonly name?: string }
  readonly spec?: PodSpec
}

export interface PersistentVolumeClaim extends ApiObject {
  readonly spec: {
    readonly accessModes?: readonly string[]
    readonly resources?: Resources
    readonly storageClassName?: string
    readonly volumeName?: string
    readonly volumeMode?: string
    readonly selector?: LabelSelector
  }
  readonly status?: {
    readonly phase?: string
    readonly capacity?: Labels
    readonly accessModes?: readonly string[]
    readonly conditions?: readonly Condition[]
  }
}

/** What StatefulSets, Deployments, ReplicaSets and Jobs have in common. */
export interface Workload extends ApiObject {
  readonly spec: {
    readonly replicas?: number
    readonly selector?: LabelSelector
    readonly template: PodTemplate
    readonly minReadySeconds?: number
    readonly revisionHistoryLimit?: number
  }
  readonly status?: {
    readonly observedGeneration?: number
    readonly replicas?: number
    readonly readyReplicas?: number
    readonly availableReplicas?: number
    readonly updatedReplicas?: number
  }
}

export interface StatefulSet extends Workload {
  readonly spec: Workload['spec'] & {
    readonly serviceName?: string
    readonly podManagementPolicy?: string
    readonly updateStrategy?: {
      readonly type?: string
      readonly rollingUpdate?: { readonly partition?: number; readonly maxUnavailable?: number | string }
    }
    readonly volumeClaimTemplates?: readonly PersistentVolumeClaim[]
    readonly persistentVolumeClaimRetentionPolicy?: {
      readonly whenDeleted?: string
      readonly whenScaled?: string
    }
    readonly ordinals?: { readonly start?: number }
  }
}

export interface ServicePort {
  readonly name?: string
  readonly port: number
  readonly protocol?: string
  readonly targetPort?: number | string
  readonly nodePort?: number
}

export interface Service extends ApiObject {
  readonly spec: {
    readonly type?: string
    readonly clusterIP?: string
    readonly clusterIPs?: readonly string[]
    readonly selector?: Labels
    readonly ports?: readonly ServicePort[]
    readonly externalName?: string
    readonly externalIPs?: readonly string[]
    readonly sessionAffinity?: string
    readonly publishNotReadyAddresses?: boolean
    readonly ipFamilies?: readonly string[]
    readonly ipFamilyPolicy?: string
    readonly internalTrafficPolicy?: string
  }
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly Labels[] } }
}
