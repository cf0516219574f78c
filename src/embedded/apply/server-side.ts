import { type ApiObject, copyOf, isObject, type JsonObject, type ManagedFields } from '../object.ts'
import type { Type } from '../schema/schema.ts'
import { StatusError } from '../status.ts'
import { difference, FieldSet, intersection, pathText, union } from './field-set.ts'
import {
  entriesOf,
  entryOf,
  fieldsIn,
  isBy,
  less,
  owned,
  sortedEntries,
  type Writer,
} from './managed-fields.ts'
import { compare, fieldsOf, mergeOver, rootField, without } from './typed.ts'

/**
 * Server-side apply: `applied` becomes part of `live`, what this applier no longer speaks of goes, and what others
 * own is a conflict unless `force` takes it from them.
 * @param live null when there is no such object yet
 * @returns the object before defaults and validation, with its managedFields
 * @throws StatusError 409 with a cause for each field
 */
export function applyServerSide(
  live: ApiObject | null,
  applied: JsonObject,
  type: Type,
  writer: Writer,
  force: boolean,
): ApiObject {
  const entries = entriesOf(live, type)
  const own = entries.find((entry) => isBy(entry, writer, 'Apply'))
  const others = entries.filter((entry) => entry !== own)
  const spokenOf = owned(fieldsOf(applied, type))

  const merged = mergeOver(live ?? undefined, applied, rootField(type)) as JsonObject
  const dropped = difference(own === undefined ? new FieldSet() : fieldsIn(own), spokenOf)
  const orphaned = unclaimed(dropped, [spokenOf, ...others.map(fieldsIn)])
  const pruned = without(merged, orphaned, rootField(type)) as unknown as ApiObject

  const changes = compare(live ?? {}, pruned, type)
  const taken = union(changes.added, changes.modified)
  const conflicts = live === null ? [] : conflictsOf(others, taken)
  if (conflicts.length > 0 && !force) throw conflictError(conflicts)

  const remaining = others
    .map((entry) => less(less(entry, taken), changes.removed))
    .filter((entry) => !fieldsIn(entry).empty)
  const result = copyOf(pruned)
  const time = own !== undefined && sameFields(fieldsIn(own), spokenOf) ? own.time : undefined
  const entry = entryOf(writer, 'Apply', spokenOf)
  // Who speaks of nothing any more is forgotten.
  const mine = spokenOf.empty ? [] : [time === undefined ? entry : { ...entry, time }]
  result.metadata = {
    ...result.metadata,
    managedFields: copyOf(sortedEntries([...remaining, ...mine])),
  }
  return result as ApiObject
}

const sameFields = (a: FieldSet, b: FieldSet): boolean => difference(a, b).empty && difference(b, a).empty

/**
 * Members of `dropped` that nobody else owns. An item of a list goes with all that is in it, unless somebody else
 * owns the item itself; its keys go with it and never alone.
 */
function unclaimed(dropped: FieldSet, claims: readonly FieldSet[]): FieldSet {
  const free = new FieldSet()
  for (const path of dropped.paths()) {
    const isItem = path.at(-1)?.startsWith('k:') === true
    const claimed = claims.some((claim) => {
      const found = claim.at(path)
      return isItem ? found?.member === true : found?.empty === false
    })
    if (!claimed && !isKey(path)) free.insert(path)
  }
  return free
}

const isKey = (path: readonly string[]): boolean => {
  const item = path.at(-2) ?? ''
  return item.startsWith('k:') && Object.hasOwn(JSON.parse(item.slice(2)), path.at(-1)?.slice(2) ?? '')
}

interface Conflict {
  readonly entry: ManagedFields
  readonly path: readonly string[]
}

const conflictsOf = (others: readonly ManagedFields[], taken: FieldSet): readonly Conflict[] =>
  others.flatMap((entry) =>
    intersection(fieldsIn(entry), taken)
      .paths()
      .map((path) => ({ entry, path })),
  )

function conflictError(conflicts: readonly Conflict[]): StatusError {
  const byManager = grouped(conflicts)
  const [first] = conflicts
  const message =
    conflicts.length === 1 && first !== undefined
      ? `Apply failed with 1 conflict: conflict with ${managerText(first.entry)}: ${pathText(first.path)}`
      : `Apply failed with ${conflicts.length} conflicts: ${[...byManager]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([manager, found]) =>
            [`conflicts with ${manager}:`, ...found.map(({ path }) => `- ${pathText(path)}`)].join('\n'),
          )
          .join('\n')}`
  return new StatusError(409, 'Conflict', message, {
    causes: conflicts.map(({ entry, path }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${managerText(entry)}`,
      field: pathText(path),
    })),
  })
}

function grouped(conflicts: readonly Conflict[]): Map<string, Conflict[]> {
  const groups = new Map<string, Conflict[]>()
  for (const conflict of conflicts) {
    const manager = managerText(conflict.entry)
    groups.set(manager, [...(groups.get(manager) ?? []), conflict])
  }
  return groups
}

const managerText = ({ manager, operation, apiVersion, subresource }: ManagedFields): string => {
  const name = `${JSON.stringify(manager)}${subresource === undefined ? '' : ` with subresource "${subresource}"`}`
  if (operation === 'Apply') return name
  return `${name} using ${apiVersion}`
}

/** What a client may not send in an applied configuration. */
export function checkApplied(applied: unknown): asserts applied is JsonObject {
  if (!isObject(applied))
    throw new StatusError(400, 'BadRequest', 'error decoding YAML: the body is no object')
  if (isObject(applied.metadata) && applied.metadata.managedFields !== undefined)
    throw new StatusError(400, 'BadRequest', 'metadata.managedFields must be nil')
}
