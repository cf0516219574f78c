import type { ApiObject, OwnerReference } from '../object.ts'

/** How a controller names itself on what it makes. */
export const controllerReference = ({ apiVersion, kind, metadata }: ApiObject): OwnerReference => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
})

export const controllerOf = ({ metadata }: ApiObject): OwnerReference | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller === true)

export const isControlledBy = (object: ApiObject, owner: ApiObject): boolean =>
  controllerOf(object)?.uid === owner.metadata.uid

/** Being deleted, though it may still be there for a while. */
export const isTerminating = ({ metadata }: ApiObject): boolean => metadata.deletionTimestamp !== undefined
