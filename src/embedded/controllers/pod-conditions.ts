import type { ClusterClock } from '../clock.ts'
import type { Condition, Pod } from '../shapes.ts'

export const conditionOf = (pod: Pod, type: string): Condition | undefined =>
  pod.status?.conditions?.find((condition) => condition.type === type)

export const isReady = (pod: Pod): boolean => conditionOf(pod, 'Ready')?.status === 'True'

/** Over for good: its containers will not run again. */
export const isFinished = ({ status }: Pod): boolean =>
  status?.phase === 'Failed' || status?.phase === 'Succeeded'

/** Milliseconds until a ready pod counts as available; 0 when it does, null when it is not ready. */
export function untilAvailableMs(pod: Pod, minReadySeconds: number, clock: ClusterClock): number | null {
  const ready = conditionOf(pod, 'Ready')
  if (ready?.status !== 'True') return null
  if (minReadySeconds === 0) return 0
  const since = Date.parse(ready.lastTransitionTime ?? '')
  if (Number.isNaN(since)) return null
  return Math.max(0, minReadySeconds * 1000 - clock.sinceMs(since))
}

export const isAvailable = (pod: Pod, minReadySeconds: number, clock: ClusterClock): boolean =>
  untilAvailableMs(pod, minReadySeconds, clock) === 0
