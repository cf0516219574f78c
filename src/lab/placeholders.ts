import type { Blank } from './blank.ts'
import type { Lab } from './lab.ts'
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
