import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { LabsProof } from '../../../src/result/labs-proof.ts'
import { readRecording } from '../../../src/timeline/jsonl.ts'
import { driftFrom, type KnownStory, widened } from './drift.ts'
import { cutOffIn, racesOf } from './exceptions.ts'
import { type KnownStories, readStories, writeStories } from './known-stories.ts'
import { type Story, storyOf } from './story.ts'

/** The story of a play that `labs test --recordings FOLDER` has recorded. */
export function recordedStory(folder: string, lab: string, play: string): Story {
  const file = path.join(folder, `${lab}.${play}.jsonl`)
  return storyOf(readRecording(readFileSync(file, 'utf8'), file).observations)
}

/** Where recorded plays of a lab are not as on the native cluster, in sentences; those that are, are left out. */
export function driftOf(
  folder: string,
  { lab, plays }: LabsProof['labs'][number],
): Readonly<Record<string, readonly string[]>> {
  const known = readStories(lab)
  const drifts = plays.map(({ id }): [string, readonly string[]] => {
    const story = known[id]
    return [
      id,
      story === undefined
        ? ['it is not known what the native cluster does: record it']
        : driftFrom(
            { ...story, races: racesOf(lab, id), cutOff: cutOffIn(lab, id) },
            recordedStory(folder, lab, id),
          ),
    ]
  })
  return Object.fromEntries(drifts.filter(([, drift]) => drift.length > 0))
}

/**
 * Keeps what was recorded as what is known.
 *
 * @param how anew: in place of what was known of these plays; again: what came differently this time may do so
 */
export function keepStories(folder: string, { labs }: LabsProof, how: 'anew' | 'again'): void {
  for (const { lab, plays } of labs) {
    const known: KnownStories = knownOf(lab)
    const kept = plays.map(({ id }): [string, KnownStory] => {
      const story = recordedStory(folder, lab, id)
      const before = how === 'again' ? known[id] : undefined
      return [id, before === undefined ? { story } : widened(before, story)]
    })
    writeStories(lab, { ...known, ...Object.fromEntries(kept) })
  }
}

function knownOf(lab: string): KnownStories {
  try {
    return readStories(lab)
  } catch {
    return {}
  }
}
