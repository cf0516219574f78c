import { parse } from 'yaml'
import type { LabFile } from './catalogue.ts'
import type { Lab } from './lab.ts'

/** What a list needs of a lab. Nothing here was checked: the lab is read strictly once it is used. */
export interface LabHead
  extends Pick<
    Lab,
    'id' | 'aliases' | 'position' | 'title' | 'summary' | 'minutes' | 'version' | 'guidance' | 'namespace'
  > {
  /** Ids of its steps, in order. */
  readonly steps: readonly string[]
}

/**
 * Reads the beginning of a lab without its long parts: some fifty times quicker than reading it strictly. The id
 * is the file's name, as it has to be. What cannot be made out is empty, or what the format takes by default.
 */
export function readHead({ name, text }: LabFile): LabHead {
  const keys = headKeys(text)
  const word = (key: string): string => (typeof keys[key] === 'string' ? keys[key] : '')
  const number = (key: string, otherwise: number): number =>
    typeof keys[key] === 'number' ? keys[key] : otherwise
  const aliases: readonly unknown[] = Array.isArray(keys.aliases) ? keys.aliases : []
  const guidance = GUIDANCE.find((each) => each === keys.guidance) ?? 'none'
  return {
    id: name.replace(/\.yaml$/, ''),
    aliases: aliases.filter((each) => typeof each === 'string'),
    position: number('position', DEFAULT_POSITION),
    title: word('title'),
    summary: word('summary'),
    minutes: number('minutes', 0),
    version: number('version', 0),
    guidance,
    namespace: word('namespace'),
    steps: stepIds(text),
  }
}

/** The order of the course: by position, then by id as one counts (mistake-2 before mistake-10). */
export const inOrder = (a: Pick<Lab, 'id' | 'position'>, b: Pick<Lab, 'id' | 'position'>): number =>
  a.position - b.position || COLLATOR.compare(a.id, b.id)

const COLLATOR = new Intl.Collator('en', { numeric: true })

/** Of a lab that does not say where in the course it belongs. */
export const DEFAULT_POSITION = 1000

const GUIDANCE = ['full', 'light', 'semi', 'fix', 'none'] as const

/** Parts of the first level, each from its key to the next one. */
const PARTS = /^(?=[A-Za-z_"'])/m

const LONG = /^["']?(steps|wrong|questions|hints|objectives|constraints|criteria)["']?[ \t]*:/

function headKeys(text: string): Readonly<Record<string, unknown>> {
  const head = text.split(PARTS).filter((part) => !LONG.test(part))
  try {
    const found: unknown = parse(head.join(''))
    return typeof found === 'object' && found !== null ? { ...found } : {}
  } catch {
    // Not YAML: whoever uses the lab is told where and why.
    return {}
  }
}

function stepIds(text: string): string[] {
  const steps = text.split(PARTS).find((part) => /^["']?steps["']?[ \t]*:/.test(part)) ?? ''
  const indent = /^( *)- /m.exec(steps)?.[1]
  if (indent === undefined) return []
  // An id may stand anywhere in its step, at the indentation of the step's keys.
  const id = new RegExp(`^${indent}(?:- |  )id:[ \\t]*["']?([a-z0-9-]+)`, 'gm')
  return [...steps.matchAll(id)].map(([, found]) => found ?? '')
}
