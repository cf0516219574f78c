import type { Observation } from '../timeline/observation.ts'
import { printable } from '../timeline/printable.ts'
import { stateAt } from '../timeline/state.ts'
import { isClaimOf } from './lab-action.ts'

const KIND = { services: 'service', statefulsets: 'StatefulSet', claims: 'claim' } as const
const DONE = {
  added: 'was created',
  deleted: 'was deleted',
  vanished: 'is gone',
  modified: 'was changed',
} as const

/**
 * What somebody did since, in one sentence: services, sets and claims that were created, changed or deleted, each by
 * the last thing that happened to it. What controllers make of it is left out; null when that was all.
 */
export function newsSince(
  observations: readonly Observation[],
  seq: number,
  statefulSet: string,
): string | null {
  const before = stateAt(observations, seq)
  const generations = new Map(
    [...before.statefulsets.values()].map(({ uid, generation }) => [uid, generation]),
  )
  const news = new Map<string, string>()
  for (const each of observations) {
    if (each.seq <= seq || each.type === 'gap' || each.type === 'listed' || each.stream === 'run') continue
    if (each.stream !== 'services' && each.stream !== 'statefulsets' && each.stream !== 'claims') continue
    // Those its controller makes; a claim of a student's own has another name.
    if (each.stream === 'claims' && each.type === 'added' && isClaimOf(statefulSet, each.object.name))
      continue
    if (each.type === 'modified') {
      if (each.object.kind !== 'Service' && each.object.kind !== 'StatefulSet') continue
      if (each.object.kind === 'StatefulSet') {
        const known = generations.get(each.object.uid)
        generations.set(each.object.uid, each.object.generation)
        if (known === undefined || known === each.object.generation || each.object.deletionTimestamp !== null)
          continue
      }
    }
    if (each.type === 'added' && each.object.kind === 'StatefulSet')
      generations.set(each.object.uid, each.object.generation)
    const name = `${KIND[each.stream]} ${printable(each.object.name, 80)}`
    const wasThere = before[each.stream].has(each.object.name)
    if (each.type === 'modified' && news.has(name)) continue
    if (each.type === 'deleted' && !wasThere) news.delete(name)
    else news.set(name, each.type === 'added' && wasThere ? 'was deleted and created again' : DONE[each.type])
  }
  return news.size === 0 ? null : [...news].map(([name, what]) => `${name} ${what}`).join(', ')
}
