import type { StatefulSetFacts } from '../../src/timeline/facts.ts'
import type { Observation } from '../../src/timeline/observation.ts'
import { Script } from './script.ts'

export type Chapter = 'baseline' | 'replace' | 'grow' | 'shrink' | 'regrow' | 'restore'

/** One chapter of the pass, to be told otherwise by a test. */
export type Tell = (script: Script) => void

/** What a `verify` run of a correct set of three records, chapter by chapter. */
const STORY: Readonly<Record<Chapter, Tell>> = {
  baseline: (script) => {
    script.lists(3).begin('baseline')
    for (const ordinal of [0, 1, 2]) script.volume(ordinal).writesToken(ordinal).content(ordinal)
    script.dns([0, 1, 2]).end('baseline')
  },
  replace: (script) => {
    script.begin('replace').deletes(1).goes(1).comesUp(1).volume(1).content(1).dns([0, 1, 2]).end('replace')
  },
  grow: (script) => {
    script.begin('grow').scale(3, 5).comesUp(3).comesUp(4).end('grow')
  },
  shrink: (script) => {
    script.begin('shrink').scale(5, 0)
    for (const ordinal of [4, 3, 2, 1, 0]) script.goes(ordinal)
    script.end('shrink')
  },
  regrow: (script) => {
    script.begin('regrow').scale(0, 3)
    for (const ordinal of [0, 1, 2]) script.comesUp(ordinal)
    for (const ordinal of [0, 1, 2]) script.volume(ordinal).content(ordinal)
    script.end('regrow')
  },
  restore: (script) => {
    script.begin('restore').claim(3, 'deleted').claim(4, 'deleted').end('restore')
  },
}

/**
 * The whole recording of a correct set of three. `otherwise` replaces a chapter; null ends the story before it.
 */
export function perfectPass(
  otherwise: Partial<Record<Chapter, Tell | null>> = {},
  set: Partial<StatefulSetFacts> = {},
): Observation[] {
  const script = new Script(set)
  for (const chapter of Object.keys(STORY) as Chapter[]) {
    const tell = otherwise[chapter]
    if (tell === null) break
    ;(tell ?? STORY[chapter])(script)
  }
  return script.observations
}

/** Positions anew: 1, 2, 3 … */
export const renumber = (observations: readonly Observation[]): Observation[] =>
  observations.map((observation, index) => ({ ...observation, seq: index + 1 }))
