import { sleep, type Task } from '../os/fiber.ts'
import type { PodContext } from './pod-context.ts'

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 122_000

/** Makes every volume of a pod ready; says what is in the way, again and again. */
export function* mountVolumes({ clock, volumes, pod, place, say }: PodContext): Task<void> {
  for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2)) {
    const problems = volumes.setUp(pod(), place)
    if (problems.size === 0) return
    for (const [volume, message] of problems)
      say('Warning', 'FailedMount', `MountVolume.SetUp failed for volume "${volume}" : ${message}`)
    yield* sleep(clock, retryMs)
  }
}
