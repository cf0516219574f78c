import type { DeletedObjects, LabGoal } from '../lab/lab.ts'
import type { StatefulSetFacts } from '../timeline/facts.ts'
import { type ClusterState, expectedPodNames, isReady, podsOf } from '../timeline/state.ts'
import type { Progress } from './await-state.ts'
import type { Diagnosis } from './diagnose.ts'
import type { NamespaceState } from './namespace-watch.ts'

/** What a goal is judged by, besides what the watch shows. */
export interface GoalContext {
  readonly state: ClusterState
  readonly statefulSet: string
  readonly namespace: NamespaceState
  /** The namespace is to stay, so its deletion is not waited for. */
  readonly keepNamespace: boolean
  /** The set was there when the wait began: without it there is nothing to wait for. */
  readonly setWasThere: boolean
  /** UIDs of the pods by name when the step began. */
  readonly podsAtStart: ReadonlyMap<string, string>
  readonly diagnose: (state: ClusterState, set: StatefulSetFacts) => Diagnosis | null
}

/** Whether the state that a step waits for is there. */
export function judgeGoal(goal: LabGoal, context: GoalContext): Progress {
  switch (goal.see) {
    case 'namespace':
      return context.namespace === 'there' ? DONE : waiting('the namespace is not there yet')
    case 'service':
      return judgeService(goal, context)
    case 'ready':
      return judgeReady(goal.replicas, context)
    case 'replaced': {
      const before = context.podsAtStart.get(goal.pod)
      const now = context.state.pods.get(goal.pod)
      if (now !== undefined && now.uid === before) {
        const leaving = now.deletionTimestamp === null ? 'is still the one from before' : 'is terminating'
        return waiting(`${goal.pod} ${leaving}`)
      }
      const set = context.state.statefulsets.get(context.statefulSet)
      return judgeReady(set?.replicas ?? 0, context)
    }
    case 'image':
      return judgeImage(goal, context)
    case 'gone':
      return judgeGone(goal.objects, context)
    case 'stuck':
      return judgeStuck(goal, context)
    case 'fixed':
      return goal.replicas === null ? DONE : judgeReady(goal.replicas, context)
    case 'file':
      throw new Error(`goal ${goal.see} is not judged from the watch alone`)
  }
}

/** The goal in one line, as the title of its verdict. */
export function goalTitle(goal: LabGoal, keepNamespace = false): string {
  switch (goal.see) {
    case 'namespace':
      return 'the namespace is there'
    case 'service':
      return `service ${goal.name} is there`
    case 'ready':
      return `exactly ${goal.replicas} pods, all ready`
    case 'replaced':
      return `${goal.pod} was replaced and is ready`
    case 'image':
      return `every pod runs ${goal.image} and is ready`
    case 'gone':
      return `gone: ${goal.objects
        .filter(({ kind }) => kind !== 'Namespace' || !keepNamespace)
        .map(describeObjects)
        .join(', ')}`
    case 'stuck':
      return 'the set cannot come up, as it is meant to be here'
    case 'file':
      return `every pod has ${goal.file}`
    case 'fixed':
      return goal.replicas === null ? 'the cluster is at rest' : `exactly ${goal.replicas} pods, all ready`
  }
}

const describeObjects = ({ kind, name, selector }: DeletedObjects): string =>
  kind === 'Namespace' ? 'the namespace' : `${LABEL[kind]} ${name ?? `with ${selector ?? ''}`}`

const LABEL = {
  StatefulSet: 'set',
  Service: 'service',
  PersistentVolumeClaim: 'claims',
  Pod: 'pods',
} as const

const DONE: Progress = { done: true }

function missingSet({ statefulSet, setWasThere }: GoalContext): Progress {
  const reason = `StatefulSet ${statefulSet} is not there`
  return waiting(reason, setWasThere ? `StatefulSet ${statefulSet} was deleted meanwhile` : undefined)
}

const waiting = (reason: string, hopeless?: string): Progress => ({ done: false, reason, hopeless })

function judgeService(goal: Extract<LabGoal, { see: 'service' }>, { state }: GoalContext): Progress {
  const service = state.services.get(goal.name)
  if (service === undefined) return waiting(`service ${goal.name} is not there yet`)
  if (goal.headless && !service.headless) {
    const reason = `service ${goal.name} has the address ${service.clusterIP ?? '(none yet)'}: it is not headless`
    return waiting(reason, reason)
  }
  return DONE
}

