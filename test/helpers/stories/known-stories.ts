import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { KnownStory } from './drift.ts'

/** By play. */
export type KnownStories = Readonly<Record<string, KnownStory>>

/** As it is kept: each step in one line. */
interface Kept {
  readonly steps: Readonly<Record<string, string>>
  readonly loose?: readonly string[]
  readonly sometimes?: readonly string[]
}

const FOLDER = 'test/embedded/fixtures/stories'
const fileOf = (lab: string): string => `${FOLDER}/${lab}.json`

/** What Kubernetes 1.20 did in the plays of a lab. */
export function readStories(lab: string): KnownStories {
  const kept = JSON.parse(readFileSync(fileOf(lab), 'utf8')) as Readonly<Record<string, Kept>>
  return Object.fromEntries(
    Object.entries(kept).map(([play, { steps, ...rest }]) => [
      play,
      { ...rest, story: Object.entries(steps).map(([step, events]) => ({ step, events: eventsOf(events) })) },
    ]),
  )
}

export function writeStories(lab: string, stories: KnownStories): void {
  const kept = Object.fromEntries(
    Object.entries(stories).map(([play, { story, ...rest }]): [string, Kept] => [
      play,
      { steps: Object.fromEntries(story.map(({ step, events }) => [step, textOf(events)])), ...rest },
    ]),
  )
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(fileOf(lab), `${JSON.stringify(kept, null, 1)}\n`)
}

type Events = KnownStory['story'][number]['events']

const textOf = (events: Events): string => events.map(({ object, what }) => `${object} ${what}`).join(', ')

/** Of the text of a step. */
export const eventsOf = (text: string): Events =>
  text === ''
    ? []
    : text.split(', ').map((event) => {
        const space = event.indexOf(' ')
        return { object: event.slice(0, space), what: event.slice(space + 1) }
      })
