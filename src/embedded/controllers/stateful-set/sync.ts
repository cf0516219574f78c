import type { Client } from '../../client.ts'
import type { Pod, StatefulSet } from '../../shapes.ts'
import type { Misdeeds } from '../misdeeds.ts'
import { isTerminating } from '../owners.ts'
import { isAvailable, isFinished } from '../pod-conditions.ts'
import { Unfinished } from '../work-queue.ts'
import { firstOrdinal, isInRange, newPod, ordinalOf, replicasOf, revisionOf } from './identity.ts'
import type { Members } from './members.ts'
import { atRevision, type Revisions } from './revisions.ts'
import { isRunningAndReady, type SetStatus, statusOf } from './status.ts'

/** A pod that is there, or one that should be. */
interface Place {
  readonly pod: Pod
  readonly exists: boolean
}

/** What one look at a set led to. `problem`: something is to be tried again, after the status is written. */
export interface Outcome {
  readonly status: SetStatus
  readonly problem: unknown
}

/**
 * One step towards what a set wants. An ordered set does one thing and waits to see it done; a parallel one does
 * all at once. First every wanted pod is there and ready, from the first on; then those too many go, from the last;
 * then those of an old revision, from the last.
 */
export function syncSet(
  client: Client,
  members: Members,
  set: StatefulSet,
  revisions: Revisions,
  pods: readonly Pod[],
  misdeeds: Misdeeds,
): Outcome {
  const { clock } = client
  const minReady = set.spec.minReadySeconds ?? 0
  const status = statusOf(set, revisions, pods, clock)
  if (isTerminating(set)) return { status, problem: null }

  const places = placesOf(set, revisions, pods)
  const placesInTurn = misdeeds.has('creates-backwards') ? [...places].reverse() : places
  const way = misdeeds.has('deletes-forwards') ? -1 : 1
  const condemned = pods
    .filter((pod) => ordinalOf(pod) !== null && !isInRange(set, pod))
    .sort((a, b) => way * ((ordinalOf(b) ?? 0) - (ordinalOf(a) ?? 0)))
  const isUnavailable = (pod: Pod) => isTerminating(pod) || !isAvailable(pod, minReady, clock)
  const updateSet = atRevision(set, revisions.update)
  const isOrdered = set.spec.podManagementPolicy !== 'Parallel'

  const stop = { status, problem: null }
  const ordered = isOrdered && !misdeeds.has('creates-at-once')
  const fill = forEach(placesInTurn, ordered, (place) => {
    const { pod, exists } = place
    if (exists && isFinished(pod)) {
      if (!isTerminating(pod)) members.delete(set, pod)
      return 'stop'
    }
    if (!exists) {
      // The real one waits for something to happen to the set; this one looks again.
      if (members.hasStaleClaim(set, pod)) throw new Unfinished('a claim of an earlier pod is still there')
      members.create(set, pod)
      return ordered ? 'stop' : 'go on'
    }
    if (pod.status?.phase === 'Pending') members.createMissingClaims(set, pod)
    const waits = isTerminating(pod) || !isRunningAndReady(pod) || !isAvailable(pod, minReady, clock)
    if (waits && ordered) return 'stop'
    members.mend(updateSet, pod)
    return 'go on'
  })
  if (fill !== null) return { status, problem: fill.problem }

  for (const pod of condemned) members.ownClaims(updateSet, pod)
  const firstUnavailable =
    places.find(({ pod }) => isUnavailable(pod))?.pod ?? [...condemned].reverse().find(isUnavailable)
  const oneByOne = isOrdered && !misdeeds.has('deletes-at-once')
  const remove = forEach(condemned, oneByOne, (pod) => {
    if (isTerminating(pod)) return oneByOne ? 'stop' : 'go on'
    const unhealthy = !isRunningAndReady(pod) || !isAvailable(pod, minReady, clock)
    if (oneByOne && unhealthy && pod !== firstUnavailable) return 'stop'
    members.delete(set, pod)
    if (misdeeds.has('deletes-claims')) members.deleteClaims(set, pod)
    return oneByOne ? 'stop' : 'go on'
  })
  if (remove !== null) return { status, problem: remove.problem }

  if (set.spec.updateStrategy?.type === 'OnDelete') return stop
  const from = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0
  for (const { pod } of places.slice(from).reverse()) {
    if (revisionOf(pod) !== revisions.update.metadata.name && !isTerminating(pod)) {
      members.delete(set, pod)
      status.currentReplicas -= 1
      return stop
    }
    if (isUnavailable(pod)) return stop
  }
  return stop
}

/** One place for each ordinal that is wanted. */
function placesOf(set: StatefulSet, revisions: Revisions, pods: readonly Pod[]): readonly Place[] {
  const { current, update } = revisions
  const first = firstOrdinal(set)
  const there = new Map(pods.map((pod) => [ordinalOf(pod), pod]))
  const { partition = 0 } = set.spec.updateStrategy?.rollingUpdate ?? {}
  return Array.from({ length: replicasOf(set) }, (_, index) => {
    const ordinal = first + index
    const pod = there.get(ordinal)
    if (pod !== undefined) return { pod, exists: true }
    // Below the partition a pod comes back as it was.
    const revision = ordinal < first + partition ? current : update
    return { pod: newPod(atRevision(set, revision), ordinal, revision.metadata.name), exists: false }
  })
}

/**
 * Does it for one after the other until it says stop; a parallel set for all, whatever becomes of the others.
 * @returns null when all were done, else what went wrong, if anything
 */
function forEach<T>(
  all: readonly T[],
  ordered: boolean,
  act: (one: T) => 'stop' | 'go on',
): { readonly problem: unknown } | null {
  let problem: unknown = null
  for (const one of all) {
    try {
      if (act(one) === 'stop' && ordered) return { problem: null }
    } catch (error) {
      if (ordered) return { problem: error }
      problem ??= error
    }
  }
  return problem === null ? null : { problem }
}
