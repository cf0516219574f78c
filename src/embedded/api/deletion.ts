import { timestamp } from '../clock.ts'
import { type ApiObject, copyOf, listAt } from '../object.ts'
import type { Kind } from '../registry/kind.ts'
import { badRequest, conflict, forbidden, type StatusError } from '../status.ts'

export interface DeleteOptions {
  readonly uid?: string
  readonly resourceVersion?: string
  readonly gracePeriodSeconds?: number
  readonly propagation?: 'Foreground' | 'Background' | 'Orphan'
  readonly dryRun?: boolean
}

export interface Deletion {
  readonly object: ApiObject
  /** No more in the store. False: it has finalizers, or a grace period. */
  readonly gone: boolean
}

/** What a delete makes of an object. The same object back means that nothing changes. @throws StatusError 409 */
export function deletionOf(kind: Kind, object: ApiObject, options: DeleteOptions, nowMs: number): Deletion {
  checkPreconditions(kind, object, options)
  if ((options.gracePeriodSeconds ?? 0) < 0) throw badRequest('gracePeriodSeconds must not be negative')
  if (kind.plural === 'namespaces') return namespaceDeletion(kind, object, nowMs)

  const finalizers = finalizersFor(object, options)
  const grace = kind.gracePeriod?.(object, options.gracePeriodSeconds) ?? 0
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = object.metadata
  if (deletionTimestamp !== undefined) {
    // A second delete can only shorten the time.
    if (options.gracePeriodSeconds === undefined || grace >= deletionGracePeriodSeconds)
      return finalizers.length === 0 && deletionGracePeriodSeconds === 0
        ? { object, gone: true }
        : { object, gone: false }
  }
  const gone = grace === 0 && finalizers.length === 0
  if (gone && kind.gracePeriod === undefined) return { object, gone }

  const next = copyOf(object)
  const startMs =
    deletionTimestamp === undefined
      ? nowMs
      : Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000
  next.metadata.deletionTimestamp = timestamp(startMs + grace * 1000)
  next.metadata.deletionGracePeriodSeconds = grace
  if (finalizers.length > 0) next.metadata.finalizers = [...finalizers]
  else delete next.metadata.finalizers
  if (object.metadata.generation !== undefined && deletionTimestamp === undefined)
    next.metadata.generation = object.metadata.generation + 1
  return { object: next as ApiObject, gone }
}

function checkPreconditions(kind: Kind, object: ApiObject, { uid, resourceVersion }: DeleteOptions): void {
  const { metadata } = object
  // Preconditions speak of the kind where other conflicts speak of the resource.
  const refuse = (what: string): StatusError => conflict({ ...kind, plural: kind.kind }, metadata.name, what)
  if (uid !== undefined && uid !== metadata.uid)
    throw refuse(
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    )
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw refuse(
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    )
}

/** How dependents go is a finalizer that the garbage collector removes when it is done. */
function finalizersFor(object: ApiObject, { propagation }: DeleteOptions): readonly string[] {
  const own = object.metadata.finalizers ?? []
  const rest = own.filter((name) => name !== 'orphan' && name !== 'foregroundDeletion')
  switch (propagation) {
    case 'Orphan':
      return [...rest, 'orphan']
    case 'Foreground':
      return [...rest, 'foregroundDeletion']
    case 'Background':
      return rest
    default:
      return own
  }
}

const IMMORTAL = ['default', 'kube-system', 'kube-public']

function namespaceDeletion(kind: Kind, object: ApiObject, nowMs: number): Deletion {
  if (IMMORTAL.includes(object.metadata.name))
    throw forbidden(kind, object.metadata.name, 'this namespace may not be deleted')
  const finalizers = listAt(object, 'spec', 'finalizers')
  if (object.metadata.deletionTimestamp !== undefined) {
    if (finalizers.length === 0 && (object.metadata.finalizers ?? []).length === 0)
      return { object, gone: true }
    throw conflict(
      kind,
      object.metadata.name,
      'The system is ensuring all content is removed from this namespace.  Upon completion, this namespace will automatically be purged by the system.',
    )
  }
  if (finalizers.length === 0 && (object.metadata.finalizers ?? []).length === 0)
    return { object, gone: true }
  const next = copyOf(object)
  next.metadata.deletionTimestamp = timestamp(nowMs)
  next.status = { ...(object.status as object | undefined), phase: 'Terminating' }
  return { object: next as ApiObject, gone: false }
}
