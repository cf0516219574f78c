import type { Client } from '../../client.ts'
import { type ApiObject, sameJson } from '../../object.ts'
import type { Pod, PodTemplate, StatefulSet } from '../../shapes.ts'
import { StatusError } from '../../status.ts'
import { selectorOf } from '../../store/selector.ts'
import type { Objects } from '../objects.ts'
import { controllerOf, controllerReference, isControlledBy, isTerminating } from '../owners.ts'
import { revisionOf } from './identity.ts'
import { revisionData, revisionHash } from './revision-hash.ts'

export interface Revision extends ApiObject {
  readonly data: { readonly spec: { readonly template: PodTemplate & { readonly $patch?: string } } }
  readonly revision: number
}

export interface Revisions {
  readonly current: Revision
  readonly update: Revision
  readonly collisions: number
  readonly all: readonly Revision[]
}

const HASH_LABEL = 'controller.kubernetes.io/hash'
const TRIES = 10

/**
 * The revision that the set's pods come from and the one that they go to. Creates the latter when the template is
 * new; a template that was there before gets its old revision back, counted as the newest.
 */
export function revisionsOf(client: Client, set: StatefulSet, revisions: Objects<Revision>): Revisions {
  const all = history(client, set, revisions)
  const last = all.at(-1)
  const number = (last?.revision ?? 0) + 1
  const data = revisionData(set)
  let collisions = Number((set.status as { collisionCount?: number } | undefined)?.collisionCount ?? 0)
  const equal = all.filter((revision) => sameJson(revision.data, data)).at(-1)
  let update: Revision
  if (equal === undefined) [update, collisions] = create(client, set, number, collisions)
  else if (equal === last) update = last
  else
    update = client.change<Revision>('controllerrevisions', equal, (copy) => {
      copy.revision = number
    })
  const named = (set.status as { currentRevision?: string } | undefined)?.currentRevision
  return { current: all.find(({ metadata }) => metadata.name === named) ?? update, update, collisions, all }
}

/** Oldest first; those of nobody that fit the set are adopted. */
function history(client: Client, set: StatefulSet, revisions: Objects<Revision>): readonly Revision[] {
  const fits = selectorOf(set.spec.selector)
  const ours = revisions.ownedBy(set.metadata.uid ?? '').filter((found) => isControlledBy(found, set))
  const orphans = isTerminating(set)
    ? []
    : revisions
        .withoutController(set.metadata.namespace ?? '')
        .filter(({ metadata }) => fits(metadata.labels ?? {}))
        .map((orphan) =>
          client.change<Revision>('controllerrevisions', orphan, (copy) => {
            copy.metadata.ownerReferences = [
              ...(copy.metadata.ownerReferences ?? []),
              { ...controllerReference(set) },
            ]
          }),
        )
  return [...ours, ...orphans].sort(
    (a, b) =>
      a.revision - b.revision ||
      Date.parse(a.metadata.creationTimestamp ?? '') - Date.parse(b.metadata.creationTimestamp ?? '') ||
      (a.metadata.name < b.metadata.name ? -1 : 1),
  )
}

function create(
  client: Client,
  set: StatefulSet,
  revision: number,
  collided: number,
): readonly [Revision, number] {
  const { name, namespace, annotations } = set.metadata
  const data = revisionData(set)
  let collisions = collided
  for (let tried = 0; tried < TRIES; tried += 1) {
    const hash = revisionHash(data, collisions)
    const revisionName = `${name.slice(0, 223)}-${hash}`
    try {
      const created = client.create<Revision>('controllerrevisions', {
        metadata: {
          name: revisionName,
          ...(namespace === undefined ? {} : { namespace }),
          labels: { ...set.spec.template.metadata?.labels, [HASH_LABEL]: hash },
          ...(annotations === undefined ? {} : { annotations }),
          ownerReferences: [controllerReference(set)],
        },
        data,
        revision,
      })
      return [created, collisions]
    } catch (error) {
      if (!(error instanceof StatusError && error.reason === 'AlreadyExists')) throw error
      const there = client.get<Revision>('controllerrevisions', namespace, revisionName)
      if (there !== null && sameJson(there.data, data) && controllerOf(there)?.uid === set.metadata.uid)
        return [there, collisions]
      collisions += 1
    }
  }
  throw new StatusError(500, 'InternalError', `no free name for a revision of ${name}`)
}

/** The set as it was at a revision. */
export function atRevision(set: StatefulSet, { data }: Revision): StatefulSet {
  const { $patch: _, ...template } = data.spec.template
  return { ...set, spec: { ...set.spec, template } }
}

/** Forgets the oldest revisions beyond the limit that no pod and no status speak of. */
export function truncateHistory(
  client: Client,
  set: StatefulSet,
  { all, current, update }: Revisions,
  pods: readonly Pod[],
): void {
  const alive = new Set([current.metadata.name, update.metadata.name, ...pods.map(revisionOf)])
  const past = all.filter(({ metadata }) => !alive.has(metadata.name))
  const excess = past.length - (set.spec.revisionHistoryLimit ?? 10)
  for (const revision of past.slice(0, Math.max(0, excess))) client.remove('controllerrevisions', revision)
}
