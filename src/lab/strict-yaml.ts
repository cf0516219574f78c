import { z } from 'zod'
import { LabText, type Path } from './lab-text.ts'
import { didYouMean } from './nearest.ts'
import type { LabProblem } from './problem.ts'

export type StrictRead<T> =
  | { readonly value: T; readonly problems: readonly [] }
  | { readonly value: null; readonly problems: readonly LabProblem[] }

/** What a shape cannot express and is broken nevertheless. */
export interface BrokenRule {
  readonly path: Path
  readonly message: string
}

/**
 * Reads one YAML file against a strict schema, and then `rules`, if the shape is right. Every problem is reported
 * at once with its line, in the order of the file.
 */
export function readStrictly<T>(
  text: string,
  file: string,
  schema: z.ZodType<T>,
  rules: (value: T) => readonly BrokenRule[] = () => [],
): StrictRead<T> {
  const source = new LabText(file, text)
  const syntax = source.syntaxProblems()
  if (syntax.length > 0) return { value: null, problems: syntax }
  const parsed = schema.safeParse(source.document.toJS())
  if (!parsed.success) return refused(parsed.error.issues.flatMap((issue) => explain(issue, source, schema)))
  const broken = rules(parsed.data).map(({ path, message }) => source.problemAt(path, message))
  return broken.length > 0 ? refused(broken) : { value: parsed.data, problems: [] }
}

const refused = (problems: readonly LabProblem[]): { value: null; problems: readonly LabProblem[] } => ({
  value: null,
  problems: [...problems].sort((a, b) => a.line - b.line || a.column - b.column),
})

function explain(issue: z.core.$ZodIssue, source: LabText, schema: z.ZodType): LabProblem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
  const value = source.valueAt(path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        source.problemAtKey(path, key, `unknown key "${key}"${didYouMean(key, knownKeys(schema))}`),
      )
    case 'invalid_value':
      return [
        value === undefined ? missing(path, source) : oneOf(path, value, issue.values.map(String), source),
      ]
    case 'invalid_union':
      return [
        value === undefined
          ? missing(path, source)
          : oneOf(path, value, 'options' in issue ? issue.options.map(String) : [], source),
      ]
    case 'invalid_type':
      return [
        value === undefined
          ? missing(path, source)
          : source.problemAt(path, `must be ${article(issue.expected)}, not ${shown(value)}`),
      ]
    default:
      return [source.problemAt(path, issue.message)]
  }
}

const missing = (path: Path, source: LabText): LabProblem =>
  source.problemAt(path.slice(0, -1), `"${String(path.at(-1))}" is missing`)

function oneOf(path: Path, value: unknown, options: readonly string[], source: LabText): LabProblem {
  const what = `${shown(value)} for "${String(path.at(-1))}"`
  return source.problemAt(
    path,
    `unknown ${what}${didYouMean(String(value), options)} (one of ${options.join(', ')})`,
  )
}

const article = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`)

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${value}`
  if (value === null) return 'nothing'
  return 'a list or a map'
}

/** Every key that the format has anywhere: good enough to guess a typing mistake from. */
function knownKeys(whole: z.ZodType): string[] {
  const keys = new Set<string>()
  const collect = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return
    for (const [name, inner] of Object.entries(schema)) {
      if (name === 'properties' && typeof inner === 'object' && inner !== null)
        for (const key of Object.keys(inner)) keys.add(key)
      collect(inner)
    }
  }
  collect(z.toJSONSchema(whole, { io: 'input' }))
  return [...keys]
}
