import type { Client } from '../client.ts'
import type { ApiObject } from '../object.ts'
import { StatusError } from '../status.ts'
import type { Objects } from './objects.ts'
import { controllerReference, isControlledBy, isTerminating } from './owners.ts'

/**
 * The objects that belong to a controller's object: its own that still fit, and those of nobody that fit, which it
 * adopts. Its own that no longer fit are released.
 */
export function claimMembers<T extends ApiObject>(
  client: Client,
  resource: string,
  owner: ApiObject,
  objects: Objects<T>,
  fits: (object: T) => boolean,
): readonly T[] {
  const { namespace = '', uid = '' } = owner.metadata
  const members: T[] = []
  for (const object of objects.ownedBy(uid)) {
    if (!isControlledBy(object, owner)) continue
    if (fits(object)) members.push(object)
    else if (!isTerminating(owner)) release(client, resource, owner, object)
  }
  if (isTerminating(owner)) return members
  for (const object of objects.withoutController(namespace)) {
    if (isTerminating(object) || !fits(object)) continue
    const adopted = client.change<T>(resource, object, (copy) => {
      const { ownerReferences = [] } = copy.metadata as { ownerReferences?: object[] }
      Object.assign(copy.metadata, { ownerReferences: [...ownerReferences, controllerReference(owner)] })
    })
    members.push(adopted)
  }
  return members
}

function release(client: Client, resource: string, owner: ApiObject, object: ApiObject): void {
  try {
    client.change<ApiObject>(resource, object, (copy) => {
      const rest = (copy.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid)
      if (rest.length > 0) copy.metadata.ownerReferences = rest
      else delete copy.metadata.ownerReferences
    })
  } catch (error) {
    // Gone meanwhile: nothing to let go of.
    if (!(error instanceof StatusError && error.code === 404)) throw error
  }
}
