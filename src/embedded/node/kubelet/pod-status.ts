import { timestamp } from '../../clock.ts'
import { sameJson } from '../../object.ts'
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

/** What is to be said of a container. */
export interface ContainerReport {
  readonly name: string
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
  const initsDone = inits.every(isSuccess)
  if (!initsDone) {
    const broken = inits.some(({ state }) => 'terminated' in state && state.terminated.exitCode !== 0)
    return broken && policy === 'Never' ? 'Failed' : 'Pending'
  }
  const running = containers.filter(({ state }) => 'running' in state).length
  const stopped = containers.filter(
    (container) => terminatedOf(container) !== null && !('running' in container.state),
  )
  const untried = containers.length - running - stopped.length
  if (untried > 0) return 'Pending'
  if (running > 0 || policy === 'Always') return 'Running'
  // One that waits to be started again is not over.
  if (stopped.some(({ state }) => 'waiting' in state)) return 'Running'
  if (stopped.every((container) => terminatedOf(container)?.exitCode === 0)) return 'Succeeded'
  return policy === 'Never' ? 'Failed' : 'Running'
}

const terminatedOf = ({ state, lastState }: ContainerReport): Terminated | null =>
  'terminated' in state ? state.terminated : (lastState?.terminated ?? null)

const isSuccess = ({ state }: ContainerReport): boolean =>
  'terminated' in state && state.terminated.exitCode === 0

/** The whole status; times of conditions that stay as they are are kept. */
export function statusOf(pod: Pod, report: PodReport, nowMs: number): Record<string, unknown> {
  const { inits, containers, ip, hostIp, startTime, failed } = report
  const phase = phaseOf(pod, report)
  const over = phase === 'Succeeded' ? 'PodCompleted' : phase === 'Failed' ? 'PodFailed' : null
  const unready = containers.filter(({ ready }) => !ready).map(({ name }) => name)
  const incomplete = inits.filter((init) => !isSuccess(init)).map(({ name }) => name)
  const readiness = (type: string) =>
    over === 'PodCompleted'
      ? { type, status: 'False', reason: over }
      : unready.length > 0
        ? {
            type,
            status: 'False',
            reason: 'ContainersNotReady',
            message: `containers with unready status: [${unready.join(' ')}]`,
          }
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
    readiness('Ready'),
    readiness('ContainersReady'),
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
    ...(inits.length === 0
      ? {}
      : { initContainerStatuses: inits.map((init) => containerStatus(init, true)) }),
    containerStatuses: containers.map((container) => containerStatus(container, false)),
  }
}

function stamped(condition: Condition, before: readonly Condition[], nowMs: number): Record<string, unknown> {
  const old = before.find(({ type }) => type === condition.type)
  const since = old?.status === condition.status ? old.lastTransitionTime : undefined
  return { lastProbeTime: null, lastTransitionTime: since ?? timestamp(nowMs), ...condition }
}

function containerStatus(report: ContainerReport, isInit: boolean): Record<string, unknown> {
  const { name, image, imageID, containerID, state, lastState, ready, started, restartCount } = report
  return {
    ...(containerID === null ? {} : { containerID }),
    image,
    imageID,
    lastState: lastState ?? {},
    name,
    ready,
    restartCount,
    ...(isInit ? {} : { started }),
    state,
  }
}

export const isSame = (a: unknown, b: unknown): boolean => sameJson(a, b)
