import { LabError } from '../errors.ts'
import { didYouMean } from '../lab/nearest.ts'
import type { ManifestDocument } from '../ports.ts'
import { ApiError } from './api-errors.ts'
import { type FieldStep, locate, parseFieldPath } from './field-path.ts'
import { printable } from './manifest.ts'
import type { Schema } from './schema.ts'

/** One field that the server does not want. */
interface Complaint {
  readonly path: string
  readonly steps: readonly FieldStep[]
  readonly unknown: boolean
  readonly message: string
}

/**
 * Says where in the manifest the fields stand that the server refused: unknown ones (with what was
 * probably meant) and invalid values. Other errors come back as they are.
 * @param schema asked for only when there is an unknown field; null where it cannot be had
 */
export async function explainFields(
  error: unknown,
  document: ManifestDocument,
  schema: () => Promise<Schema | null>,
): Promise<unknown> {
  if (!(error instanceof ApiError) || (error.code !== 'unknown-field' && error.code !== 'invalid'))
    return error
  const complaints = complaintsOf(error)
  const known = complaints.some((complaint) => complaint.unknown) ? await schema() : null
  const { object, source } = document
  const name = `${object.kind}/${object.metadata.name}`
  if (complaints.length === 0) {
    const message = `${source.file}:${source.line}: ${name} is refused: ${error.serverMessage}`
    return new LabError('usage', error.code, message, { cause: error })
  }
  const lines = complaints.map((complaint) => {
    const meant = complaint.unknown && known !== null ? suggestion(complaint, document, known) : ''
    return `${place(complaint.steps, document)}: ${name}: ${complaint.message}${meant}${quote(complaint.steps, document)}`
  })
  const explain = `kubectl explain ${object.kind.toLowerCase()}${explainPath(complaints[0]?.steps ?? [])}`
  const code = complaints.some((complaint) => complaint.unknown) ? 'unknown-field' : 'invalid'
  // Servers name some invalid values twice.
  return new LabError('usage', code, [...new Set(lines)].join('\n'), {
    hint: `what belongs there: ${explain}`,
    cause: error,
  })
}

function complaintsOf(error: ApiError): readonly Complaint[] {
  if (error.causes.length > 0) {
    return error.causes.flatMap(({ field, message }) => complaint(field, `${field}: ${message}`, false))
  }
  const text = error.serverMessage
  // Server-side apply: ".spec.replicass: field not declared in schema", one a line when there are several.
  const typed = [...text.matchAll(/(?:^|[\s:])(\.[\w.[\]="\-,/]+): ([^\n]+)/g)].flatMap(
    ([, path = '', what = '']) => {
      const unknown = what.includes('field not declared in schema')
      const plain = path.slice(1)
      const wanted = what.replace(/, got \*value\.\w+$/, '')
      return complaint(path, unknown ? `unknown field "${plain}"` : `${plain}: ${wanted}`, unknown)
    },
  )
  if (typed.length > 0) return typed
  // Strict decoding, since 1.25: unknown field "spec.replicass", unknown field "spec.x"
  return [...text.matchAll(/unknown field "([^"]+)"/g)].flatMap(([said, path = '']) =>
    complaint(path, said, true),
  )
}

function complaint(path: string, message: string, unknown: boolean): readonly Complaint[] {
  const steps = parseFieldPath(path)
  return steps === null || steps.length === 0 ? [] : [{ path, steps, message, unknown }]
}

/** A field of that place with a similar name, else a place further out where the field does belong (wrong indentation). */
function suggestion({ steps }: Complaint, { object }: ManifestDocument, schema: Schema): string {
  const field = steps.at(-1)
  if (typeof field !== 'string') return ''
  const parents = steps.slice(0, -1)
  const near = didYouMean(field, schema.fieldsAt(object.apiVersion, object.kind, parents), ';')
  if (near !== '') return near
  for (let depth = parents.length - 1; depth >= 0; depth--) {
    const outer = parents.slice(0, depth)
    if (schema.fieldsAt(object.apiVersion, object.kind, outer).includes(field)) {
      const names = outer.filter((step) => typeof step === 'string').join('.')
      return `; it belongs ${names === '' ? 'at the top level' : `under "${names}"`}: look at its indentation`
    }
  }
  return ''
}

/** The nearest place that is in the text: a missing field is shown at its parent. */
function position(steps: readonly FieldStep[], { object, source }: ManifestDocument) {
  for (let path = locate(object, steps); path.length > 0; path = path.slice(0, -1)) {
    const found = source.position(path)
    if (found !== null) return found
  }
  return { line: source.line, column: 1 }
}

function place(steps: readonly FieldStep[], document: ManifestDocument): string {
  const { line, column } = position(steps, document)
  return `${document.source.file}:${line}:${column}`
}

function quote(steps: readonly FieldStep[], document: ManifestDocument): string {
  const text = document.source.lineText?.(position(steps, document).line)
  return text === undefined || text === null ? '' : `\n    ${printable(text).trim()}`
}

const explainPath = (steps: readonly FieldStep[]): string =>
  steps
    .slice(0, -1)
    .filter((step) => typeof step === 'string')
    .map((step) => `.${step}`)
    .join('')
