import type { DeletedObjects, LabAction, LabGoal } from '../lab/lab.ts'
import type { ClaimFacts, PodFacts, ServiceFacts, StatefulSetFacts } from '../timeline/facts.ts'
import { type ClusterState, expectedPodNames, podsOf } from '../timeline/state.ts'
import { isClaimOf } from './lab-action.ts'
import { hasLabel } from './lab-goal.ts'

/** What a task is about, as it was when the task began and as it is now. Others may work in the namespace too. */
export interface Scene {
  readonly set: StatefulSetFacts | null
  /** Other sets, by name. */
  readonly otherSets: readonly string[]
  /** Of the set, like the claims. */
  readonly pods: ReadonlyMap<string, PodFacts>
  readonly claims: ReadonlyMap<string, ClaimFacts>
  readonly services: ReadonlyMap<string, ServiceFacts>
}

/** A copy: the state it is taken from goes on changing. */
export function sceneOf(state: ClusterState, statefulSet: string): Scene {
  const set = state.statefulsets.get(statefulSet) ?? null
  return {
    set,
    otherSets: [...state.statefulsets.keys()].filter((name) => name !== statefulSet),
    pods: new Map(set === null ? [] : podsOf(state, set.uid).map((pod) => [pod.name, pod])),
    claims: new Map([...state.claims].filter(([name]) => isClaimOf(statefulSet, name))),
    services: new Map(state.services),
  }
}

/**
 * What a student did since a task began that is not what it asks for: one sentence each. Deeds of the set's own
 * controller (pods that go as the set shrinks, is updated or deleted) are nobody's mistake.
 */
export function nearMisses(
  action: LabAction,
  until: LabGoal,
  statefulSet: string,
  { before, now }: { readonly before: Scene; readonly now: Scene },
): string[] {
  const asked = whatIsAsked(action)
  const misses = [
    ...setMisses(action, asked, before, now),
    ...podMisses(action, asked, before, now),
    ...goneServices(action, asked, before, now),
    ...goneClaims(action, before, now),
  ]
  if (action.do === 'apply' || action.do === 'fill')
    misses.push(...strangers(until, statefulSet, before, now))
  return misses
}

function setMisses(action: LabAction, asked: string, before: Scene, now: Scene): string[] {
  const was = before.set
  const is = now.set
  if (was === null) return []
  if (is === null || is.deletionTimestamp !== null)
    return deletes(action, 'StatefulSet', was) ? [] : [`StatefulSet ${was.name} was deleted; ${asked}.`]
  if (is.uid !== was.uid)
    return [`StatefulSet ${was.name} was deleted and made anew; ${asked}, with the set as it was.`]
  const misses: string[] = []
  if (is.replicas !== was.replicas && action.do !== 'delete') {
    const now = `The set asks for ${pods(is.replicas)} now`
    if (action.do !== 'scale') misses.push(`${now}, not for ${was.replicas} as before; ${asked}.`)
    else if (is.replicas !== action.replicas) misses.push(`${now}; ${asked}.`)
  }
  for (const { name, image } of is.containers) {
    const earlier = was.containers.find((each) => each.name === name)
    if (earlier === undefined || earlier.image === image) continue
    if (action.do === 'set-image' && action.container === name && action.image === image) continue
    misses.push(`The template names ${image} for container ${name} now; ${asked}.`)
  }
  return misses
}

function podMisses(action: LabAction, asked: string, before: Scene, now: Scene): string[] {
  const { set } = now
  if (set === null || before.set?.uid !== set.uid || set.deletionTimestamp !== null) return []
  // In an update every pod goes, and it is the controller that takes it.
  if (set.status.updateRevision !== before.set.status.updateRevision) return []
  if (action.do === 'set-image') return []
  const wanted = new Set(expectedPodNames(set))
  const gone = [...before.pods.values()].filter((was) => {
    const is = now.pods.get(was.name)
    return (
      wanted.has(was.name) &&
      was.deletionTimestamp === null &&
      (is?.uid !== was.uid || is.deletionTimestamp !== null) &&
      !deletes(action, 'Pod', was)
    )
  })
  const back = action.do === 'delete' ? 'as long as the set is there, it makes that pod anew. ' : ''
  return gone.map(({ name }) =>
    back === '' ? `${name} was deleted; ${asked}.` : `${name} was deleted; ${back}${capital(asked)}.`,
  )
}

const goneServices = (action: LabAction, asked: string, before: Scene, now: Scene): string[] =>
  [...before.services.values()]
    .filter(({ name }) => name === before.set?.serviceName)
    .filter((was) => !now.services.has(was.name) && !deletes(action, 'Service', was))
    .map(({ name }) => `Service ${name} was deleted; ${asked}.`)

const goneClaims = (action: LabAction, before: Scene, now: Scene): string[] =>
  [...before.claims.values()]
    .filter((was) => {
      const is = now.claims.get(was.name)
      const going = is === undefined || (is.deletionTimestamp !== null && was.deletionTimestamp === null)
      return going && !deletes(action, 'PersistentVolumeClaim', was)
    })
    .map(({ name }) =>
      now.claims.has(name)
        ? `Claim ${name} is being deleted, and its data with it: no task asks for that yet.`
        : `Claim ${name} was deleted, and its data with it: no task asks for that yet.`,
    )

/** Made under another name than the one asked for. */
function strangers(until: LabGoal, statefulSet: string, before: Scene, now: Scene): string[] {
  if (until.see === 'service') {
    if (now.services.has(until.name)) return []
    return [...now.services.keys()]
      .filter((name) => !before.services.has(name))
      .map((name) => `Service ${name} is there now; this task asks for one called ${until.name}.`)
  }
  if (until.see !== 'ready' || now.set !== null) return []
  return now.otherSets
    .filter((name) => !before.otherSets.includes(name))
    .map((name) => `StatefulSet ${name} is there now; this task asks for one called ${statefulSet}.`)
}

/** Whether an object is among those that an action deletes. */
function deletes(
  action: LabAction,
  kind: DeletedObjects['kind'],
  { name, labels }: { readonly name: string; readonly labels: Readonly<Record<string, string>> },
): boolean {
  if (action.do === 'delete-pod') return kind === 'Pod' && action.pod === name
  if (action.do !== 'delete') return false
  return action.objects.some(
    (objects) =>
      objects.kind === 'Namespace' ||
      (objects.kind === kind &&
        (objects.name === null ? hasLabel(labels, objects.selector) : objects.name === name)),
  )
}

function whatIsAsked(action: LabAction): string {
  switch (action.do) {
    case 'scale':
      return `this task asks for ${action.replicas}`
    case 'delete-pod':
      return `this task asks for ${action.pod} to be deleted`
    case 'set-image':
      return `this task asks for ${action.image} in container ${action.container}`
    case 'delete':
      return `this task asks for ${action.objects.map(describe).join(' and ')} to be deleted`
    case 'write':
      return `this task asks for ${action.file} to be written in each pod`
    case 'apply':
    case 'fill':
    case 'wait':
    case 'several':
      return 'this task does not ask for that'
  }
}

const describe = ({ kind, name, selector }: DeletedObjects): string =>
  kind === 'Namespace' ? 'the namespace' : `${NOUN[kind]} ${name ?? `with ${selector ?? ''}`}`

const NOUN = {
  StatefulSet: 'StatefulSet',
  Service: 'service',
  PersistentVolumeClaim: 'the claims',
  Pod: 'pod',
} as const

const pods = (count: number): string => (count === 1 ? '1 pod' : `${count} pods`)
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
