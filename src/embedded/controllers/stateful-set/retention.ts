import type { ApiObject, OwnerReference } from '../../object.ts'
import type { PersistentVolumeClaim, Pod, StatefulSet } from '../../shapes.ts'
import { controllerReference } from '../owners.ts'
import { isInRange } from './identity.ts'

// persistentVolumeClaimRetentionPolicy works through owners: a claim that belongs to its set goes with the set, one
// that belongs to its pod goes with the pod, and the garbage collector does both.

const policyOf = ({ spec }: StatefulSet) => ({
  whenDeleted: 'Retain',
  whenScaled: 'Retain',
  ...spec.persistentVolumeClaimRetentionPolicy,
})

/** An owner by name, whatever uid it had then. */
const names = (reference: OwnerReference, object: ApiObject): boolean =>
  reference.apiVersion === object.apiVersion &&
  reference.kind === object.kind &&
  reference.name === object.metadata.name

const ownersOf = (claim: PersistentVolumeClaim): readonly OwnerReference[] =>
  claim.metadata.ownerReferences ?? []

const isStale = (claim: PersistentVolumeClaim, object: ApiObject): boolean =>
  ownersOf(claim).some((owner) => names(owner, object) && owner.uid !== object.metadata.uid)

/** Somebody else manages the claim, or an earlier pod or set of the same name does. */
export function hasStrangeController(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  const { whenDeleted, whenScaled } = policyOf(set)
  if (whenDeleted === 'Retain' && whenScaled === 'Retain') return false
  return ownersOf(claim).some((owner) => {
    const known = [set, pod].find((object) => names(owner, object))
    return known === undefined ? owner.controller === true : owner.uid !== known.metadata.uid
  })
}

/** Who should own the claim by the policy: the set, the pod, or nobody. */
function owner(set: StatefulSet, pod: Pod): ApiObject | null {
  const { whenDeleted, whenScaled } = policyOf(set)
  const scaledAway = !isInRange(set, pod)
  if (whenScaled === 'Delete' && scaledAway) return pod
  if (whenDeleted !== 'Delete') return null
  // With both policies a claim is its pod's alone once the pod is to go.
  return set
}

export function isOwnedByPolicy(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  // Left over from before: not ours to touch.
  if (isStale(claim, set) || isStale(claim, pod)) return true
  const owned = (object: ApiObject) => ownersOf(claim).some(({ uid }) => uid === object.metadata.uid)
  if (hasStrangeController(claim, set, pod)) return !owned(set) && !owned(pod)
  const uids = [set.metadata.uid, pod.metadata.uid]
  if (ownersOf(claim).some(({ uid, controller }) => uids.includes(uid) && controller !== true)) return false
  const right = owner(set, pod)
  return owned(set) === (right === set) && owned(pod) === (right === pod)
}

/** The owners that the claim should have. */
export function ownersByPolicy(
  claim: PersistentVolumeClaim,
  set: StatefulSet,
  pod: Pod,
): readonly OwnerReference[] {
  const others = ownersOf(claim).filter((reference) => !names(reference, set) && !names(reference, pod))
  const right = hasStrangeController(claim, set, pod) ? null : owner(set, pod)
  return right === null ? others : [...others, controllerReference(right)]
}

/** Left by an earlier pod of this name, and about to be deleted with it: no new pod may take it. */
export const isStaleFor = (claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean =>
  policyOf(set).whenScaled === 'Delete' && isStale(claim, pod)
