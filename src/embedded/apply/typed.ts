import { isObject, type JsonObject, sameJson } from '../object.ts'
import { type Definition, type Merging, mergingOf, type Type } from '../schema/schema.ts'
import { FieldSet } from './field-set.ts'

// Objects as sets of fields, by their schema: what is one value, what is many. See structured-merge-diff.

/** `k:{"containerPort":80,"protocol":"TCP"}` of an item; null where a key is missing that has no default. */
function itemKey(item: unknown, keys: readonly string[], type: Type): string | null {
  if (!isObject(item)) return null
  const found: Record<string, unknown> = {}
  for (const key of [...keys].sort()) {
    const value = item[key] ?? type.definition.properties?.[key]?.default
    if (value === undefined) return null
    found[key] = value
  }
  return `k:${JSON.stringify(found)}`
}

/** A value's parts by their step: fields, entries or items; null for one that has no parts. */
function partsOf(
  value: unknown,
  merging: Merging,
): ReadonlyMap<string, { readonly value: unknown; readonly field: Definition | undefined }> | null {
  const parts = new Map<string, { value: unknown; field: Definition | undefined }>()
  switch (merging.by) {
    case 'fields':
    case 'keys': {
      if (!isObject(value)) return null
      for (const [key, item] of Object.entries(value)) {
        if (item === undefined) continue
        const field = merging.by === 'keys' ? merging.value : merging.type.definition.properties?.[key]
        parts.set(`f:${key}`, { value: item, field })
      }
      return parts
    }
    case 'item-keys': {
      if (!Array.isArray(value)) return null
      for (const item of value) {
        const key = itemKey(item, merging.keys, merging.item)
        if (key === null) return null
        parts.set(key, { value: item, field: asField(merging.item) })
      }
      return parts
    }
    case 'values': {
      if (!Array.isArray(value)) return null
      for (const item of value)
        parts.set(`v:${JSON.stringify(item)}`, { value: item, field: { type: 'string' } })
      return parts
    }
    default:
      return null
  }
}

const asField = (type: Type): Definition =>
  type.name === '' ? type.definition : { $ref: `#/definitions/${type.name}` }
export const rootField = asField

/** All that an applied configuration speaks of. */
export function fieldsOf(value: unknown, type: Type): FieldSet {
  const set = new FieldSet()
  collect(value, asField(type), [], set)
  return set
}

function collect(
  value: unknown,
  field: Definition | undefined,
  path: readonly string[],
  set: FieldSet,
): void {
  const merging = mergingOf(field)
  const parts = partsOf(value, merging)
  if (parts === null || parts.size === 0) {
    // Nobody owns a list that has no items, nor a map without entries. (A struct without fields says something.)
    const nothing = parts !== null && (Array.isArray(value) || merging.by === 'keys')
    if (path.length > 0 && !nothing) set.insert(path)
    return
  }
  for (const [step, part] of parts) {
    collect(part.value, part.field, [...path, step], set)
    // An item of a list is there even if nothing is said about it.
    if (merging.by === 'item-keys') set.insert([...path, step])
  }
}

export interface Comparison {
  readonly added: FieldSet
  readonly modified: FieldSet
  readonly removed: FieldSet
}

export function compare(before: JsonObject, after: JsonObject, type: Type): Comparison {
  const result = { added: new FieldSet(), modified: new FieldSet(), removed: new FieldSet() }
  compareValues(before, after, asField(type), [], result)
  return result
}

function compareValues(
  before: unknown,
  after: unknown,
  field: Definition | undefined,
  path: readonly string[],
  result: Comparison,
): void {
  if (before === after) return
  const merging = mergingOf(field)
  const old = before === undefined ? new Map() : partsOf(before, merging)
  const fresh = after === undefined ? new Map() : partsOf(after, merging)
  const leaf = old === null || fresh === null || (old.size === 0 && fresh.size === 0)
  if (!leaf)
    for (const step of new Set([...old.keys(), ...fresh.keys()])) {
      const part = fresh.get(step) ?? old.get(step)
      compareValues(old.get(step)?.value, fresh.get(step)?.value, part?.field, [...path, step], result)
    }
  if (before === undefined) result.added.insert(path)
  else if (after === undefined) result.removed.insert(path)
  else if (leaf && !sameJson(before, after)) result.modified.insert(path)
}

/** `applied` over `live`: leaves of the one replace those of the other, the rest stays. */
export function mergeOver(live: unknown, applied: unknown, field: Definition | undefined): unknown {
  if (applied === undefined) return live
  const merging = mergingOf(field)
  const old = live === undefined ? null : partsOf(live, merging)
  const fresh = partsOf(applied, merging)
  if (old === null || fresh === null) return applied
  const merged = new Map<string, unknown>()
  const put = (step: string): void => {
    const part = fresh.get(step) ?? old.get(step)
    if (!merged.has(step))
      merged.set(step, mergeOver(old.get(step)?.value, fresh.get(step)?.value, part?.field))
  }
  if (merging.by === 'fields' || merging.by === 'keys') {
    for (const step of [...old.keys(), ...fresh.keys()]) put(step)
    return Object.fromEntries([...merged].map(([step, value]) => [step.slice(2), value]))
  }
  // The applied order counts; what only the live list has keeps its place before what follows it.
  const waiting = [...fresh.keys()]
  for (const step of old.keys()) {
    if (!fresh.has(step)) put(step)
    else if (!merged.has(step))
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        put(next)
        if (next === step) break
      }
  }
  for (const step of waiting) put(step)
  return [...merged.values()]
}

/** The value without the members of `gone`; containers that this empties go too. */
export function without(value: unknown, gone: FieldSet, field: Definition | undefined): unknown {
  const merging = mergingOf(field)
  const parts = partsOf(value, merging)
  if (parts === null || gone.children.size === 0) return value
  const kept: [string, unknown][] = []
  for (const [step, part] of parts) {
    const below = gone.children.get(step)
    if (below?.member === true) continue
    const rest = below === undefined ? part.value : without(part.value, below, part.field)
    if (rest !== undefined) kept.push([step, rest])
  }
  if (kept.length === 0 && parts.size > 0) return undefined
  return merging.by === 'fields' || merging.by === 'keys'
    ? Object.fromEntries(kept.map(([step, item]) => [step.slice(2), item]))
    : kept.map(([, item]) => item)
}

/**
 * Who owns a struct, map or list and nothing in it owns all that has come into it: so the real server reads its
 * books before each write (structured-merge-diff, ReconcileFieldSetWithSchema).
 */
export function grown(set: FieldSet, value: unknown, field: Definition | undefined): FieldSet {
  const parts = value === undefined ? null : partsOf(value, mergingOf(field))
  if (parts === null || parts.size === 0) return set
  const result = new FieldSet()
  result.member = set.member
  if (set.member && set.children.size === 0) {
    collect(value, field, [], result)
    return result
  }
  for (const [step, child] of set.children) {
    const part = parts.get(step)
    result.children.set(step, part === undefined ? child : grown(child, part.value, part.field))
  }
  return result
}
