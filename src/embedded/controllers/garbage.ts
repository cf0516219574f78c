import type { Client } from '../client.ts'
import { type ApiObject, type OwnerReference, sameJson } from '../object.ts'
import { apiVersionOf, type Kind } from '../registry/kind.ts'
import { OWNABLE, type World } from './objects.ts'
import { isTerminating } from './owners.ts'
import { WorkQueue } from './work-queue.ts'

const FOREGROUND = 'foregroundDeletion'
const ORPHAN = 'orphan'

/**
 * Deletes what has lost its owners. An owner that waits for its dependents (foreground) is let go when they are
 * gone; one that leaves them (orphan) when they have forgotten it.
 */
export function startGarbageCollector(client: Client, world: World): () => void {
  const kinds = new Map(OWNABLE.map((kind) => [kind.plural, kind]))

  const queue = new WorkQueue(client.clock, (key) => {
    const [plural = '', uid = ''] = key.split(' ')
    const kind = kinds.get(plural)
    const object = kind === undefined ? null : world.ofKind(kind).withUid(uid)
    if (kind === undefined || object === null) return
    if (isTerminating(object)) {
      if (hasFinalizer(object, ORPHAN)) orphanDependents(kind, object)
      else if (hasFinalizer(object, FOREGROUND)) awaitDependents(kind, object)
    } else collect(kind, object)
  })
  const add = (kind: Kind, { metadata }: ApiObject) => queue.add(`${kind.plural} ${metadata.uid}`)

  const dependentsOf = ({ metadata }: ApiObject): readonly (readonly [Kind, ApiObject])[] =>
    OWNABLE.flatMap((kind) =>
      world
        .ofKind(kind)
        .ownedBy(metadata.uid ?? '')
        .map((object) => [kind, object] as const),
    )

  /** What an owner's state means for its dependent. A kind that nobody knows here may well be there. */
  const stateOf = (reference: OwnerReference): 'there' | 'waiting' | 'gone' => {
    const kind = OWNABLE.find(
      (one) => one.kind === reference.kind && apiVersionOf(one) === reference.apiVersion,
    )
    if (kind === undefined) return 'there'
    const owner = world.ofKind(kind).withUid(reference.uid)
    if (owner === null) return 'gone'
    return isTerminating(owner) && hasFinalizer(owner, FOREGROUND) ? 'waiting' : 'there'
  }

  const collect = (kind: Kind, object: ApiObject): void => {
    const references = object.metadata.ownerReferences ?? []
    if (references.length === 0) return
    const states = references.map(stateOf)
    if (states.includes('there')) {
      // Owned by somebody who stays: only the others are forgotten.
      if (states.some((state) => state !== 'there'))
        forget(kind, object, (_, index) => states[index] === 'there')
      return
    }
    const waited = states.includes('waiting') && dependentsOf(object).length > 0
    client.remove(kind.plural, object, { propagation: waited ? 'Foreground' : 'Background' })
  }

  const forget = (
    kind: Kind,
    object: ApiObject,
    keeps: (reference: OwnerReference, index: number) => boolean,
  ): void => {
    client.change<ApiObject>(kind.plural, object, (copy) => {
      const left = (copy.metadata.ownerReferences ?? []).filter(keeps)
      if (left.length > 0) copy.metadata.ownerReferences = left
      else delete copy.metadata.ownerReferences
    })
  }

  const orphanDependents = (kind: Kind, owner: ApiObject): void => {
    for (const [of, dependent] of dependentsOf(owner))
      forget(of, dependent, ({ uid }) => uid !== owner.metadata.uid)
    dropFinalizer(kind, owner, ORPHAN)
  }

  const awaitDependents = (kind: Kind, owner: ApiObject): void => {
    const dependents = dependentsOf(owner)
    const blocks = dependents.some(([, { metadata }]) =>
      (metadata.ownerReferences ?? []).some(
        ({ uid, blockOwnerDeletion }) => uid === owner.metadata.uid && blockOwnerDeletion === true,
      ),
    )
    if (!blocks) dropFinalizer(kind, owner, FOREGROUND)
    // Nobody waits for those that do not block; they go at once all the same.
    for (const [of, dependent] of dependents) if (!isTerminating(dependent)) add(of, dependent)
  }

  const dropFinalizer = (kind: Kind, object: ApiObject, finalizer: string): void => {
    client.change<ApiObject>(kind.plural, object, (copy) => {
      copy.metadata.finalizers = (copy.metadata.finalizers ?? []).filter((name) => name !== finalizer)
    })
  }

  /** Whoever an object named as owner might wait for it. */
  const addOwners = ({ metadata }: ApiObject): void => {
    for (const { uid, kind: kindName } of metadata.ownerReferences ?? []) {
      const kind = OWNABLE.find((one) => one.kind === kindName)
      const owner = kind === undefined ? null : world.ofKind(kind).withUid(uid)
      if (kind !== undefined && owner !== null && isTerminating(owner)) add(kind, owner)
    }
  }

  const stop = world.onChange((kind, { type, object, previous }) => {
    if (type === 'DELETED') {
      for (const [of, dependent] of dependentsOf(object)) add(of, dependent)
      addOwners(object)
      return
    }
    const begins = isTerminating(object) && (previous === null || !isTerminating(previous))
    const reowned = !sameJson(previous?.metadata.ownerReferences, object.metadata.ownerReferences)
    if (begins || (reowned && !isTerminating(object))) add(kind, object)
    if (previous !== null && reowned) addOwners(previous)
  })
  for (const kind of OWNABLE) for (const object of world.ofKind(kind).all()) add(kind, object)
  return () => {
    stop()
    queue.close()
  }
}

const hasFinalizer = ({ metadata }: ApiObject, finalizer: string): boolean =>
  (metadata.finalizers ?? []).includes(finalizer)
