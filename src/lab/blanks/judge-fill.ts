import type { Blank, BlankRule } from '../blank.ts'
import { KUBECTL_YAML } from '../kubectl-yaml.ts'
import { LabText, type Path } from '../lab-text.ts'
import type { LabProblem } from '../problem.ts'
import { changesOutside } from './changes.ts'
import { type LookUp, reasonAgainst, type Scalar } from './judge-value.ts'
import { isOpen, pathOf, placeOf, valueAt } from './place.ts'
import { yamlMistake } from './yaml-mistake.ts'

export interface FillInput {
  /** Its name, for messages. */
  readonly file: string
  /** The file as it was handed out. */
  readonly template: string
  /** The file as it is now. */
  readonly text: string
  readonly blanks: readonly Blank[]
  /** The student's other files by name, for what has to agree across files. What is not here is not compared. */
  readonly others: Readonly<Record<string, string>>
  /** What `metadata.namespace` may be besides what it was. */
  readonly namespaces?: readonly string[]
}

/** What a filled file comes to. */
export interface FillJudgement {
  /** Why it is not YAML; then nothing else is judged. null: it is. */
  readonly mistake: LabProblem | null
  /** In the order of the blanks. */
  readonly blanks: readonly BlankVerdict[]
  /** Changes that make another object of it. */
  readonly problems: readonly LabProblem[]
  /** What was changed outside of the blanks: legal, and worth knowing. */
  readonly notes: readonly LabProblem[]
  /** Every blank is right, and nothing stands against applying it. */
  readonly right: boolean
}

export interface BlankVerdict {
  readonly blank: Blank
  readonly verdict: 'open' | 'right' | 'wrong'
  /** Where it stands, from 1; where it is missing, the nearest place around it. */
  readonly line: number
  readonly column: number
  /** The line itself, untrusted. */
  readonly text: string
  /** The value as it is read, untrusted; null: none. */
  readonly value: Scalar | null
  /** What is wrong with it; null unless it is wrong. May quote the student: untrusted. */
  readonly reason: string | null
}

/**
 * Judges a file with blanks. By what YAML reads, not by how it is written: quoted or not, a list in one line or
 * in several, with an anchor. A blank with several rules is told the first that it breaks.
 */
export function judgeFill(input: FillInput): FillJudgement {
  const { file, template, text, blanks, others, namespaces = [] } = input
  const source = new LabText(file, text, KUBECTL_YAML)
  const mistake = yamlMistake(source, text)
  if (mistake !== null) return { mistake, blanks: [], problems: [], notes: [], right: false }
  const data: unknown = source.document.toJS()
  const elsewhere = new Map<string, unknown>()
  for (const [name, other] of Object.entries(others)) {
    const read = new LabText(name, other, KUBECTL_YAML)
    if (yamlMistake(read, other) === null) elsewhere.set(name, read.document.toJS())
  }
  const look = (place: string): Scalar | null => {
    const { file: other, at } = placeOf(place)
    const value = valueAt(other === null ? data : elsewhere.get(other), pathOf(at))
    return isScalarValue(value) && !isOpen(value) ? value : null
  }
  const verdicts = judgeAll(blanks, source, data, look)
  const original = new LabText(file, template, KUBECTL_YAML).document.toJS() as unknown
  const { problems, notes } = changesOutside(original, data, { blanks, namespaces, source })
  const right = problems.length === 0 && verdicts.every(({ verdict }) => verdict === 'right')
  return { mistake, blanks: verdicts, problems, notes, right }
}

/**
 * First each blank by itself, then by what it has to agree with. Of two that differ, the one that is wrong by itself is
 * told, and not the other for differing from it; and of two that are fine by themselves, only the first.
 */
function judgeAll(
  blanks: readonly Blank[],
  source: LabText,
  data: unknown,
  look: LookUp,
): readonly BlankVerdict[] {
  const verdicts = blanks.map((blank) => judgeBlank(blank, source, data))
  const trusted: LookUp = (place) =>
    verdicts.some(({ blank, verdict }) => blank.at === place && verdict === 'wrong') ? null : look(place)
  for (const [index, judged] of verdicts.entries()) {
    const { blank, verdict, value } = judged
    if (verdict !== 'right' || value === null) continue
    const reason = firstReason(blank.accept.filter(isRelation), value, trusted)
    if (reason !== null) verdicts[index] = { ...judged, verdict: 'wrong', reason }
  }
  return verdicts
}

const isRelation = (rule: BlankRule): boolean => rule.is === 'same-as' || rule.is === 'other-than'

function judgeBlank(blank: Blank, source: LabText, data: unknown): BlankVerdict {
  const path = pathOf(blank.at)
  const { line, column, text } = source.problemAt(path, '')
  const value = valueAt(data, path)
  const at = { blank, line, column, text }
  if (value === undefined) {
    if (isEmptyList(valueAt(data, path.slice(0, -1))))
      return { ...at, verdict: 'open', value: null, reason: null }
    return { ...at, verdict: 'wrong', value: null, reason: whyMissing(path, data) }
  }
  if (isOpen(value)) return { ...at, verdict: 'open', value: null, reason: null }
  if (!isScalarValue(value))
    return {
      ...at,
      verdict: 'wrong',
      value: null,
      reason: 'One word or number belongs here, not a list or a map.',
    }
  const own = blank.accept.filter((rule) => !isRelation(rule))
  const reason = underscoresLeft(value) ?? firstReason(own, value, () => null)
  return { ...at, verdict: reason === null ? 'right' : 'wrong', value, reason }
}

const isScalarValue = (value: unknown): value is Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0

const underscoresLeft = (value: Scalar): string | null =>
  typeof value === 'string' && value.includes('____')
    ? 'There are underscores left beside it: the value takes their place.'
    : null

function firstReason(rules: readonly BlankRule[], value: Scalar, lookUp: LookUp): string | null {
  for (const rule of rules) {
    const reason = reasonAgainst(rule, value, lookUp)
    if (reason !== null) return reason
  }
  return null
}

/** A key that is not where it belongs: mostly a slip of the space bar. */
function whyMissing(path: Path, data: unknown): string {
  const key = path.at(-1)
  for (let length = path.length - 1; length >= 0; length--) {
    const around = valueAt(data, path.slice(0, length))
    if (around === undefined) continue
    const wanted = path[length] ?? ''
    if (typeof around === 'string' && around.startsWith(`${wanted}:`))
      return `There has to be a space after the colon: "${wanted}: ${around.slice(String(wanted).length + 1)}".`
    if (typeof wanted === 'number' && isScalarValue(around))
      return `A list belongs here: [${String(around)}], or a line of its own that begins with a dash.`
    if (typeof wanted === 'number') break
    const where = length === 0 ? 'at the top level' : `under "${path.slice(0, length).join('.')}"`
    const elsewhere = length === path.length - 1 ? keyElsewhere(data, wanted) : null
    const moved = elsewhere === null ? '' : ` It stands under "${elsewhere}" now: look at the indentation.`
    return `The key "${wanted}" is missing ${where}.${moved}`
  }
  return `There is nothing at "${path.join('.')}"${typeof key === 'number' ? ': the list has no such item' : ''}.`
}

/** Where a key of that name stands, if it stands in one place only. */
function keyElsewhere(data: unknown, key: string): string | null {
  const found: string[] = []
  const walk = (value: unknown, path: Path): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [name, inner] of Object.entries(value)) {
      if (name === key && path.length > 0) found.push(path.join('.'))
      walk(inner, [...path, name])
    }
  }
  walk(data, [])
  return found.length === 1 ? (found[0] ?? null) : null
}
