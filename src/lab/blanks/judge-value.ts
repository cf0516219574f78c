import type { BlankRule } from '../blank.ts'
import { parseBytes } from '../quantity.ts'
import { placeOf } from './place.ts'

/** What stands at another place of the student's files; null: it is not known, or not filled yet. */
export type LookUp = (place: string) => Scalar | null

export type Scalar = string | number | boolean

/** Why a value breaks a rule, in words for the student; null when it keeps it. */
export function reasonAgainst(rule: BlankRule, value: Scalar, lookUp: LookUp): string | null {
  const finding = findingOf(rule, value, lookUp)
  if (finding === null) return null
  // A value of the wrong type is wrong whatever it says.
  if (finding.startsWith(TEXT_WANTED) || finding.startsWith(NUMBER_WANTED)) return finding
  return finding === '' ? rule.say : `${finding} ${rule.say}`
}

/** null: kept. '': broken, and the rule's own words say enough. */
function findingOf(rule: BlankRule, value: Scalar, lookUp: LookUp): string | null {
  switch (rule.is) {
    case 'one-of':
      return rule.values.includes(value) ? null : wrongType(value, rule.values)
    case 'pattern':
      return new RegExp(`^(?:${rule.pattern})$`, 'u').test(String(value)) ? null : ''
    case 'integer':
      return integerFinding(rule, value)
    case 'quantity':
      return quantityFinding(rule, value)
    case 'name':
      return nameFinding(rule.of, value)
    case 'same-as':
      for (const place of rule.places) {
        const other = lookUp(place)
        if (other !== null && other !== value) return `${placeText(place)} has ${shown(other)}.`
      }
      return null
    case 'other-than':
      for (const place of rule.places)
        if (lookUp(place) === value) return `${placeText(place)} has ${shown(value)} already.`
      return null
  }
}

function wrongType(value: Scalar, wanted: readonly Scalar[]): string {
  const same = wanted.find((each) => String(each) === String(value))
  if (same === undefined) return ''
  return typeof same === 'string' ? TEXT_WANTED : NUMBER_WANTED
}

const NUMBER_WANTED = 'In quotes this is text, and Kubernetes wants a number here: leave them out.'
const TEXT_WANTED = 'YAML takes this for something else than text: put it in quotes.'

function integerFinding({ min, max }: Extract<BlankRule, { is: 'integer' }>, value: Scalar): string | null {
  if (typeof value === 'number' && Number.isInteger(value)) return value >= min && value <= max ? null : ''
  if (typeof value === 'string' && /^\d+$/.test(value)) return NUMBER_WANTED
  return 'A whole number belongs here.'
}

function quantityFinding({ min, max }: Extract<BlankRule, { is: 'quantity' }>, value: Scalar): string | null {
  const bytes = parseBytes(value)
  if (bytes === null)
    return `${shown(value)} is not a quantity: a number and its unit, without a space, such as 100Mi.`
  if (bytes < (parseBytes(min) ?? 0)) return `That is ${sizeOf(bytes)}, which is too little.`
  if (bytes > (parseBytes(max) ?? Number.POSITIVE_INFINITY)) return `That is ${sizeOf(bytes)}.`
  return null
}

function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`
  const steps = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
  const power = Math.min(steps.length, Math.floor(Math.log2(bytes) / 10))
  return `${Number((bytes / 1024 ** power).toFixed(1))}${steps[power - 1] ?? ''}`
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ and RFC 6335 for ports. */
const NAMES = {
  object: /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  port: /^(?!.*--)(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/,
  label: /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
} as const

function nameFinding(of: keyof typeof NAMES, value: Scalar): string | null {
  if (typeof value !== 'string') return `${TEXT_WANTED} (It is read as the ${typeof value} ${String(value)}.)`
  if (/[“”„‘’]/.test(value)) return 'These quotes are typographic ones, which YAML takes for letters.'
  return NAMES[of].test(value) ? null : ''
}

const shown = (value: Scalar): string => (typeof value === 'string' ? `"${value}"` : String(value))

function placeText(place: string): string {
  const { file, at } = placeOf(place)
  return file === null ? at : `${at} in ${file}`
}
