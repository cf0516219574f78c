import { defaultClaim } from '../defaults/workload.ts'
import { type ApiObject, at, type Mutable, textAt } from '../object.ts'
import type { PersistentVolumeClaim } from '../shapes.ts'
import { forbidden } from '../status.ts'
import { ageOf, column, UNSET, wide } from '../tables/table.ts'
import {
  validateClaim,
  validateClaimUpdate,
  validateVolume,
  validateVolumeUpdate,
} from '../validate/claim.ts'
import { required, unsupported } from '../validate/field-error.ts'
import { dnsSubdomain } from '../validate/formats.ts'
import { quantityValue } from '../validate/quantity.ts'
import { EVERY_VERB, type Kind, STATUS } from './kind.ts'

const SHORT_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}
const accessModes = (modes: unknown): string =>
  ((modes ?? []) as readonly string[]).map((mode) => SHORT_MODES[mode] ?? mode).join(',')

export const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class'
const isDefault = (object: ApiObject): boolean =>
  object.metadata.annotations?.[DEFAULT_CLASS] === 'true' ||
  object.metadata.annotations?.['storageclass.beta.kubernetes.io/is-default-class'] === 'true'

const addFinalizer = (object: Mutable<ApiObject>, finalizer: string): void => {
  const finalizers = object.metadata.finalizers ?? []
  if (!finalizers.includes(finalizer)) object.metadata.finalizers = [...finalizers, finalizer]
}

export const claims: Kind = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  singular: 'persistentvolumeclaim',
  shortNames: ['pvc'],
  namespaced: true,
  definition: 'io.k8s.api.core.v1.PersistentVolumeClaim',
  verbs: EVERY_VERB,
  subresources: [STATUS],
  nameFormat: dnsSubdomain,
  hasStatus: true,
  hasGeneration: false,
  table: {
    columns: [
      column('Name'),
      column('Status'),
      column('Volume'),
      column('Capacity'),
      column('Access Modes'),
      column('StorageClass'),
      column('VolumeAttributesClass'),
      column('Age'),
      wide('VolumeMode'),
    ],
    row(object, nowMs) {
      const { metadata, spec, status } = object as PersistentVolumeClaim
      const bound = (spec.volumeName ?? '') !== ''
      return [
        metadata.name,
        metadata.deletionTimestamp === undefined ? (status?.phase ?? '') : 'Terminating',
        spec.volumeName ?? '',
        bound ? (status?.capacity?.storage ?? '0') : '',
        bound ? accessModes(status?.accessModes) : '',
        spec.storageClassName ?? '',
        UNSET,
        ageOf(object, nowMs),
        spec.volumeMode ?? UNSET,
      ]
    },
  },
  defaults: (object) => defaultClaim(object as unknown as Mutable<PersistentVolumeClaim>),
  prepareCreate: (object, context) => {
    const claim = object as unknown as Mutable<PersistentVolumeClaim>
    claim.status = { phase: 'Pending' }
    addFinalizer(object, 'kubernetes.io/pvc-protection')
    if (claim.spec.storageClassName !== undefined) return
    // Of several defaults the youngest counts.
    const classes = context
      .list('storageclasses')
      .filter(isDefault)
      .sort((a, b) => (String(b.metadata.creationTimestamp) < String(a.metadata.creationTimestamp) ? -1 : 1))
    if (classes[0] !== undefined) claim.spec.storageClassName = classes[0].metadata.name
  },
  prepareUpdate: (object, old, context) => {
    const size = (claim: ApiObject) =>
      quantityValue(String(at(claim, 'spec', 'resources', 'requests', 'storage') ?? '')) ?? 0
    // That it must not shrink is a rule of its own.
    if (textAt(old, 'status', 'phase') !== 'Bound' || size(object as ApiObject) <= size(old)) return
    const name = textAt(old, 'spec', 'storageClassName')
    const storageClass = context.list('storageclasses').find(({ metadata }) => metadata.name === name)
    if (storageClass?.allowVolumeExpansion !== true)
      throw forbidden(
        claims,
        old.metadata.name,
        'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
      )
  },
  validate: (object) => validateClaim(object as PersistentVolumeClaim),
  validateUpdate: (object, old) =>
    validateClaimUpdate(object as PersistentVolumeClaim, old as PersistentVolumeClaim),
}

