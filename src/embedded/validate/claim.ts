import { type ApiObject, at, sameJson } from '../object.ts'
import type { PersistentVolumeClaim } from '../shapes.ts'
import { type FieldError, invalid, notAllowed, required, unsupported } from './field-error.ts'
import { namesObject, validateSelector } from './metadata.ts'
import { quantityValue } from './quantity.ts'

const MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']
const VOLUME_MODES = ['Block', 'Filesystem']

function validateClaimSpec(spec: PersistentVolumeClaim['spec'], field: string): readonly FieldError[] {
  const errors: FieldError[] = []
  const { accessModes = [], resources, storageClassName, volumeMode, selector } = spec ?? {}
  if (accessModes.length === 0)
    errors.push(required(`${field}.accessModes`, 'at least 1 access mode is required'))
  for (const mode of accessModes)
    if (!MODES.includes(mode)) errors.push(unsupported(`${field}.accessModes`, mode, MODES))
  if (accessModes.includes('ReadWriteOncePod') && accessModes.length > 1)
    errors.push(notAllowed(`${field}.accessModes`, 'may not use ReadWriteOncePod with other access modes'))
  const storage = resources?.requests?.storage
  if (storage === undefined) errors.push(required(`${field}.resources[storage]`))
  else if ((quantityValue(storage) ?? 0) <= 0)
    errors.push(invalid(`${field}.resources[storage]`, storage, 'must be greater than zero'))
  if (storageClassName !== undefined && storageClassName !== '')
    errors.push(...namesObject(storageClassName, `${field}.storageClassName`))
  if (volumeMode !== undefined && !VOLUME_MODES.includes(volumeMode))
    errors.push(unsupported(`${field}.volumeMode`, volumeMode, VOLUME_MODES))
  if (selector !== undefined) errors.push(...validateSelector(selector, `${field}.selector`))
  return errors
}

export const validateClaim = (claim: PersistentVolumeClaim): readonly FieldError[] =>
  validateClaimSpec(claim.spec, 'spec')

export function validateClaimUpdate(
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
): readonly FieldError[] {
  const bound = old.status?.phase === 'Bound'
  const fixed = ({ spec }: PersistentVolumeClaim) => ({
    ...spec,
    // The volume is written once, by whoever binds; a class is given late only to a claim that had none.
    volumeName: (old.spec.volumeName ?? '') === '' ? undefined : spec.volumeName,
    storageClassName: old.spec.storageClassName === undefined ? undefined : spec.storageClassName,
    resources: bound ? { ...spec.resources, requests: undefined } : spec.resources,
  })
  const errors: FieldError[] = []
  if (!sameJson(fixed(claim), fixed(old)))
    errors.push(
      notAllowed(
        'spec',
        'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
      ),
    )
  const size = (object: PersistentVolumeClaim) =>
    quantityValue(object.spec.resources?.requests?.storage ?? '') ?? 0
  if (bound && size(claim) < size(old))
    errors.push(notAllowed('spec.resources.requests.storage', 'field can not be less than status.capacity'))
  return errors
}

const RECLAIM = ['Delete', 'Recycle', 'Retain']
const NOT_SOURCES = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeMode',
  'volumeAttributesClassName',
])

export function validateVolume(volume: ApiObject): readonly FieldError[] {
  const errors: FieldError[] = []
  const spec = (volume.spec ?? {}) as Readonly<Record<string, unknown>>
  const modes = (spec.accessModes ?? []) as readonly string[]
  if (modes.length === 0) errors.push(required('spec.accessModes'))
  for (const mode of modes)
    if (!MODES.includes(mode)) errors.push(unsupported('spec.accessModes', mode, MODES))
  const capacity = at(spec, 'capacity', 'storage')
  if (capacity === undefined) errors.push(required('spec.capacity'))
  if (!Object.keys(spec).some((key) => !NOT_SOURCES.has(key)))
    errors.push(required('spec', 'must specify a volume type'))
  const policy = String(spec.persistentVolumeReclaimPolicy ?? '')
  if (!RECLAIM.includes(policy))
    errors.push(unsupported('spec.persistentVolumeReclaimPolicy', policy, RECLAIM))
  return errors
}

export function validateVolumeUpdate(volume: ApiObject, old: ApiObject): readonly FieldError[] {
  const source = (object: ApiObject) =>
    Object.entries((object.spec ?? {}) as Record<string, unknown>).filter(([key]) => !NOT_SOURCES.has(key))
  return sameJson(source(volume), source(old))
    ? []
    : [notAllowed('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation')]
}