function judgeReady(replicas: number, context: GoalContext): Progress {
  const { state, statefulSet, diagnose } = context
  const set = state.statefulsets.get(statefulSet)
  if (set === undefined) return missingSet(context)
  if (set.replicas !== replicas) return waiting(`the set asks for ${set.replicas} pods, not ${replicas}`)
  const names = new Set(expectedPodNames(set))
  const pods = podsOf(state, set.uid)
  const extra = pods.filter((pod) => !names.has(pod.name)).at(-1)
  if (extra !== undefined) return waiting(`${extra.name} is not gone yet`)
  const ready = new Set(pods.filter(isReady).map(({ name }) => name))
  const missing = [...names].find((name) => !ready.has(name))
  if (missing !== undefined) {
    const diagnosis = diagnose(state, set)
    return waiting(
      diagnosis?.reason ?? `${missing} is not ready yet`,
      diagnosis?.hopeless ? diagnosis.reason : undefined,
    )
  }
  const { generation, observedGeneration, status } = set
  if (observedGeneration < generation || status.readyReplicas !== replicas || status.replicas !== replicas)
    return waiting('the controller has not taken note yet')
  return DONE
}

/** The symptom is reached when the cause has stood long enough; a set that comes up has no symptom. */
function judgeStuck(goal: Extract<LabGoal, { see: 'stuck' }>, context: GoalContext): Progress {
  const { state, statefulSet, diagnose } = context
  const set = state.statefulsets.get(statefulSet)
  if (set === undefined) return missingSet(context)
  const diagnosis = diagnose(state, set)
  if (diagnosis === null) {
    const ready = judgeReady(set.replicas, context)
    if (!ready.done) return waiting(ready.reason)
    const reason = `StatefulSet ${statefulSet} came up all the same: ${set.replicas} pods, all ready`
    return waiting(reason, reason)
  }
  if (new RegExp(goal.because, 'iu').test(diagnosis.reason))
    return diagnosis.hopeless ? DONE : waiting(diagnosis.reason)
  return waiting(
    diagnosis.reason,
    diagnosis.hopeless ? `it is held up by something else: ${diagnosis.reason}` : undefined,
  )
}

function judgeImage(goal: Extract<LabGoal, { see: 'image' }>, context: GoalContext): Progress {
  const { state, statefulSet } = context
  const set = state.statefulsets.get(statefulSet)
  if (set === undefined) return missingSet(context)
  const wanted = imageOf(set.containers, goal.container)
  if (wanted !== goal.image) return waiting(`the template names ${wanted ?? 'no image'}, not ${goal.image}`)
  const behind = podsOf(state, set.uid)
    .filter((pod) => imageOf(pod.containers, goal.container) !== goal.image)
    .at(-1)
  const ready = judgeReady(set.replicas, context)
  if (behind === undefined || (!ready.done && ready.hopeless !== undefined)) return ready
  return waiting(`${behind.name} still runs the old image`)
}

const imageOf = (
  containers: readonly { readonly name: string; readonly image: string }[],
  name: string,
): string | null => containers.find((container) => container.name === name)?.image ?? null

function judgeGone(objects: readonly DeletedObjects[], context: GoalContext): Progress {
  for (const wanted of objects) {
    const left = leftOf(wanted, context)
    if (left !== null) return waiting(`${left} is still there`)
  }
  return DONE
}

/** The first object that is meant and still there, named; null when none is. */
function leftOf({ kind, name, selector }: DeletedObjects, context: GoalContext): string | null {
  if (kind === 'Namespace')
    return context.namespace === 'gone' || context.keepNamespace ? null : 'the namespace'
  const { state } = context
  const found = {
    StatefulSet: state.statefulsets,
    Service: state.services,
    PersistentVolumeClaim: state.claims,
    Pod: state.pods,
  }[kind]
  for (const object of found.values())
    if (name === null ? hasLabel(object.labels, selector) : object.name === name)
      return `${LABEL[kind]} ${object.name}`
  return null
}

/** One `key=value`. */
export function hasLabel(labels: Readonly<Record<string, string>>, selector: string | null): boolean {
  const [key, value] = (selector ?? '').split('=')
  return key !== undefined && value !== undefined && labels[key] === value
}