export const volumes: Kind = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  singular: 'persistentvolume',
  shortNames: ['pv'],
  namespaced: false,
  definition: 'io.k8s.api.core.v1.PersistentVolume',
  verbs: EVERY_VERB,
  subresources: [STATUS],
  nameFormat: dnsSubdomain,
  hasStatus: true,
  hasGeneration: false,
  table: {
    columns: [
      column('Name'),
      column('Capacity'),
      column('Access Modes'),
      column('Reclaim Policy'),
      column('Status'),
      column('Claim'),
      column('StorageClass'),
      column('VolumeAttributesClass'),
      column('Reason'),
      column('Age'),
      wide('VolumeMode'),
    ],
    row(object, nowMs) {
      const claim = textAt(object, 'spec', 'claimRef', 'name')
      return [
        object.metadata.name,
        textAt(object, 'spec', 'capacity', 'storage'),
        accessModes(at(object, 'spec', 'accessModes')),
        textAt(object, 'spec', 'persistentVolumeReclaimPolicy'),
        object.metadata.deletionTimestamp === undefined ? textAt(object, 'status', 'phase') : 'Terminating',
        claim === '' ? '' : `${textAt(object, 'spec', 'claimRef', 'namespace')}/${claim}`,
        textAt(object, 'spec', 'storageClassName'),
        UNSET,
        textAt(object, 'status', 'reason'),
        ageOf(object, nowMs),
        textAt(object, 'spec', 'volumeMode') || UNSET,
      ]
    },
  },
  defaults: (object) => {
    const spec = (object.spec ?? {}) as Record<string, unknown>
    object.spec = spec
    spec.persistentVolumeReclaimPolicy ??= 'Retain'
    spec.volumeMode ??= 'Filesystem'
    const { hostPath } = spec as { hostPath?: { type?: string } }
    if (hostPath !== undefined) hostPath.type ??= ''
  },
  prepareCreate: (object) => {
    object.status = { phase: 'Pending' }
    addFinalizer(object, 'kubernetes.io/pv-protection')
  },
  validate: validateVolume,
  validateUpdate: validateVolumeUpdate,
}

const RECLAIM = ['Delete', 'Retain']
const BINDING = ['Immediate', 'WaitForFirstConsumer']

export const storageClasses: Kind = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  singular: 'storageclass',
  shortNames: ['sc'],
  namespaced: false,
  definition: 'io.k8s.api.storage.v1.StorageClass',
  verbs: EVERY_VERB,
  subresources: [],
  nameFormat: dnsSubdomain,
  hasStatus: false,
  hasGeneration: false,
  table: {
    columns: [
      column('Name'),
      column('Provisioner'),
      column('ReclaimPolicy'),
      column('VolumeBindingMode'),
      column('AllowVolumeExpansion'),
      column('Age'),
    ],
    row: (object, nowMs) => [
      isDefault(object) ? `${object.metadata.name} (default)` : object.metadata.name,
      textAt(object, 'provisioner'),
      textAt(object, 'reclaimPolicy'),
      textAt(object, 'volumeBindingMode'),
      object.allowVolumeExpansion === true,
      ageOf(object, nowMs),
    ],
  },
  defaults: (object) => {
    object.reclaimPolicy ??= 'Delete'
    object.volumeBindingMode ??= 'Immediate'
  },
  validate: (object) => [
    ...(textAt(object, 'provisioner') === '' ? [required('provisioner')] : []),
    ...(RECLAIM.includes(textAt(object, 'reclaimPolicy'))
      ? []
      : [unsupported('reclaimPolicy', object.reclaimPolicy, RECLAIM)]),
    ...(BINDING.includes(textAt(object, 'volumeBindingMode'))
      ? []
      : [unsupported('volumeBindingMode', object.volumeBindingMode, BINDING)]),
  ],
}
