import { copyOf, type Mutable } from '../../object.ts'
import type { PersistentVolumeClaim, Pod, StatefulSet, Volume } from '../../shapes.ts'
import { controllerReference } from '../owners.ts'

const POD_NAME_LABEL = 'statefulset.kubernetes.io/pod-name'
const POD_INDEX_LABEL = 'apps.kubernetes.io/pod-index'
const REVISION_LABEL = 'controller-revision-hash'

/** "web-2" → 2; null for a name that no set would have given. */
export function ordinalOf({ metadata }: Pod): number | null {
  const found = /^.*-(\d+)$/.exec(metadata.name)
  const ordinal = Number(found?.[1] ?? Number.NaN)
  return Number.isSafeInteger(ordinal) && ordinal < 2 ** 31 ? ordinal : null
}

/** Named like a pod of the set. */
export const isNamedAfter = (set: StatefulSet, pod: Pod): boolean =>
  ordinalOf(pod) !== null && pod.metadata.name.replace(/-\d+$/, '') === set.metadata.name

export const firstOrdinal = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0
export const replicasOf = ({ spec }: StatefulSet): number => spec.replicas ?? 1
const podNameAt = ({ metadata }: StatefulSet, ordinal: number): string => `${metadata.name}-${ordinal}`

/** Among those that the set wants now. */
export function isInRange(set: StatefulSet, pod: Pod): boolean {
  const ordinal = ordinalOf(pod)
  const first = firstOrdinal(set)
  return ordinal !== null && ordinal >= first && ordinal < first + replicasOf(set)
}

export const revisionOf = ({ metadata }: Pod): string => metadata.labels?.[REVISION_LABEL] ?? ''

/** The claims of the pod with this ordinal, in the order of the templates, as they would be created. */
export function claimsAt(set: StatefulSet, ordinal: number): readonly PersistentVolumeClaim[] {
  return (set.spec.volumeClaimTemplates ?? []).map((template) => {
    const claim = copyOf(template) as Mutable<PersistentVolumeClaim>
    claim.metadata.name = `${template.metadata.name}-${podNameAt(set, ordinal)}`
    if (set.metadata.namespace !== undefined) claim.metadata.namespace = set.metadata.namespace
    claim.metadata.labels = { ...template.metadata.labels, ...set.spec.selector?.matchLabels }
    return claim as PersistentVolumeClaim
  })
}

/** The pod with this ordinal, as it would be created. */
export function newPod(set: StatefulSet, ordinal: number, revision: string): Pod {
  const name = podNameAt(set, ordinal)
  const { metadata: meta = {}, spec } = copyOf(set.spec.template)
  const { namespace } = set.metadata
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...meta,
      name,
      generateName: `${set.metadata.name}-`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...meta.labels, ...identityLabels(name, ordinal), [REVISION_LABEL]: revision },
      ownerReferences: [controllerReference(set)],
    },
    spec: {
      containers: [],
      ...spec,
      hostname: name,
      ...((set.spec.serviceName ?? '') === '' ? {} : { subdomain: set.spec.serviceName ?? '' }),
      volumes: volumesAt(set, ordinal, spec?.volumes ?? []),
    },
  }
}

const identityLabels = (name: string, ordinal: number) => ({
  [POD_NAME_LABEL]: name,
  [POD_INDEX_LABEL]: String(ordinal),
})

/** Volumes of the claims first, in place of any of the same name. */
function volumesAt(set: StatefulSet, ordinal: number, others: readonly Volume[]): readonly Volume[] {
  const ours = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => ({
    name: metadata.name,
    persistentVolumeClaim: { claimName: `${metadata.name}-${podNameAt(set, ordinal)}` },
  }))
  const names = new Set(ours.map(({ name }) => name))
  return [...ours, ...others.filter(({ name }) => !names.has(name))]
}

export function identityMatches(set: StatefulSet, pod: Pod): boolean {
  const { name, labels = {} } = pod.metadata
  return (
    isNamedAfter(set, pod) &&
    labels[POD_NAME_LABEL] === name &&
    labels[POD_INDEX_LABEL] === String(ordinalOf(pod))
  )
}

export function storageMatches(set: StatefulSet, pod: Pod): boolean {
  const volumes = new Map((pod.spec.volumes ?? []).map((volume) => [volume.name, volume]))
  return (set.spec.volumeClaimTemplates ?? []).every(({ metadata }) => {
    const source = volumes.get(metadata.name)?.persistentVolumeClaim as { claimName?: string } | undefined
    return source?.claimName === `${metadata.name}-${pod.metadata.name}`
  })
}

/** Gives a pod that is there the labels and volumes that it should have. */
export function mendIdentity(set: StatefulSet, pod: Mutable<Pod>): void {
  const ordinal = ordinalOf(pod as Pod) ?? 0
  pod.metadata.labels = { ...pod.metadata.labels, ...identityLabels(pod.metadata.name, ordinal) }
  if (!storageMatches(set, pod as Pod))
    pod.spec.volumes = [...volumesAt(set, ordinal, pod.spec.volumes ?? [])] as Mutable<Volume>[]
}
