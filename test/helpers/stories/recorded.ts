import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { LabsProof } from '../../../src/result/labs-proof.ts'
import { readRecording } from '../../../src/timeline/jsonl.ts'
import { driftFrom } from './drift.ts'
import { cutOffIn, racesOf } from './exceptions.ts'
import { hasStories, readStories, writeStories } from './known-stories.ts'
import { type Story, storyOf } from './story.ts'

type PlayedLab = LabsProof['labs'][number]

/** The story of a play that `labs test --recordings FOLDER` has recorded. */
function recordedStory(folder: string, lab: string, play: string): Story {
  const file = path.join(folder, `${lab}.${play}.jsonl`)
  return storyOf(readRecording(readFileSync(file, 'utf8'), file).observations)
}

/** Where recorded plays of a lab are not as on the native cluster, in sentences; those that are, are left out. */
export function driftOf(
  folder: string,
  { lab, plays }: PlayedLab,
): Readonly<Record<string, readonly string[]>> {
  const known = readStories(lab)
  const drifts = plays.map(({ id }): [string, readonly string[]] => {
    const story = known[id]
    if (story === undefined) return [id, ['what the native cluster does is not known: see test/labs']]
    const exceptions = { races: racesOf(lab, id), cutOff: cutOffIn(lab, id) }
    return [id, driftFrom(story, recordedStory(folder, lab, id), exceptions)]
  })
  return Object.fromEntries(drifts.filter(([, drift]) => drift.length > 0))
}

/** Keeps what was recorded of a lab as what the native cluster does; plays that were not played stay as they are. */
export function keepStories(folder: string, { lab, plays }: PlayedLab): void {
  const played = plays.map(({ id }) => [id, recordedStory(folder, lab, id)] as const)
  writeStories(lab, { ...(hasStories(lab) ? readStories(lab) : {}), ...Object.fromEntries(played) })
}
