import type { Client } from '../client.ts'
import { timestamp } from '../clock.ts'
import { type ApiObject, at, listAt, sameJson } from '../object.ts'
import type { Condition, Pod, Workload } from '../shapes.ts'
import { type LabelSelector, selectorOf } from '../store/selector.ts'
import { keyOf } from '../store/store.ts'
import type { World } from './objects.ts'
import { controllerOf, isTerminating } from './owners.ts'
import { isFinished, isReady } from './pod-conditions.ts'
import { WorkQueue } from './work-queue.ts'

const BUDGETS = 'poddisruptionbudgets'
/** What may own the pods of a budget that is counted from how many there should be. */
const SCALED: ReadonlyMap<string, string> = new Map([
  ['StatefulSet', 'statefulsets'],
  ['ReplicaSet', 'replicasets'],
])

/** Keeps what budgets say of the pods that they protect. Whether one may be evicted is decided where it is asked. */
export function startDisruptionBudgets(client: Client, world: World): () => void {
  const budgets = world.of<ApiObject>(BUDGETS)
  const pods = world.of<Pod>('pods')

  const queue = new WorkQueue(client.clock, (key) => {
    const [namespace = '', name = ''] = key.split('/')
    const budget = budgets.get(namespace, name)
    if (budget !== null) write(budget, pods.in(namespace).filter(protects(budget)))
  })

  const write = (budget: ApiObject, covered: readonly Pod[]): void => {
    const { metadata } = budget
    if (covered.length === 0) client.record(budget, 'Normal', 'NoPods', 'No matching pods found')
    const minimum = at(budget, 'spec', 'minAvailable') as number | string | undefined
    const maximum = at(budget, 'spec', 'maxUnavailable') as number | string | undefined
    const isCounted = maximum !== undefined || typeof minimum === 'string'
    const expectedPods = isCounted ? wantedOf(covered) : covered.length
    const desiredHealthy =
      maximum === undefined
        ? share(minimum ?? 1, expectedPods)
        : Math.max(0, expectedPods - share(maximum, expectedPods))
    const currentHealthy = covered.filter((pod) => isReady(pod) && !isTerminating(pod)).length
    const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy)
    const status = {
      conditions: [condition(budget, disruptionsAllowed > 0)],
      currentHealthy,
      desiredHealthy,
      disruptionsAllowed,
      expectedPods,
      observedGeneration: metadata.generation ?? 0,
    }
    if (sameJson(budget.status, status)) return
    client.changeStatus<ApiObject>(BUDGETS, budget, (copy) => {
      copy.status = status
    })
  }

  /** How many pods their controllers want, all together. */
  const wantedOf = (covered: readonly Pod[]): number => {
    const owners = new Map(
      covered.map((pod) => [controllerOf(pod)?.uid ?? '', controllerOf(pod)?.kind ?? '']),
    )
    let sum = 0
    for (const [uid, kind] of owners) {
      const resource = SCALED.get(kind)
      const owner = resource === undefined ? null : world.of<Workload>(resource).withUid(uid)
      sum += owner?.spec.replicas ?? 0
    }
    return sum
  }

  const condition = (budget: ApiObject, allowed: boolean): Condition => {
    const status = allowed ? 'True' : 'False'
    const old = (listAt(budget, 'status', 'conditions') as readonly Condition[])[0]
    return {
      type: 'DisruptionAllowed',
      status,
      reason: allowed ? 'SufficientPods' : 'InsufficientPods',
      message: '',
      observedGeneration: budget.metadata.generation ?? 0,
      lastTransitionTime:
        old?.status === status ? (old.lastTransitionTime ?? '') : timestamp(client.clock.nowMs()),
    } as Condition
  }

  const add = ({ metadata }: ApiObject) => queue.add(keyOf(metadata.namespace, metadata.name))
  const addProtecting = (pod: Pod): void => {
    for (const budget of budgets.in(pod.metadata.namespace ?? '')) if (protects(budget)(pod)) add(budget)
  }
  const addAllOf = ({ metadata }: ApiObject): void => {
    for (const budget of budgets.in(metadata.namespace ?? '')) add(budget)
  }
  const stops = [
    client.watch<ApiObject>(BUDGETS, { added: add, changed: add }),
    client.watch<Pod>('pods', {
      added: addProtecting,
      changed: (pod, previous) => {
        addProtecting(pod)
        if (!sameJson(pod.metadata.labels, previous.metadata.labels)) addProtecting(previous)
      },
      removed: addProtecting,
    }),
    ...[...SCALED.values()].map((resource) =>
      client.watch<Workload>(resource, {
        changed: (owner, previous) => {
          if (owner.spec.replicas !== previous.spec.replicas) addAllOf(owner)
        },
      }),
    ),
  ]
  return () => {
    for (const stop of stops) stop()
    queue.close()
  }
}

const protects =
  (budget: ApiObject) =>
  (pod: Pod): boolean =>
    !isFinished(pod) &&
    selectorOf(at(budget, 'spec', 'selector') as LabelSelector | undefined)(pod.metadata.labels ?? {})

const share = (limit: number | string, of: number): number =>
  typeof limit === 'number' ? limit : Math.ceil((of * Number.parseFloat(limit)) / 100)
