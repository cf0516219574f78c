import { timestamp } from '../clock.ts'
import type { ApiObject, JsonObject, ManagedFields } from '../object.ts'
import type { Type } from '../schema/schema.ts'
import { difference, FieldSet, intersection, union } from './field-set.ts'
import { compare, grown, rootField } from './typed.ts'

/** Who writes, and through what. */
export interface Writer {
  readonly manager: string
  readonly apiVersion: string
  readonly subresource?: string
  readonly nowMs: number
}

/** What belongs to nobody: the server's own bookkeeping, and what says which object this is. */
const NOBODYS = FieldSet.of(
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'selfLink',
    'uid',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => ['f:metadata', `f:${name}`]),
)

export const owned = (set: FieldSet): FieldSet => difference(set, NOBODYS)

export const fieldsIn = (entry: ManagedFields): FieldSet => FieldSet.rootFromJson(entry.fieldsV1)

/** Structs that the real server's types always hold: nobody adds them. */
const ALWAYS_THERE: JsonObject = {
  metadata: {},
  spec: {
    containers: [],
    template: { metadata: {}, spec: { containers: [] } },
    updateStrategy: {},
    strategy: {},
    resources: {},
  },
  status: { loadBalancer: {}, nodeInfo: {}, daemonEndpoints: { kubeletEndpoint: {} } },
  involvedObject: {},
  source: {},
  regarding: {},
  deprecatedSource: {},
}

/** The managedFields after an ordinary write (create, update, patch). */
export function afterUpdate(
  before: ApiObject | null,
  after: ApiObject,
  type: Type,
  writer: Writer,
): readonly ManagedFields[] {
  const changes = compare(before ?? skeletonOf(after, ALWAYS_THERE), after, type)
  const taken = owned(union(changes.added, changes.modified))
  const entries = entriesOf(before, type)
    .map((entry) => (isBy(entry, writer, 'Update') ? entry : less(entry, taken)))
    .map((entry) => less(entry, changes.removed))
    .filter((entry) => !fieldsIn(entry).empty)
  if (taken.empty) return entries
  const own = entries.find((entry) => isBy(entry, writer, 'Update'))
  const fields = own === undefined ? taken : union(fieldsIn(own), taken)
  return sortedEntries([...entries.filter((entry) => entry !== own), entryOf(writer, 'Update', fields)])
}

/** The entries of an object, as they are to be read now. */
export const entriesOf = (object: ApiObject | null, type: Type): readonly ManagedFields[] =>
  (object?.metadata.managedFields ?? []).map((entry) => ({
    ...entry,
    fieldsV1: grown(fieldsIn(entry), object, rootField(type)).toJson(),
  }))

export function isBy(entry: ManagedFields, writer: Writer, operation: 'Apply' | 'Update'): boolean {
  return (
    entry.manager === writer.manager &&
    entry.operation === operation &&
    (entry.subresource ?? '') === (writer.subresource ?? '') &&
    // Who applies has one entry, whatever version was used.
    (operation === 'Apply' || entry.apiVersion === writer.apiVersion)
  )
}

/** An entry without the fields of a set. */
export function less(entry: ManagedFields, gone: FieldSet): ManagedFields {
  const fields = fieldsIn(entry)
  if (intersection(fields, gone).empty) return entry
  return { ...entry, fieldsV1: difference(fields, gone).toJson() }
}

export const entryOf = (writer: Writer, operation: 'Apply' | 'Update', fields: FieldSet): ManagedFields => ({
  manager: writer.manager,
  operation,
  apiVersion: writer.apiVersion,
  time: timestamp(writer.nowMs),
  fieldsType: 'FieldsV1',
  fieldsV1: fields.toJson(),
  ...(writer.subresource === undefined ? {} : { subresource: writer.subresource }),
})

/** Appliers first, then by time. */
export const sortedEntries = (entries: readonly ManagedFields[]): readonly ManagedFields[] =>
  [...entries].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))

const orderOf = ({ operation, time, manager, subresource }: ManagedFields): string =>
  [operation, time ?? '', manager, subresource ?? ''].join('\n')

/** The part of a skeleton that an object has. */
function skeletonOf(object: JsonObject, skeleton: JsonObject): JsonObject {
  const result: Record<string, unknown> = {}
  for (const [key, below] of Object.entries(skeleton)) {
    const value = object[key]
    if (typeof value === 'object' && value !== null && Object.keys(value).length > 0)
      result[key] = Array.isArray(below) ? below : skeletonOf(value as JsonObject, below as JsonObject)
  }
  return result
}
