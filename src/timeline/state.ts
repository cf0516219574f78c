import type {
  ClaimFacts,
  EndpointsFacts,
  EventFacts,
  ObjectFacts,
  PodFacts,
  ServiceFacts,
  StatefulSetFacts,
} from './facts.ts'
import type { Observation } from './observation.ts'

/**
 * What is there at one moment of a recording: every observation up to it, folded. By name, except events
 * (by UID). A deleted or vanished object is not there; one that is terminating still is.
 */
export interface ClusterState {
  readonly pods: ReadonlyMap<string, PodFacts>
  readonly claims: ReadonlyMap<string, ClaimFacts>
  readonly statefulsets: ReadonlyMap<string, StatefulSetFacts>
  readonly services: ReadonlyMap<string, ServiceFacts>
  readonly endpoints: ReadonlyMap<string, EndpointsFacts>
  readonly events: ReadonlyMap<string, EventFacts>
}

/** A state that moves: apply each observation once, in order. Use it as a `ClusterState` that is always the latest. */
export class MovingState implements ClusterState {
  readonly pods = new Map<string, PodFacts>()
  readonly claims = new Map<string, ClaimFacts>()
  readonly statefulsets = new Map<string, StatefulSetFacts>()
  readonly services = new Map<string, ServiceFacts>()
  readonly endpoints = new Map<string, EndpointsFacts>()
  readonly events = new Map<string, EventFacts>()

  apply(observation: Observation): this {
    applyObservation(this, observation)
    return this
  }
}

/** Changes `state` by one observation. Gaps and run marks change nothing. */
function applyObservation(state: MovingState, observation: Observation): void {
  if (observation.stream === 'run' || observation.type === 'gap') return
  const { type } = observation
  switch (observation.stream) {
    case 'pods':
      place(state.pods, observation.object.name, type, observation.object)
      break
    case 'claims':
      place(state.claims, observation.object.name, type, observation.object)
      break
    case 'statefulsets':
      place(state.statefulsets, observation.object.name, type, observation.object)
      break
    case 'services':
      place(state.services, observation.object.name, type, observation.object)
      break
    case 'endpoints':
      place(state.endpoints, observation.object.name, type, observation.object)
      break
    case 'events':
      place(state.events, observation.object.uid, type, observation.object)
      break
  }
}

/** The state after all of these observations. */
export function stateAfter(observations: Iterable<Observation>): MovingState {
  const state = new MovingState()
  for (const observation of observations) applyObservation(state, observation)
  return state
}

/** The state just after the observation with this `seq` (so `stateAt(observations, 0)` is empty). */
export function stateAt(observations: readonly Observation[], seq: number): MovingState {
  const state = new MovingState()
  for (const observation of observations) {
    if (observation.seq > seq) break
    applyObservation(state, observation)
  }
  return state
}

/** The set's pods, terminating ones included, by ordinal. They are those whose controller is the set's UID, whatever their names. */
export function podsOf(state: ClusterState, setUid: string): PodFacts[] {
  return [...state.pods.values()].filter((pod) => pod.controller?.uid === setUid).sort(byOrdinal)
}

/** The StatefulSet with this UID, if it is there. */
export function setWithUid(state: ClusterState, uid: string): StatefulSetFacts | null {
  for (const set of state.statefulsets.values()) if (set.uid === uid) return set
  return null
}

/** `web` and `web-12` give 12; null when the pod's name is not the set's name, a dash and a plain number (no leading zero). */
export function ordinalOf(setName: string, podName: string): number | null {
  if (!podName.startsWith(`${setName}-`)) return null
  const digits = podName.slice(setName.length + 1)
  return /^(0|[1-9]\d*)$/.test(digits) ? Number(digits) : null
}

/** `<set>-<start…start+replicas-1>`, in order. */
export function expectedPodNames(
  set: Pick<StatefulSetFacts, 'name' | 'replicas' | 'startOrdinal'>,
): string[] {
  return Array.from({ length: set.replicas }, (_, index) => `${set.name}-${set.startOrdinal + index}`)
}

/** Ready and not on its way out. A terminating pod may still have condition Ready; it does not count. */
export const isReady = (pod: PodFacts): boolean => pod.ready && pod.deletionTimestamp === null

/** The name the StatefulSet controller gives a claim: `<template>-<pod>`. */
export const claimName = (template: string, pod: string): string => `${template}-${pod}`

/** By the number at the end of the name; names without one last, by name. */
export function byOrdinal(a: { readonly name: string }, b: { readonly name: string }): number {
  const difference = trailingNumber(a.name) - trailingNumber(b.name)
  return Number.isNaN(difference) || difference === 0
    ? a.name < b.name
      ? -1
      : Number(a.name > b.name)
    : difference
}

function trailingNumber(name: string): number {
  const digits = /-(\d+)$/.exec(name)?.[1]
  return digits === undefined ? Number.POSITIVE_INFINITY : Number(digits)
}

function place<T extends ObjectFacts>(
  objects: Map<string, T>,
  key: string,
  type: 'listed' | 'added' | 'modified' | 'deleted' | 'vanished',
  object: T,
): void {
  if (type !== 'deleted' && type !== 'vanished') {
    objects.set(key, object)
    return
  }
  // After a relist the old life may be reported as vanished when the new one, of the same name, is already listed.
  if (objects.get(key)?.uid === object.uid) objects.delete(key)
}
