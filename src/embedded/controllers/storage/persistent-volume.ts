import type { ApiObject } from '../../object.ts'
import type { PersistentVolumeClaim } from '../../shapes.ts'

export interface PersistentVolume extends ApiObject {
  readonly spec: {
    readonly accessModes?: readonly string[]
    readonly capacity?: Readonly<Record<string, string>>
    readonly claimRef?: {
      readonly apiVersion?: string
      readonly kind?: string
      readonly namespace?: string
      readonly name?: string
      readonly uid?: string
      readonly resourceVersion?: string
    }
    readonly persistentVolumeReclaimPolicy?: string
    readonly storageClassName?: string
    readonly volumeMode?: string
    readonly [source: string]: unknown
  }
  readonly status?: { readonly phase?: string; readonly reason?: string; readonly message?: string }
}

export interface StorageClass extends ApiObject {
  readonly provisioner: string
  readonly reclaimPolicy?: string
  readonly volumeBindingMode?: string
  readonly mountOptions?: readonly string[]
}

export const CLAIMS = 'persistentvolumeclaims'
export const VOLUMES = 'persistentvolumes'

export const SELECTED_NODE = 'volume.kubernetes.io/selected-node'
export const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by'
export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller'
export const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed'
export const PROVISIONER = 'volume.kubernetes.io/storage-provisioner'
export const PROVISIONER_BEFORE = 'volume.beta.kubernetes.io/storage-provisioner'

export const isFor = ({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean =>
  spec.claimRef?.namespace === metadata.namespace &&
  spec.claimRef?.name === metadata.name &&
  ((spec.claimRef?.uid ?? '') === '' || spec.claimRef?.uid === metadata.uid)

/** Bound as both sides say. */
export const isBound = ({ metadata, spec, status }: PersistentVolumeClaim): boolean =>
  status?.phase === 'Bound' &&
  (spec.volumeName ?? '') !== '' &&
  metadata.annotations?.[BIND_COMPLETED] !== undefined
