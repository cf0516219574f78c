import type { Blank } from './blank.ts'
import type { Lab, LabStep } from './lab.ts'
import type { LabQuestion } from './question.ts'

/** What stands in texts for something that is known only when the lab is run: "namespace", "blank.claim-name". */
export type PlaceholderValues = Readonly<Record<string, string>>

/** `{namespace}` and `{blank.<id>}`, the student's own value of a blank. What has no value stays as it is. */
export const fillPlaceholders = (text: string, values: PlaceholderValues): string =>
  text.replace(PLACEHOLDER, (whole, name: string) => values[name] ?? whole)

/** The same in a regular expression, where a value means itself and not a pattern. */
export const fillPattern = (source: string, values: PlaceholderValues): string =>
  source.replace(PLACEHOLDER, (_whole, name: string) => escaped(values[name] ?? name))

/** A question with everything filled in, ready to be asked and judged. */
export const fillQuestion = (question: LabQuestion, values: PlaceholderValues): LabQuestion => ({
  ask: fillPlaceholders(question.ask, values),
  answer: fillPlaceholders(question.answer, values),
  choices: question.choices.map(({ text, right, why }) => ({
    text: fillPlaceholders(text, values),
    right,
    why: fillPlaceholders(why, values),
  })),
  accept: question.accept.map((source) => fillPattern(source, values)),
  points: question.points.map(({ point, words }) => ({
    point: fillPlaceholders(point, values),
    words: words.map((source) => fillPattern(source, values)),
  })),
})

/**
 * A step with everything filled in that a student reads or sts-lab does and waits for. Its questions are filled in
 * when they are asked, its blanks not at all: they are what the values come from.
 */
export function fillStep(step: LabStep, values: PlaceholderValues): LabStep {
  const { title, explain, conclusion, corrections, hints, look, action, until, claims, advice } = step
  const filled = { title, explain, conclusion, corrections, hints, look, claims, advice }
  return {
    ...step,
    ...fillAll(filled, values),
    action: action?.do === 'fill' ? action : fillAll(action, values),
    until: until?.see === 'stuck' ? until : fillAll(until, values),
  }
}

/** Every string in a piece of a lab. */
function fillAll<T>(piece: T, values: PlaceholderValues): T {
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') return fillPlaceholders(value, values)
    if (Array.isArray(value)) return value.map(fill)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]))
  }
  // A lab is plain data, and only its strings have changed.
  return fill(piece) as T
}

/** The values for a lab: of a blank what the student wrote (by its id), else what our own solution has. */
export function placeholderValues(
  lab: Lab,
  namespace: string,
  written: (blank: string) => string | undefined,
): PlaceholderValues {
  const blanks = lab.steps.flatMap(({ action }) => (action?.do === 'fill' ? action.blanks : []))
  return Object.fromEntries([
    ['namespace', namespace],
    ...blanks.map((blank) => [`blank.${blank.id}`, written(blank.id) ?? plain(blank)]),
  ])
}

/** A solution is YAML: its quotes are not part of the value. */
const plain = ({ solution }: Blank): string => solution.replace(/^(["'])(.*)\1$/, '$2')

const PLACEHOLDER = /\{(namespace|blank\.[a-z0-9-]+)\}/g

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
