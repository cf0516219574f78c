import type { Client } from '../../client.ts'
import { timestamp } from '../../clock.ts'
import { type ApiObject, at, sameJson } from '../../object.ts'
import type { PersistentVolumeClaim, Pod } from '../../shapes.ts'
import { keyOf } from '../../store/store.ts'
import type { World } from '../objects.ts'
import { isTerminating } from '../owners.ts'
import { conditionOf, isFinished } from '../pod-conditions.ts'
import {
  isBound,
  type PersistentVolume,
  SELECTED_NODE,
  type StorageClass,
} from '../storage/persistent-volume.ts'
import { claimNamesOf } from '../storage/protection.ts'
import { WorkQueue } from '../work-queue.ts'
import { candidatesOf, obstacles } from './node-fit.ts'
import { Waiting } from './waiting.ts'

/** Finds a node for each pod. One that has none waits until something changes that it might wait for. */
export function startScheduler(client: Client, world: World): () => void {
  const pods = world.of<Pod>('pods')
  const nodes = world.of<ApiObject>('nodes')
  const claims = world.of<PersistentVolumeClaim>('persistentvolumeclaims')
  const volumes = world.of<PersistentVolume>('persistentvolumes')
  const classes = world.of<StorageClass>('storageclasses')
  const waiting = new Waiting()

  const queue = new WorkQueue(client.clock, (key) => {
    const [namespace = '', name = ''] = key.split('/')
    const pod = pods.get(namespace, name)
    waiting.remove(key)
    if (pod === null || !isOurs(pod)) return
    const place = placeFor(pod)
    if ('node' in place) {
      client.bind(pod, place.node)
      client.record(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${place.node}`)
      return
    }
    waiting.add(
      key,
      claimNamesOf(pod).map((claim) => keyOf(namespace, claim)),
    )
    if (place.problem !== null) tell(pod, place.problem)
  })

  /** A node, or what is in the way; no problem where a volume is just being made. */
  const placeFor = (pod: Pod): { readonly node: string } | { readonly problem: string | null } => {
    const all = nodes.all()
    if (all.length === 0) return { problem: 'no nodes available to schedule pods' }
    const mounted = claimNamesOf(pod).map((name) => ({
      name,
      claim: claims.get(pod.metadata.namespace, name),
    }))
    const none = `0/${all.length} nodes are available`
    const notHelpful = (count: number) => `${count} Preemption is not helpful for scheduling`
    const before = claimProblem(mounted)
    if (before !== null)
      return { problem: `${none}: ${before}. preemption: ${none}: ${notHelpful(all.length)}.` }
    const bound = mounted.flatMap(({ claim }) => {
      const volume = claim === null ? null : volumes.get(undefined, claim.spec.volumeName ?? '')
      return volume === null ? [] : [volume]
    })
    const reasons = new Map<string, number>()
    let passing = 0
    const candidates = candidatesOf(all, pods.all())
    const fitting = candidates.filter((candidate) => {
      const found = obstacles(pod, candidate, bound, candidates)
      for (const { reason } of found) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      if (found.length > 0 && found.every((obstacle) => obstacle.passing)) passing += 1
      return found.length === 0
    })
    // The emptiest; of several the first by name.
    const [best] = fitting.sort(
      (a, b) => a.pods.length - b.pods.length || (a.node.metadata.name < b.node.metadata.name ? -1 : 1),
    )
    if (best === undefined) {
      const counted = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort()
      // All are equally important here: nobody has to go for anybody.
      const preempting = [
        ...(passing === 0 ? [] : [`${passing} No preemption victims found for incoming pod`]),
        ...(passing === all.length ? [] : [notHelpful(all.length - passing)]),
      ]
      return { problem: `${none}: ${counted.join(', ')}. preemption: ${none}: ${preempting.join(', ')}.` }
    }
    const node = best.node.metadata.name
    return awaitVolumes(
      mounted.flatMap(({ claim }) => claim ?? []),
      node,
    )
      ? { problem: null }
      : { node }
  }

  const claimProblem = (
    mounted: readonly { readonly name: string; readonly claim: PersistentVolumeClaim | null }[],
  ): string | null => {
    for (const { name, claim } of mounted) {
      if (claim === null) return `persistentvolumeclaim "${name}" not found`
      if (isTerminating(claim)) return `persistentvolumeclaim "${name}" is being deleted`
      if (claim.status?.phase === 'Lost')
        return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName}"`
    }
    const unbound = mounted.some(({ claim }) => claim !== null && !isBound(claim) && !waitsForConsumer(claim))
    return unbound ? 'pod has unbound immediate PersistentVolumeClaims' : null
  }

  const waitsForConsumer = ({ spec }: PersistentVolumeClaim): boolean =>
    classes.get(undefined, spec.storageClassName ?? '')?.volumeBindingMode === 'WaitForFirstConsumer'

  /** Has the volumes made where the pod will be. True while any is not there yet. */
  const awaitVolumes = (mounted: readonly PersistentVolumeClaim[], node: string): boolean => {
    const unbound = mounted.filter((claim) => !isBound(claim))
    for (const claim of unbound) {
      if (claim.metadata.annotations?.[SELECTED_NODE] !== undefined) continue
      client.change<PersistentVolumeClaim>('persistentvolumeclaims', claim, (copy) => {
        copy.metadata.annotations = { ...copy.metadata.annotations, [SELECTED_NODE]: node }
      })
    }
    return unbound.length > 0
  }

  const tell = (pod: Pod, message: string): void => {
    client.record(pod, 'Warning', 'FailedScheduling', message)
    const said = conditionOf(pod, 'PodScheduled')
    if (said?.status === 'False' && said.message === message) return
    client.changeStatus<Pod>('pods', pod, (copy) => {
      copy.status ??= {}
      const others = (copy.status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled')
      const lastTransitionTime =
        said?.status === 'False' ? (said.lastTransitionTime ?? '') : timestamp(client.clock.nowMs())
      copy.status.conditions = [
        ...others,
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime },
      ]
    })
  }

  const keyOfPod = ({ metadata }: Pod) => keyOf(metadata.namespace, metadata.name)
  const addWaiting = () => {
    for (const key of waiting.all()) queue.add(key)
  }
  const addMounting = ({ metadata }: PersistentVolumeClaim) => {
    for (const key of waiting.forClaim(keyOf(metadata.namespace, metadata.name))) queue.add(key)
  }
  const stops = [
    client.watch<Pod>('pods', {
      added: (pod) => {
        if (isOurs(pod)) queue.add(keyOfPod(pod))
      },
      changed: (pod, previous) => {
        if (isFinished(pod) && !isFinished(previous)) addWaiting()
      },
      removed: (pod) => {
        waiting.remove(keyOfPod(pod))
        // There may be room now.
        if ((pod.spec.nodeName ?? '') !== '') addWaiting()
      },
    }),
    client.watch<PersistentVolumeClaim>('persistentvolumeclaims', {
      added: addMounting,
      changed: (claim, previous) => {
        if (isBound(claim) !== isBound(previous)) addMounting(claim)
      },
    }),
    client.watch<ApiObject>('nodes', {
      added: addWaiting,
      changed: (node, previous) => {
        // Not at each sign of life.
        if (!sameJson(offerOf(node), offerOf(previous))) addWaiting()
      },
    }),
    client.watch<StorageClass>('storageclasses', { added: addWaiting }),
  ]
  return () => {
    for (const stop of stops) stop()
    queue.close()
  }
}

const isOurs = (pod: Pod): boolean =>
  (pod.spec.nodeName ?? '') === '' &&
  !isTerminating(pod) &&
  (pod.spec.schedulerName ?? 'default-scheduler') === 'default-scheduler'

/** All of a node that a pod might wait for. */
const offerOf = (node: ApiObject): readonly unknown[] => [
  node.spec,
  node.metadata.labels,
  at(node, 'status', 'allocatable'),
]
