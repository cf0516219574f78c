import { isObject } from '../object.ts'
import { type Named, StatusError } from '../status.ts'

/** One thing wrong with one field, as the real server reports it. */
export interface FieldError {
  readonly reason:
    | 'FieldValueInvalid'
    | 'FieldValueRequired'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden'
    | 'FieldValueDuplicate'
    | 'FieldValueNotFound'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
  readonly field: string
  /** Without the field's name. */
  readonly message: string
}

export const invalid = (field: string, value: unknown, detail: string): FieldError => ({
  reason: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${shown(value)}${tail(detail)}`,
})

export const required = (field: string, detail = ''): FieldError => ({
  reason: 'FieldValueRequired',
  field,
  message: `Required value${tail(detail)}`,
})

export const unsupported = (field: string, value: unknown, allowed: readonly string[]): FieldError => ({
  reason: 'FieldValueNotSupported',
  field,
  message: `Unsupported value: ${shown(value)}: supported values: ${[...allowed].sort().map(quoted).join(', ')}`,
})

export const notAllowed = (field: string, detail: string): FieldError => ({
  reason: 'FieldValueForbidden',
  field,
  message: `Forbidden: ${detail}`,
})

export const duplicate = (field: string, value: unknown): FieldError => ({
  reason: 'FieldValueDuplicate',
  field,
  message: `Duplicate value: ${shown(value)}`,
})

export const missing = (field: string, value: unknown): FieldError => ({
  reason: 'FieldValueNotFound',
  field,
  message: `Not found: ${shown(value)}`,
})

export const tooLong = (field: string, most: number): FieldError => ({
  reason: 'FieldValueTooLong',
  field,
  message: `Too long: may not be more than ${most} bytes`,
})

const tail = (detail: string): string => (detail === '' ? '' : `: ${detail}`)
const quoted = (text: string): string => JSON.stringify(text)

/** A value that is already written as Go prints it. */
export class GoValue {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** Values look as Go prints them. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (value instanceof GoValue) return value.text
  if (typeof value === 'string') return quoted(value)
  if (isObject(value) && Object.values(value).every((item) => typeof item === 'string')) {
    const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return `map[string]string{${pairs.map(([key, item]) => `${quoted(key)}:${quoted(String(item))}`).join(', ')}}`
  }
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return `[]string{${value.map(quoted).join(', ')}}`
  return JSON.stringify(value)
}

/** The 422 for a list of field errors. */
export function invalidObject(
  of: Pick<Named, 'group' | 'kind'>,
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const texts = errors.map(({ field, message }) => `${field}: ${message}`)
  const all = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`
  const kind = of.group === '' ? of.kind : `${of.kind}.${of.group}`
  return new StatusError(422, 'Invalid', `${kind} "${name}" is invalid: ${all}`, {
    ...(name === '' ? {} : { name }),
    ...(of.group === '' ? {} : { group: of.group }),
    kind: of.kind,
    causes: errors.map(({ reason, field, message }) => ({ reason, message, field })),
  })
}
