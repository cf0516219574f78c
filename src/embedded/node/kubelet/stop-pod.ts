import type { ClusterClock } from '../../clock.ts'
import { type Gate, start, type Task } from '../os/fiber.ts'
import type { ContainerLife } from './container-life.ts'

interface Containers {
  readonly inits: readonly ContainerLife[]
  readonly containers: readonly ContainerLife[]
}

/** Ends the containers of a pod: all at once, but sidecars after those that they are there for. @param news opened by what ends */
export function* stopContainers(
  clock: ClusterClock,
  { inits, containers }: Containers,
  news: Gate,
  deadlineMs: () => number,
): Task<void> {
  let left = 0
  for (const container of [...inits, ...containers])
    if (container.running !== null && container.role !== 'sidecar') {
      left += 1
      start(clock, container.stop(stopping(container), deadlineMs), () => {
        left -= 1
        news.open()
      })
    }
  while (left > 0) yield news.wait
  yield* stopSidecars(inits, deadlineMs)
}

/** One after the other, the last first: each may need those before it. */
export function* stopSidecars(inits: readonly ContainerLife[], deadlineMs: () => number): Task<void> {
  for (const container of [...inits].reverse())
    if (container.role === 'sidecar' && container.running !== null)
      yield* container.stop(stopping(container), deadlineMs)
}

const stopping = ({ spec }: ContainerLife): string => `Stopping container ${spec.name}`
