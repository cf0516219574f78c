import type { Client } from '../../client.ts'
import type { ClusterClock } from '../../clock.ts'
import { type JsonObject, sameJson } from '../../object.ts'
import type { Pod, StatefulSet } from '../../shapes.ts'
import { isTerminating } from '../owners.ts'
import { isAvailable, isReady } from '../pod-conditions.ts'
import { replicasOf, revisionOf } from './identity.ts'
import type { Revisions } from './revisions.ts'

export interface SetStatus {
  readonly observedGeneration: number
  readonly currentRevision: string
  readonly updateRevision: string
  readonly collisionCount: number
  replicas: number
  readyReplicas: number
  availableReplicas: number
  currentReplicas: number
  updatedReplicas: number
}

/** Running as far as the status says, and ready. */
export const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === 'Running' && isReady(pod)

export function statusOf(
  set: StatefulSet,
  { current, update, collisions }: Revisions,
  pods: readonly Pod[],
  clock: ClusterClock,
): SetStatus {
  const status = {
    observedGeneration: set.metadata.generation ?? 0,
    currentRevision: current.metadata.name,
    updateRevision: update.metadata.name,
    collisionCount: collisions,
    replicas: pods.length,
    readyReplicas: 0,
    availableReplicas: 0,
    currentReplicas: 0,
    updatedReplicas: 0,
  }
  for (const pod of pods) {
    if (isRunningAndReady(pod)) {
      status.readyReplicas += 1
      if (isAvailable(pod, set.spec.minReadySeconds ?? 0, clock)) status.availableReplicas += 1
    }
    if (isTerminating(pod)) continue
    const revision = revisionOf(pod)
    if (revision === status.currentRevision) status.currentReplicas += 1
    if (revision === status.updateRevision) status.updatedReplicas += 1
  }
  return status
}

/** An update is over when all that are wanted are there, ready and new. */
function completed(set: StatefulSet, status: SetStatus): SetStatus {
  const wanted = replicasOf(set)
  const { updateRevision, updatedReplicas } = status
  const over =
    set.spec.updateStrategy?.type === 'RollingUpdate' &&
    [status.updatedReplicas, status.readyReplicas, status.replicas].every((count) => count === wanted)
  return over ? { ...status, currentRevision: updateRevision, currentReplicas: updatedReplicas } : status
}

/** These are left out where they are zero; the others never are. */
const OMITTED = ['readyReplicas', 'currentReplicas', 'updatedReplicas'] as const

/** Writes the status where it says something new. Conditions that others wrote are lost then, as in the real one. */
export function writeStatus(client: Client, set: StatefulSet, computed: SetStatus): void {
  const status: Record<string, unknown> = { ...completed(set, computed) }
  for (const key of OMITTED) if (status[key] === 0) delete status[key]
  const { conditions: _, ...before } = (set.status ?? {}) as JsonObject
  if (sameJson(before, status)) return
  client.changeStatus<StatefulSet>('statefulsets', set, (copy) => {
    copy.status = status
  })
}
