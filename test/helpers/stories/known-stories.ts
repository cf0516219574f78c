import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Story, StoryStep } from './story.ts'

/** By play. */
export type KnownStories = Readonly<Record<string, Story>>

const FOLDER = 'test/embedded/fixtures/stories'
const fileOf = (lab: string): string => `${FOLDER}/${lab}.json`

export const hasStories = (lab: string): boolean => existsSync(fileOf(lab))

/** What Kubernetes 1.20 did in the plays of a lab. In the file, each step is a line. */
export function readStories(lab: string): KnownStories {
  const kept: Kept = JSON.parse(readFileSync(fileOf(lab), 'utf8'))
  return mapValues(kept, (steps) =>
    Object.entries(steps).map(([step, events]) => ({ step, events: eventsOf(events) })),
  )
}

export function writeStories(lab: string, stories: KnownStories): void {
  const kept: Kept = mapValues(stories, (story) =>
    Object.fromEntries(story.map(({ step, events }) => [step, textOf(events)])),
  )
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(fileOf(lab), `${JSON.stringify(kept, null, 1)}\n`)
}

type Kept = Readonly<Record<string, Readonly<Record<string, string>>>>

const mapValues = <A, B>(values: Readonly<Record<string, A>>, to: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, to(value)]))

const textOf = (events: StoryStep['events']): string =>
  events.map(({ object, what }) => `${object} ${what}`).join(', ')

/** Of the text of a step. */
export const eventsOf = (text: string): StoryStep['events'] =>
  text === ''
    ? []
    : text.split(', ').map((event) => {
        const space = event.indexOf(' ')
        return { object: event.slice(0, space), what: event.slice(space + 1) }
      })
