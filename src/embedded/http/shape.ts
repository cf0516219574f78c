import type { ApiObject, JsonObject } from '../object.ts'
import type { Kind } from '../registry/kind.ts'
import { notAcceptable } from '../status.ts'
import { type IncludeObject, tableOf, tableRow } from '../tables/table.ts'

/** The form in which a client wants objects. */
export type Shape =
  | { readonly as: 'object' }
  | { readonly as: 'table'; readonly include: IncludeObject }
  | { readonly as: 'metadata' }

const SUPPORTED = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']

/** The first form of the Accept header that we can give. @throws StatusError 406 */
export function shapeOf(accept: string | undefined, query: URLSearchParams): Shape {
  const wanted = (accept ?? '').trim() === '' ? '*/*' : (accept ?? '')
  for (const part of wanted.split(',')) {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim())
    const json = type === 'application/json' || type === '*/*' || type === 'application/*'
    if (!json) continue
    const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice(3)
    if (as === undefined) return { as: 'object' }
    if (!parameters.includes('v=v1')) continue
    if (as === 'Table') {
      const include = query.get('includeObject') ?? 'Metadata'
      return { as: 'table', include: include as IncludeObject }
    }
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return { as: 'metadata' }
  }
  throw notAcceptable(SUPPORTED)
}

const metadataOnly = (object: ApiObject): JsonObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata: object.metadata,
})

export function shapedObject(object: ApiObject, kind: Kind, shape: Shape, nowMs: number): JsonObject {
  switch (shape.as) {
    case 'object':
      return object
    case 'metadata':
      return metadataOnly(object)
    case 'table':
      return tableOf(kind.table.columns, [tableRow(kind.table, object, shape.include, nowMs)], {
        resourceVersion: object.metadata.resourceVersion,
      })
  }
}

export function shapedList(
  objects: readonly ApiObject[],
  kind: Kind,
  shape: Shape,
  metadata: JsonObject,
  nowMs: number,
): JsonObject {
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`
  switch (shape.as) {
    case 'table':
      return tableOf(
        kind.table.columns,
        objects.map((object) => tableRow(kind.table, object, shape.include, nowMs)),
        metadata,
      )
    case 'metadata':
      return {
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata,
        items: objects.map(metadataOnly),
      }
    case 'object':
      return {
        kind: `${kind.kind}List`,
        apiVersion,
        metadata,
        // As in the real server's lists, the items do not repeat what they are.
        items: objects.map(({ apiVersion: _, kind: __, ...rest }) => rest),
      }
  }
}

/** One object of a watch: later tables leave the columns out. */
export function shapedEvent(
  object: ApiObject,
  kind: Kind,
  shape: Shape,
  first: boolean,
  nowMs: number,
): JsonObject {
  if (shape.as !== 'table') return shapedObject(object, kind, shape, nowMs)
  return tableOf(first ? kind.table.columns : null, [tableRow(kind.table, object, shape.include, nowMs)], {
    resourceVersion: object.metadata.resourceVersion,
  })
}
