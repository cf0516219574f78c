import type { DeletedObjects, LabGoal } from '../lab/lab.ts'
import type { PodFacts, StatefulSetFacts } from '../timeline/facts.ts'
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
  /** What the last look for a file in a pod found: null is what is wanted; undefined: not looked yet. */
  readonly fileIn: (goal: FileGoal, pod: PodFacts) => string | null | undefined
}

export type FileGoal = Extract<LabGoal, { see: 'file' }>

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
      if (set === undefined) return missingSet(context)
      if (now === undefined && !expectedPodNames(set).includes(goal.pod)) {
        const reason = `the set asks for ${count(set.replicas)}, and ${goal.pod} is not one of them`
        return waiting(reason, reason)
      }
      return judgeReady(set.replicas, context)
    }
    case 'image':
      return judgeImage(goal, context)
    case 'gone':
      return judgeGone(goal.objects, context)
    case 'stuck':
      return judgeStuck(goal, context)
    case 'settled':
      return judgeSettled(context)
    case 'fixed':
      return goal.replicas === null ? judgeAllReady(context.state) : judgeReady(goal.replicas, context)
    case 'file':
      return judgeFile(goal, context)
  }
}

/** What a student who asks is told: of what has to go, all that is left. */
export function whatIsMissing(goal: LabGoal, context: GoalContext): string {
  if (goal.see === 'gone') {
    const left = goal.objects.flatMap((objects) => leftOf(objects, context))
    if (left.length > 0) return `still there: ${left.join(', ')}`
  }
  const progress = judgeGoal(goal, context)
  return progress.done ? 'nothing' : progress.reason
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
    case 'settled':
      return 'the set is up, or will not come up'
    case 'file':
      return `every pod has ${goal.file}`
    case 'fixed':
      return goal.replicas === null
        ? 'all pods are ready, and none is leaving'
        : `exactly ${goal.replicas} pods, all ready`
  }
}

const describeObjects = ({ kind, name, selector }: DeletedObjects): string => {
  if (kind === 'Namespace') return 'the namespace'
  return name === null ? `${NOUN[kind]}s with ${selector ?? ''}` : `${NOUN[kind]} ${name}`
}

const NOUN = { StatefulSet: 'set', Service: 'service', PersistentVolumeClaim: 'claim', Pod: 'pod' } as const

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

/** A repair that may end without the set, in a Deployment: nothing starts or ends any more, whoever made it. */
function judgeAllReady({ pods }: ClusterState): Progress {
  const made = [...pods.values()].filter(({ controller }) => controller !== null)
  const leaving = made.find(({ deletionTimestamp }) => deletionTimestamp !== null)
  if (leaving !== undefined) return waiting(`${leaving.name} is not gone yet`)
  const unready = made.find((pod) => !isReady(pod))
  return unready === undefined ? DONE : waiting(`${unready.name} is not ready yet`)
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

/** In every pod, each ready. */
function judgeFile(goal: FileGoal, context: GoalContext): Progress {
  const { state, statefulSet, fileIn } = context
  const set = state.statefulsets.get(statefulSet)
  if (set === undefined) return missingSet(context)
  const ready = judgeReady(set.replicas, context)
  if (!ready.done) return ready
  const found = podsOf(state, set.uid).map((pod) => ({ pod: pod.name, problem: fileIn(goal, pod) }))
  const unseen = found.find(({ problem }) => problem === undefined)
  const lacking = found.filter(({ problem }) => typeof problem === 'string')
  if (lacking.length > 0) return waiting(lacking.map(({ pod, problem }) => `${pod}: ${problem}`).join('; '))
  return unseen === undefined ? DONE : waiting(`${unseen.pod} was not looked into yet`)
}

function judgeSettled(context: GoalContext): Progress {
  const set = context.state.statefulsets.get(context.statefulSet)
  if (set === undefined) return missingSet(context)
  const ready = judgeReady(set.replicas, context)
  return !ready.done && ready.hopeless !== undefined ? DONE : ready
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
    const left = leftOf(wanted, context)[0]
    if (left !== undefined) return waiting(`${left} is still there`)
  }
  return DONE
}

/** The objects that are meant and still there, named. */
function leftOf({ kind, name, selector }: DeletedObjects, context: GoalContext): string[] {
  if (kind === 'Namespace')
    return context.namespace === 'gone' || context.keepNamespace ? [] : ['the namespace']
  const { state } = context
  const found = {
    StatefulSet: state.statefulsets,
    Service: state.services,
    PersistentVolumeClaim: state.claims,
    Pod: state.pods,
  }[kind]
  return [...found.values()]
    .filter((object) => (name === null ? hasLabel(object.labels, selector) : object.name === name))
    .map((object) => `${NOUN[kind]} ${object.name}`)
}

/** One `key=value`. */
export function hasLabel(labels: Readonly<Record<string, string>>, selector: string | null): boolean {
  const [key, value] = (selector ?? '').split('=')
  return key !== undefined && value !== undefined && labels[key] === value
}

const count = (pods: number): string => (pods === 1 ? '1 pod' : `${pods} pods`)
