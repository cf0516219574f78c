import type { Clock, Recording } from '../ports.ts'
import type { ContainerFacts, EventFacts, PodFacts, StatefulSetFacts } from '../timeline/facts.ts'
import { printable } from '../timeline/printable.ts'
import { type ClusterState, claimName, expectedPodNames, isReady } from '../timeline/state.ts'
import { waitForCluster } from './cluster-time.ts'

/** What holds a set up, in the words `kubectl describe` would use, and whether waiting longer can help. */
export interface Diagnosis {
  readonly reason: string
  /** True once the cause has stood long enough, by its kind, that it will not go away by itself. */
  readonly hopeless: boolean
}

/** How long a cause must stand before it is called hopeless, in ms of the cluster's time. Causes that clear by themselves get longer. */
const PATIENCE_MS = {
  image: 5_000,
  config: 8_000,
  crash: 3_000,
  claim: 8_000,
  create: 8_000,
  schedule: 15_000,
  mount: 30_000,
  terminating: 60_000,
} as const

/** A running container that is not ready: the least time it gets, and what it gets beyond its probes' own budget. */
const READY_PATIENCE_MS = 60_000
const READY_SLACK_MS = 30_000

/** A server silent for this long is away, not slow. */
const SILENCE_MS = 1_000

type Cause = {
  readonly key: string
  readonly reason: string
  readonly patienceMs: number
  readonly sinceMs?: number
  /** A running container that is not ready. */
  readonly isReadiness?: boolean
}

/** What a diagnosis needs of the run. */
export interface DiagnosisSetting {
  readonly clock: Clock
  /** While its server is not heard, nothing is called hopeless, and afterwards every cause has its whole patience again: the controllers could not work on it either. */
  readonly recording: Pick<Recording, 'lostForMs'>
  readonly pace: number
}

/**
 * Diagnoses remember when each cause was first seen (on our clock), so make one per wait.
 *
 * @param readyPatienceMs overrides how long a running container may stay unready, in our own time.
 */
export function createDiagnosis(
  setting: DiagnosisSetting,
  readyPatienceMs: number | null = null,
): (state: ClusterState, set: StatefulSetFacts) => Diagnosis | null {
  const { clock, recording, pace } = setting
  const firstSeen = new Map<string, number>()
  return (state, set) => {
    const cause = causeOf(state, set, clock)
    if (cause === null) return null
    if (recording.lostForMs() > SILENCE_MS) {
      firstSeen.clear()
      return { reason: cause.reason, hopeless: false }
    }
    const nowMs = clock.monotonicMs()
    const seenMs = firstSeen.get(cause.key) ?? nowMs
    firstSeen.set(cause.key, seenMs)
    // Times that a cluster stamps whose time is another cannot be held against our clock.
    const standsMs = Math.max(nowMs - seenMs, pace === 1 ? (cause.sinceMs ?? 0) : 0)
    const asked = cause.isReadiness === true ? readyPatienceMs : null
    return { reason: cause.reason, hopeless: standsMs >= (asked ?? waitForCluster(cause.patienceMs, pace)) }
  }
}

/** The first thing, by ordinal, that keeps the set from being complete and ready. */
function causeOf(state: ClusterState, set: StatefulSetFacts, clock: Clock): Cause | null {
  for (const name of expectedPodNames(set)) {
    const pod = state.pods.get(name)
    if (pod === undefined) return missingPod(state, set, name)
    if (pod.controller?.uid !== set.uid)
      return {
        key: `${pod.uid}/foreign`,
        reason: `a pod named ${name} exists that does not belong to StatefulSet ${set.name}, so the set cannot create its own`,
        patienceMs: PATIENCE_MS.create,
      }
    if (!isReady(pod)) return unreadyPod(state, set, pod, clock)
  }
  return null
}

function missingPod(state: ClusterState, set: StatefulSetFacts, name: string): Cause | null {
  const refusal = latestEvent(
    state,
    (event) => event.about.uid === set.uid && event.warning && event.reason === 'FailedCreate',
  )
  if (refusal === null) return null
  return {
    key: `${set.uid}/create/${name}`,
    reason: `${name} cannot be created: ${printable(refusal.message, 300)}`,
    patienceMs: PATIENCE_MS.create,
  }
}

function unreadyPod(state: ClusterState, set: StatefulSetFacts, pod: PodFacts, clock: Clock): Cause {
  if (pod.deletionTimestamp !== null) {
    // A pod's own grace period is set to 0 when its containers have ended: it says nothing of how long that took.
    const graceSeconds = Math.max(pod.gracePeriodSeconds, set.gracePeriodSeconds)
    return {
      key: `${pod.uid}/terminating`,
      reason: `${pod.name} is terminating (grace period ${graceSeconds} s)`,
      patienceMs: PATIENCE_MS.terminating + graceSeconds * 1000 * 2,
    }
  }
  return (
    claimCause(state, set, pod) ??
    (pod.unschedulable === null
      ? null
      : {
          key: `${pod.uid}/schedule`,
          reason: `${pod.name} cannot be scheduled: ${printable(pod.unschedulable.message, 300)}`,
          patienceMs: PATIENCE_MS.schedule,
        }) ??
    containerCause(pod, clock) ??
    mountCause(state, pod) ?? {
      key: `${pod.uid}/starting`,
      reason: `${pod.name} is ${pod.phase === 'Running' ? 'running but not ready yet' : `starting (${pod.phase})`}`,
      patienceMs: Number.POSITIVE_INFINITY,
    }
  )
}

