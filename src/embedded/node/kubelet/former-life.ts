import { timestamp } from '../../clock.ts'
import type { ContainerStatus, Pod } from '../../shapes.ts'
import type { State, Terminated } from './pod-status.ts'

/** How a container stands when its pod comes to the node: a new one, or one that the node lost when it was rebooted. */
export interface FormerLife {
  readonly state: State
  readonly lastState: { readonly terminated: Terminated } | null
  /** Times that it had been started again; null: it has never run. */
  readonly restarts: number | null
  readonly id: string | null
}

interface Stored {
  readonly state: State
  readonly lastState: { readonly terminated?: Terminated }
  readonly restartCount: number
  readonly containerID: string
}

/** Those of a pod's containers, by name. `any`: at least one has run. */
export function formerLives(
  { status }: Pod,
  nowMs: number,
): { readonly any: boolean; of(name: string, waiting: string): FormerLife } {
  const before = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  return {
    any: before.some(({ containerID = '' }) => containerID !== ''),
    of: (wanted, waiting) =>
      formerLife(
        before.find(({ name }) => name === wanted),
        waiting,
        nowMs,
      ),
  }
}

/**
 * Reads it off the pod's status. One that ran has ended nobody knows how: containerd calls that 255, Unknown.
 * @param waiting what a new one waits for
 */
function formerLife(status: ContainerStatus | undefined, waiting: string, nowMs: number): FormerLife {
  const fresh = { state: { waiting: { reason: waiting } }, lastState: null, restarts: null, id: null }
  if (status === undefined || (status.containerID ?? '') === '') return fresh
  // What is stored was written from these very types.
  const { state, lastState, restartCount, containerID } = status as unknown as Stored
  const before = lastState.terminated === undefined ? null : { terminated: lastState.terminated }
  const known = { lastState: before, restarts: restartCount, id: containerID }
  if (!('running' in state)) return { ...known, state }
  const terminated = {
    containerID,
    exitCode: 255,
    finishedAt: timestamp(nowMs),
    reason: 'Unknown',
    startedAt: state.running.startedAt,
  }
  return { ...known, state: { terminated } }
}
