import type { Observation } from '../timeline/observation.ts'
import { lastWindow } from '../timeline/windows.ts'
import { type Placed, readings } from './content.ts'

/** What came when each port was last asked; of a set at rest, what was read before its last rest proves nothing. */
export function lastPages(observations: readonly Observation[]): Placed<'page'>[] {
  const asked = readings(observations, 'page', beginOfReading(observations))
  const byPort = asked.map((page) => [`${page.of}/${page.name}:${page.port}`, page] as const)
  return [...new Map(byPort).values()]
}

export const lastPagesOfPod = (observations: readonly Observation[], pod: string): Placed<'page'>[] =>
  lastPages(observations).filter((page) => page.of === 'pod' && page.name === pod)

/** Why nobody could ask for a page then; null: somebody did, or nobody was to. */
export function whyNoPages(observations: readonly Observation[]): string | null {
  const why = readings(observations, 'page-unavailable', beginOfReading(observations)).at(-1)
  return why === undefined ? null : `nobody could ask for a page: ${why.reason}`
}

/** Where the readings begin that were made when the set had last come to rest. */
export const beginOfReading = (observations: readonly Observation[]): number =>
  lastWindow(observations, 'baseline')?.begin ?? 0
