import type { Client } from '../../client.ts'
import { timestamp } from '../../clock.ts'
import { type JsonObject, sameJson } from '../../object.ts'
import type { Condition, Pod, Workload } from '../../shapes.ts'
import { StatusError } from '../../status.ts'
import { selectorOf } from '../../store/selector.ts'
import { keyOf } from '../../store/store.ts'
import { claimMembers } from '../claim-members.ts'
import type { World } from '../objects.ts'
import { controllerOf, isTerminating } from '../owners.ts'
import { conditionOf, isAvailable, isFinished, isReady, untilAvailableMs } from '../pod-conditions.ts'
import { podFromTemplate } from '../pod-template.ts'
import { WorkQueue } from '../work-queue.ts'

/** Keeps as many pods of each ReplicaSet as it asks for. @returns a function that ends it */
export function startReplicaSets(client: Client, world: World): () => void {
  const pods = world.of<Pod>('pods')
  const sets = world.of<Workload>('replicasets')

  const queue = new WorkQueue(client.clock, (key) => {
    const [namespace = '', name = ''] = key.split('/')
    const set = sets.get(namespace, name)
    if (set === null) return
    const selects = selectorOf(set.spec.selector)
    const claimed = claimMembers(client, 'pods', set, pods, ({ metadata }) => selects(metadata.labels ?? {}))
    const active = claimed.filter((pod) => !isFinished(pod) && !isTerminating(pod))
    const problem = isTerminating(set) ? null : reach(set, active)
    writeStatus(client, set, active, problem)
    const minReady = set.spec.minReadySeconds ?? 0
    const delays = active
      .map((pod) => untilAvailableMs(pod, minReady, client.clock) ?? 0)
      .filter((delay) => delay > 0)
    if (delays.length > 0) queue.addAfter(key, Math.min(...delays))
    if (problem !== null) throw problem
  })

  /** @returns what the API refused */
  const reach = (set: Workload, active: readonly Pod[]): StatusError | null => {
    const wanted = set.spec.replicas ?? 1
    for (const pod of [...active].sort(lastFirst).slice(0, Math.max(0, active.length - wanted))) {
      client.remove('pods', pod)
      client.record(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)
    }
    for (let count = active.length; count < wanted; count += 1) {
      try {
        const { metadata } = client.create<Pod>('pods', podFromTemplate(set))
        client.record(set, 'Normal', 'SuccessfulCreate', `Created pod: ${metadata.name}`)
      } catch (error) {
        if (!(error instanceof StatusError)) throw error
        client.record(set, 'Warning', 'FailedCreate', `Error creating: ${error.message}`)
        return error
      }
    }
    return null
  }

  const add = ({ metadata }: Workload) => queue.add(keyOf(metadata.namespace, metadata.name))
  const addOwner = (pod: Pod): void => {
    const { kind, uid = '' } = controllerOf(pod) ?? {}
    const set = kind === 'ReplicaSet' ? sets.withUid(uid) : null
    if (set !== null) add(set)
  }
  const addWhoeverFits = (pod: Pod): void => {
    if (controllerOf(pod) !== undefined) return
    for (const set of sets.in(pod.metadata.namespace ?? ''))
      if (selectorOf(set.spec.selector)(pod.metadata.labels ?? {})) add(set)
  }
  const stops = [
    client.watch<Workload>('replicasets', { added: add, changed: add }),
    client.watch<Pod>('pods', {
      added: (pod) => {
        addOwner(pod)
        addWhoeverFits(pod)
      },
      changed: (pod, previous) => {
        addOwner(pod)
        addOwner(previous)
        if (!sameJson(identity(pod), identity(previous))) addWhoeverFits(pod)
      },
      removed: addOwner,
    }),
  ]
  return () => {
    for (const stop of stops) stop()
    queue.close()
  }
}

const identity = ({ metadata }: Pod): readonly unknown[] => [metadata.labels, metadata.ownerReferences]

/** Which go first: those without a node, not running, not ready, ready for the shorter time, younger. */
function lastFirst(a: Pod, b: Pod): number {
  const rank = (pod: Pod): readonly number[] => [
    (pod.spec.nodeName ?? '') === '' ? 0 : 1,
    pod.status?.phase === 'Running' ? 1 : 0,
    isReady(pod) ? 1 : 0,
    -Date.parse(conditionOf(pod, 'Ready')?.lastTransitionTime ?? pod.metadata.creationTimestamp ?? ''),
    -Date.parse(pod.metadata.creationTimestamp ?? ''),
  ]
  const [left, right] = [rank(a), rank(b)]
  for (const [index, value] of left.entries()) {
    const difference = value - (right[index] ?? 0)
    if (difference !== 0 && !Number.isNaN(difference)) return difference
  }
  return a.metadata.name < b.metadata.name ? -1 : 1
}

function writeStatus(
  client: Client,
  set: Workload,
  active: readonly Pod[],
  problem: StatusError | null,
): void {
  const labels = Object.entries(set.spec.template.metadata?.labels ?? {})
  const count = (holds: (pod: Pod) => boolean): number => active.filter(holds).length
  const counts = {
    fullyLabeledReplicas: count(({ metadata }) =>
      labels.every(([key, value]) => metadata.labels?.[key] === value),
    ),
    readyReplicas: count(isReady),
    availableReplicas: count((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, client.clock)),
  }
  const { conditions = [], ...before } = (set.status ?? {}) as JsonObject & {
    conditions?: readonly Condition[]
  }
  const failure = conditions.find(({ type }) => type === 'ReplicaFailure')
  const failing =
    problem === null
      ? undefined
      : (failure ?? {
          type: 'ReplicaFailure',
          status: 'True',
          reason: 'FailedCreate',
          message: problem.message,
          lastTransitionTime: timestamp(client.clock.nowMs()),
        })
  const status = {
    replicas: active.length,
    ...Object.fromEntries(Object.entries(counts).filter(([, value]) => value > 0)),
    observedGeneration: set.metadata.generation ?? 0,
  }
  if (sameJson(before, status) && sameJson(failure, failing)) return
  client.changeStatus<Workload>('replicasets', set, (copy) => {
    const others = conditions.filter(({ type }) => type !== 'ReplicaFailure')
    const all = failing === undefined ? others : [...others, failing]
    copy.status = all.length === 0 ? status : Object.assign(status, { conditions: all })
  })
}
