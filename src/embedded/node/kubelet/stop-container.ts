import { at } from '../../object.ts'
import { anyOf, type Gate, type Task } from '../os/fiber.ts'
import { type PodContext, podText } from './pod-context.ts'
import { runHook } from './probes.ts'
import type { RunningContainer } from './running-container.ts'

/** preStop, the signal that asks it to end, and when the time is up the one that it cannot refuse. */
export function* stopContainer(
  { clock, say, pod }: PodContext,
  container: RunningContainer,
  signal: 'TERM' | 'QUIT',
  {
    deadlineMs,
    hasEnded,
    news,
  }: { readonly deadlineMs: () => number; readonly hasEnded: () => boolean; readonly news: Gate },
): Task<void> {
  const { spec, machine } = container
  const preStop = at(spec.lifecycle, 'preStop')
  if (preStop !== undefined && deadlineMs() > clock.elapsedMs()) {
    const result = yield* runHook(container, preStop, deadlineMs() - clock.elapsedMs(), podText(pod()))
    if (!result.ok) say('Warning', 'FailedPreStopHook', result.message, spec.name)
  }
  const first = machine.processes.get(1)
  if (first !== undefined && deadlineMs() > clock.elapsedMs()) machine.signal(first, signal, 'outside')
  while (!hasEnded()) {
    const left = deadlineMs() - clock.elapsedMs()
    if (left <= 0) {
      machine.close()
      return
    }
    yield anyOf(news.wait, (wake) => clock.setTimer(left, wake))
  }
}
