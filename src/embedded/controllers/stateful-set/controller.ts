import type { Client } from '../../client.ts'
import { sameJson } from '../../object.ts'
import type { Pod, StatefulSet } from '../../shapes.ts'
import { selectorOf } from '../../store/selector.ts'
import { keyOf } from '../../store/store.ts'
import { claimMembers } from '../claim-members.ts'
import type { Misdeeds } from '../misdeeds.ts'
import type { World } from '../objects.ts'
import { controllerOf } from '../owners.ts'
import { untilAvailableMs } from '../pod-conditions.ts'
import { WorkQueue } from '../work-queue.ts'
import { isNamedAfter, replicasOf } from './identity.ts'
import { Members } from './members.ts'
import { type Revision, revisionsOf, truncateHistory } from './revisions.ts'
import { writeStatus } from './status.ts'
import { syncSet } from './sync.ts'

/** Makes pods and claims of the StatefulSets. @returns a function that ends it */
export function startStatefulSets(client: Client, world: World, misdeeds: Misdeeds): () => void {
  const pods = world.of<Pod>('pods')
  const sets = world.of<StatefulSet>('statefulsets')
  const revisions = world.of<Revision>('controllerrevisions')
  const members = new Members(client, misdeeds)

  const queue = new WorkQueue(client.clock, (key) => {
    const [namespace = '', name = ''] = key.split('/')
    const set = sets.get(namespace, name)
    if (set === null) return
    const selects = selectorOf(set.spec.selector)
    const fits = (pod: Pod) => selects(pod.metadata.labels ?? {}) && isNamedAfter(set, pod)
    const ours = claimMembers(client, 'pods', set, pods, fits)
    const known = revisionsOf(client, set, revisions)
    const { status, problem } = syncSet(client, members, set, known, ours, misdeeds)
    if (sets.get(namespace, name)?.metadata.uid === set.metadata.uid) writeStatus(client, set, status)
    truncateHistory(client, set, known, ours)
    const minReady = set.spec.minReadySeconds ?? 0
    if (minReady > 0 && status.availableReplicas !== replicasOf(set)) lookAgain(key, set, ours, minReady)
    if (problem !== null) throw problem
  })

  /** When the next ready pod becomes available. */
  const lookAgain = (
    key: string,
    { metadata }: StatefulSet,
    ours: readonly Pod[],
    minReady: number,
  ): void => {
    const delays = ours
      .map((pod) => pods.get(metadata.namespace, pod.metadata.name) ?? pod)
      .map((pod) => untilAvailableMs(pod, minReady, client.clock) ?? 0)
      .filter((delay) => delay > 0)
    if (delays.length > 0) queue.addAfter(key, Math.min(...delays))
  }

  const add = ({ metadata }: StatefulSet) => queue.add(keyOf(metadata.namespace, metadata.name))
  const addOwner = (pod: Pod): void => {
    const { kind, uid } = controllerOf(pod) ?? {}
    if (kind !== 'StatefulSet' || uid === undefined) return
    const set = sets.withUid(uid)
    if (set !== null) add(set)
  }
  /** Any set might adopt it. */
  const addWhoeverFits = (pod: Pod): void => {
    if (controllerOf(pod) !== undefined) return
    for (const set of sets.in(pod.metadata.namespace ?? ''))
      if (selectorOf(set.spec.selector)(pod.metadata.labels ?? {})) add(set)
  }

  const stops = [
    client.watch<StatefulSet>('statefulsets', { added: add, changed: add }),
    client.watch<Pod>('pods', {
      added: (pod) => {
        addOwner(pod)
        addWhoeverFits(pod)
      },
      changed: (pod, previous) => {
        addOwner(pod)
        if (controllerOf(previous)?.uid !== controllerOf(pod)?.uid) addOwner(previous)
        if (
          !sameJson(previous.metadata.labels, pod.metadata.labels) ||
          controllerOf(previous)?.uid !== controllerOf(pod)?.uid
        )
          addWhoeverFits(pod)
      },
      removed: addOwner,
    }),
  ]
  return () => {
    for (const stop of stops) stop()
    queue.close()
  }
}
