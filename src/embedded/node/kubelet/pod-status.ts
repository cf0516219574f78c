import { timestamp } from '../../clock.ts'
import { listAt, sameJson, textAt } from '../../object.ts'
import type { Condition, Pod } from '../../shapes.ts'

export interface Terminated {
  readonly exitCode: number
  readonly reason: string
  readonly startedAt: string
  readonly finishedAt: string
  readonly containerID?: string
  readonly message?: string
}

export type State =
  | { readonly waiting: { readonly reason: string; readonly message?: string } }
  | { readonly running: { readonly startedAt: string } }
  | { readonly terminated: Terminated }

/** sidecar: one among the init containers that stays, for as long as the main ones run. */
export type ContainerRole = 'init' | 'sidecar' | 'main'

/** What is to be said of a container. */
export interface ContainerReport {
  readonly name: string
  readonly role: ContainerRole
  readonly image: string
  readonly imageID: string
  readonly containerID: string | null
  readonly state: State
  readonly lastState: { readonly terminated: Terminated } | null
  readonly ready: boolean
  readonly started: boolean
  readonly restartCount: number
}

export interface PodReport {
  readonly inits: readonly ContainerReport[]
  readonly containers: readonly ContainerReport[]
  /** null until it has a sandbox. */
  readonly ip: string | null
  readonly hostIp: string
  readonly startTime: string
  /** The kubelet itself ended it, and says why. */
  readonly failed: { readonly reason: string; readonly message: string } | null
}

/** The phase, as the kubelet works it out from the containers. */
export function phaseOf(pod: Pod, { inits, containers, failed }: PodReport): string {
  if (failed !== null) return 'Failed'
  const policy = pod.spec.restartPolicy ?? 'Always'
  const initsDone = inits.every(isDone)
  if (!initsDone) {
    const broken = inits.some(
      ({ role, state }) => role === 'init' && 'terminated' in state && state.terminated.exitCode !== 0,
    )
    return broken && policy === 'Never' ? 'Failed' : 'Pending'
  }
  const running = containers.filter(({ state }) => 'running' in state).length
  const stopped = containers.filter(
    (container) => terminatedOf(container) !== null && !('running' in container.state),
  )
  const untried = containers.length - running - stopped.length
  if (untried > 0) return 'Pending'
  if (running > 0 || policy === 'Always') return 'Running'
  // Those that were there for them only are still to end.
  if (inits.some(({ role, state }) => role === 'sidecar' && 'running' in state)) return 'Running'
  // One that waits to be started again is not over.
  if (stopped.some(({ state }) => 'waiting' in state)) return 'Running'
  if (stopped.every((container) => terminatedOf(container)?.exitCode === 0)) return 'Succeeded'
  return policy === 'Never' ? 'Failed' : 'Running'
}

const terminatedOf = ({ state, lastState }: ContainerReport): Terminated | null =>
  'terminated' in state ? state.terminated : (lastState?.terminated ?? null)

/** Those after it may start. A sidecar has only to have started once. */
const isDone = ({ role, state, started, restartCount, lastState }: ContainerReport): boolean =>
  role === 'sidecar'
    ? started || restartCount > 0 || lastState !== null || 'terminated' in state
    : 'terminated' in state && state.terminated.exitCode === 0

/** The whole status; times of conditions that stay as they are are kept. */
export function statusOf(pod: Pod, report: PodReport, nowMs: number): Record<string, unknown> {
  const { inits, containers, ip, hostIp, startTime, failed } = report
  const phase = phaseOf(pod, report)
  const over = phase === 'Succeeded' ? 'PodCompleted' : phase === 'Failed' ? 'PodFailed' : null
  const lasting = [...inits.filter(({ role }) => role === 'sidecar'), ...containers]
  const unready = lasting.filter(({ ready }) => !ready).map(({ name }) => name)
  const incomplete = inits.filter((init) => !isDone(init)).map(({ name }) => name)
  const readiness = (type: string, closedGate: string | null) =>
    over === 'PodCompleted'
      ? { type, status: 'False', reason: over }
      : unready.length > 0
        ? {
            type,
            status: 'False',
            reason: 'ContainersNotReady',
            message: `containers with unready status: [${unready.join(' ')}]`,
          }
        : closedGate !== null
          ? { type, status: 'False', reason: 'ReadinessGatesNotReady', message: closedGate }
          : { type, status: 'True' }
  const initialized =
    incomplete.length === 0 || over === 'PodCompleted'
      ? { type: 'Initialized', status: 'True', ...(over === 'PodCompleted' ? { reason: over } : {}) }
      : {
          type: 'Initialized',
          status: 'False',
          reason: 'ContainersNotInitialized',
          message: `containers with incomplete status: [${incomplete.join(' ')}]`,
        }
  const conditions = [
    initialized,
    readiness('Ready', closedGateOf(pod)),
    readiness('ContainersReady', null),
    { type: 'PodScheduled', status: 'True' },
  ]
  const mine = new Set(conditions.map(({ type }) => type))
  const before = pod.status?.conditions ?? []
  return {
    ...pod.status,
    phase,
    ...(failed === null ? {} : failed),
    conditions: [
      ...conditions.map((condition) => stamped(condition, before, nowMs)),
      ...before.filter(({ type }) => !mine.has(type)),
    ],
    hostIP: hostIp,
    ...(ip === null ? {} : { podIP: ip, podIPs: [{ ip }] }),
    startTime,
    ...(inits.length === 0 ? {} : { initContainerStatuses: inits.map(containerStatus) }),
    containerStatuses: containers.map(containerStatus),
  }
}

/** What the conditions that others are to set keep the pod from being ready for; null when nothing. */
function closedGateOf({ spec, status }: Pod): string | null {
  const problems = listAt(spec, 'readinessGates').flatMap((gate) => {
    const type = textAt(gate, 'conditionType')
    const found = (status?.conditions ?? []).find((condition) => condition.type === type)
    if (found === undefined)
      return [`corresponding condition of pod readiness gate "${type}" does not exist.`]
    return found.status === 'True'
      ? []
      : [`the status of pod readiness gate "${type}" is not "True", but ${found.status}`]
  })
  return problems.length === 0 ? null : problems.join(', ')
}

function stamped(condition: Condition, before: readonly Condition[], nowMs: number): Record<string, unknown> {
  const old = before.find(({ type }) => type === condition.type)
  const since = old?.status === condition.status ? old.lastTransitionTime : undefined
  return { lastProbeTime: null, lastTransitionTime: since ?? timestamp(nowMs), ...condition }
}

function containerStatus(report: ContainerReport): Record<string, unknown> {
  const { name, role, image, imageID, containerID, state, lastState, ready, started, restartCount } = report
  return {
    ...(containerID === null ? {} : { containerID }),
    image,
    imageID,
    lastState: lastState ?? {},
    name,
    ready,
    restartCount,
    ...(role === 'init' ? {} : { started }),
    state,
  }
}

export const isSame = (a: unknown, b: unknown): boolean => sameJson(a, b)