function claimCause(state: ClusterState, set: StatefulSetFacts, pod: PodFacts): Cause | null {
  for (const template of set.claimTemplates) {
    const claim = state.claims.get(claimName(template.name, pod.name))
    if (claim === undefined || claim.phase === 'Bound') continue
    const event = latestEvent(
      state,
      (candidate) => candidate.about.uid === claim.uid && candidate.reason !== 'WaitForFirstConsumer',
    )
    // Without an event nothing is known to be wrong yet: provisioning takes its time.
    if (event === null || (!event.warning && event.reason !== 'FailedBinding')) continue
    const storageClass =
      claim.storageClass === null ? 'the default StorageClass' : `StorageClass "${claim.storageClass}"`
    return {
      key: `${claim.uid}/${event.reason}`,
      reason: `claim ${claim.name} is ${claim.phase} with ${storageClass}: ${printable(event.message, 300)}`,
      patienceMs: PATIENCE_MS.claim,
    }
  }
  return null
}

function containerCause(pod: PodFacts, clock: Clock): Cause | null {
  const stuck = pod.containers.find((container) => container.state === 'waiting' && isTrouble(container))
  if (stuck !== undefined) return waitingCause(pod, stuck)
  const ended = pod.containers.find(
    (container) => container.state === 'terminated' && !(container.init && container.lastExitCode === 0),
  )
  if (ended !== undefined)
    return {
      key: `${pod.uid}/${ended.name}/ended`,
      reason: `${pod.name}: container ${ended.name} ended with exit code ${ended.lastExitCode ?? '?'}${ended.lastExitReason === null ? '' : ` (${printable(ended.lastExitReason, 60)})`}`,
      patienceMs: ended.restarts >= 3 ? PATIENCE_MS.crash : Number.POSITIVE_INFINITY,
    }
  const unready = pod.containers.find(
    (container) => !container.init && container.state === 'running' && !container.ready,
  )
  if (unready === undefined) return null
  const startedMs = unready.startedAt === null ? Number.NaN : Date.parse(unready.startedAt)
  const runningMs = Number.isNaN(startedMs) ? 0 : Math.max(0, clock.now().getTime() - startedMs)
  return {
    key: `${pod.uid}/${unready.name}/unready`,
    reason: unready.hasReadinessProbe
      ? `${pod.name}: container ${unready.name} runs, but its readiness probe has not succeeded`
      : `${pod.name}: container ${unready.name} runs but is not ready yet`,
    patienceMs: Math.max(READY_PATIENCE_MS, pod.readinessBudgetMs + READY_SLACK_MS),
    sinceMs: runningMs,
    isReadiness: true,
  }
}

/** Waiting reasons of the kubelet that do not belong to an ordinary start. */
const isTrouble = (container: ContainerFacts): boolean =>
  container.reason !== null && !['ContainerCreating', 'PodInitializing'].includes(container.reason)

function waitingCause(pod: PodFacts, container: ContainerFacts): Cause {
  const key = `${pod.uid}/${container.name}/${container.reason}`
  const what = `${pod.name}: container ${container.name}`
  switch (container.reason) {
    case 'ErrImagePull':
    case 'ImagePullBackOff':
    case 'ErrImageNeverPull':
    case 'InvalidImageName':
    case 'ImageInspectError':
    case 'RegistryUnavailable':
      return {
        key: `${pod.uid}/${container.name}/image`,
        reason: `${what} cannot start: image "${printable(container.image, 120)}" cannot be pulled (${container.reason})${said(container)}`,
        patienceMs: PATIENCE_MS.image,
      }
    case 'CrashLoopBackOff':
      return {
        key,
        reason: `${what} crashes again and again (CrashLoopBackOff): exit code ${container.lastExitCode ?? '?'}, ${container.restarts} restart${container.restarts === 1 ? '' : 's'}`,
        patienceMs: container.restarts >= 2 ? PATIENCE_MS.crash : 12_000,
      }
    default:
      return {
        key,
        reason: `${what} cannot start: ${printable(container.reason ?? 'waiting', 80)}${said(container)}`,
        patienceMs: PATIENCE_MS.config,
      }
  }
}

const said = (container: ContainerFacts): string =>
  container.message === null ? '' : `: ${printable(container.message, 240)}`

function mountCause(state: ClusterState, pod: PodFacts): Cause | null {
  const event = latestEvent(
    state,
    (candidate) =>
      candidate.about.uid === pod.uid &&
      ['FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox'].includes(candidate.reason),
  )
  if (event === null) return null
  return {
    key: `${pod.uid}/${event.reason}`,
    reason: `${pod.name} cannot start: ${event.reason}: ${printable(event.message, 300)}`,
    patienceMs: PATIENCE_MS.mount,
  }
}

function latestEvent(state: ClusterState, wanted: (event: EventFacts) => boolean): EventFacts | null {
  let found: EventFacts | null = null
  for (const event of state.events.values()) {
    if (wanted(event) && (found === null || (event.lastSeen ?? '') >= (found.lastSeen ?? ''))) found = event
  }
  return found
}
