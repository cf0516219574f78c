import type { ApiObject } from '../object.ts'
import type { Kind } from '../registry/kind.ts'
import { badRequest } from '../status.ts'
import { BadSelector, everything, fieldSelector, labelSelector, type Selector } from '../store/selector.ts'

/** Which objects of a kind a request means. */
export type Selection = (object: ApiObject) => boolean

/** @throws StatusError 400 for a selector that cannot be read */
export function selectionOf(kind: Kind, query: URLSearchParams, name?: string): Selection {
  const labels = selector(query.get('labelSelector'), labelSelector)
  const fieldText = query.get('fieldSelector')
  const fields = selector(fieldText, (text) => fieldSelector(text, knownFields(kind)))
  return (object) =>
    (name === undefined || object.metadata.name === name) &&
    (labels === everything || labels(object.metadata.labels ?? {})) &&
    (fields === everything || fields(fieldsOf(kind, object)))
}

const fieldsOf = (kind: Kind, object: ApiObject): Readonly<Record<string, string>> => ({
  'metadata.name': object.metadata.name,
  'metadata.namespace': object.metadata.namespace ?? '',
  ...kind.fields?.(object),
})

/** Asked of an empty object: which fields there are does not depend on what is in them. */
const knownFields = (kind: Kind): ReadonlySet<string> =>
  new Set(
    Object.keys(fieldsOf(kind, { apiVersion: '', kind: '', metadata: { name: '' }, spec: {}, status: {} })),
  )

function selector(text: string | null, parse: (text: string) => Selector): Selector {
  if (text === null || text === '') return everything
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof BadSelector) throw badRequest(error.message)
    throw error
  }
}
