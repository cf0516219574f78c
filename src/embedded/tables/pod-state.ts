import type { ContainerState, ContainerStatus, Pod } from '../shapes.ts'
import { age } from './table.ts'

export interface PodState {
  /** "1/2" */
  readonly ready: string
  /** "Running", "CrashLoopBackOff", "Init:0/1" … */
  readonly status: string
  /** "3 (12s ago)" */
  readonly restarts: string
}

/** The READY, STATUS and RESTARTS columns of a pod. */
export function podState(pod: Pod, nowMs: number): PodState {
  const { spec, status = {} } = pod
  const inits = status.initContainerStatuses ?? []
  const containers = status.containerStatuses ?? []
  const sidecars = new Set(
    (spec.initContainers ?? [])
      .filter(({ restartPolicy }) => restartPolicy === 'Always')
      .map(({ name }) => name),
  )
  const initializing = initReason(inits, sidecars, spec.initContainers?.length ?? 0)
  const initialized = conditionIs(pod, 'Initialized')
  const goneOn = initializing === null || initialized

  let reason = status.reason ?? status.phase ?? 'Unknown'
  let ready = inits.filter(({ name, ready: isReady }) => sidecars.has(name) && isReady).length
  if (initializing !== null && !initialized) reason = initializing
  if (goneOn) {
    let running = false
    for (const container of [...containers].reverse()) {
      const why = reasonOf(container.state)
      if (why !== null) reason = why
      else if (container.ready && container.state?.running !== undefined) {
        running = true
        ready += 1
      }
    }
    if (reason === 'Completed' && running) reason = conditionIs(pod, 'Ready') ? 'Running' : 'NotReady'
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (status.reason === 'NodeLost') reason = 'Unknown'
    else if (status.phase !== 'Succeeded' && status.phase !== 'Failed') reason = 'Terminating'
  }
  const counted = goneOn ? [...inits.filter(({ name }) => sidecars.has(name)), ...containers] : inits
  return {
    ready: `${ready}/${spec.containers.length + sidecars.size}`,
    status: reason,
    restarts: restartsOf(counted, nowMs),
  }
}

/** null when every init container has done its part. */
function initReason(
  inits: readonly ContainerStatus[],
  sidecars: ReadonlySet<string>,
  total: number,
): string | null {
  for (const [index, { name, state, started }] of inits.entries()) {
    const { terminated, waiting } = state ?? {}
    if (terminated?.exitCode === 0) continue
    if (sidecars.has(name) && started === true) continue
    if (terminated !== undefined) return `Init:${reasonOf(state) ?? 'Error'}`
    if (waiting?.reason !== undefined && waiting.reason !== '' && waiting.reason !== 'PodInitializing')
      return `Init:${waiting.reason}`
    return `Init:${index}/${total}`
  }
  return null
}

function reasonOf(state: ContainerState | undefined): string | null {
  const { waiting, terminated } = state ?? {}
  if (waiting?.reason !== undefined && waiting.reason !== '') return waiting.reason
  if (terminated === undefined) return null
  if (terminated.reason !== undefined && terminated.reason !== '') return terminated.reason
  return terminated.signal === undefined || terminated.signal === 0
    ? `ExitCode:${terminated.exitCode}`
    : `Signal:${terminated.signal}`
}

function restartsOf(containers: readonly ContainerStatus[], nowMs: number): string {
  const count = containers.reduce((sum, { restartCount }) => sum + restartCount, 0)
  const last = containers
    .map(({ lastState }) => lastState?.terminated?.finishedAt ?? '')
    .sort()
    .at(-1)
  return count === 0 || last === undefined || last === ''
    ? String(count)
    : `${count} (${age(last, nowMs)} ago)`
}

const conditionIs = (pod: Pod, type: string): boolean =>
  pod.status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false
