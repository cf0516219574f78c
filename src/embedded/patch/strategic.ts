import { isObject, type JsonObject, sameJson } from '../object.ts'
import { type Definition, resolve, type Type } from '../schema/schema.ts'
import { badRequest } from '../status.ts'

const DELETE_FROM = '$deleteFromPrimitiveList/'
const ORDER = '$setElementOrder/'

/**
 * Strategic merge patch, the way kubectl writes: lists of objects are merged by their merge key, and directives
 * ($patch, $retainKeys, $setElementOrder/…, $deleteFromPrimitiveList/…) say the rest.
 */
export function strategicPatch(document: JsonObject, patch: JsonObject, type: Type): JsonObject {
  return mergeObject(document, patch, type)
}

function mergeObject(document: JsonObject, patch: JsonObject, type: Type): JsonObject {
  if (patch.$patch === 'replace') {
    const { $patch: _, ...rest } = patch
    return rest
  }
  if (patch.$patch === 'delete') return {}
  const result: Record<string, unknown> = { ...document }
  const retained = patch.$retainKeys
  if (Array.isArray(retained))
    for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key]

  for (const [key, value] of Object.entries(patch)) {
    if (key === '$patch' || key === '$retainKeys') continue
    if (key.startsWith(DELETE_FROM)) {
      const field = key.slice(DELETE_FROM.length)
      const gone = Array.isArray(value) ? value : []
      const list = result[field]
      if (Array.isArray(list)) result[field] = list.filter((item) => !gone.includes(item))
      continue
    }
    if (key.startsWith(ORDER)) continue
    if (value === null) delete result[key]
    else result[key] = mergeValue(result[key], value, fieldOf(type, key))
  }
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(ORDER) || !Array.isArray(order)) continue
    const field = key.slice(ORDER.length)
    const list = result[field]
    const old = document[field]
    if (Array.isArray(list))
      result[field] = inOrder(list, order, Array.isArray(old) ? old : [], fieldOf(type, field))
  }
  return result
}

const fieldOf = (type: Type, key: string): Definition | undefined =>
  type.definition.properties?.[key] ?? type.definition.additionalProperties

function mergeValue(old: unknown, value: unknown, field: Definition | undefined): unknown {
  if (isObject(value)) {
    // Deletions inside of what is not there yet must not stay as nulls.
    return mergeObject(isObject(old) ? old : {}, value, resolve(field))
  }
  if (!Array.isArray(value)) return value
  const strategy = field?.['x-kubernetes-patch-strategy'] ?? ''
  if (!strategy.split(',').includes('merge')) return value
  const key = field?.['x-kubernetes-patch-merge-key']
  const list = Array.isArray(old) ? old : []
  const plain = value.filter((item) => !(isObject(item) && item.$patch !== undefined))
  const merged =
    key === undefined
      ? [...list, ...value.filter((item) => !list.includes(item))]
      : mergeItems(list, value, key, resolve(field?.items))
  return inOrder(merged, plain, list, field)
}

function mergeItems(
  list: readonly unknown[],
  patch: readonly unknown[],
  key: string,
  type: Type,
): readonly unknown[] {
  if (patch.some((item) => isObject(item) && item.$patch === 'replace' && item[key] === undefined))
    return patch.filter((item) => !(isObject(item) && item.$patch !== undefined))
  const result = [...list]
  for (const item of patch) {
    if (!isObject(item)) throw badRequest(`expected an object with ${key} in the list`)
    const value = item[key]
    if (value === undefined)
      throw badRequest(`map: map[${Object.keys(item).join(' ')}] does not contain declared merge key: ${key}`)
    const at = result.findIndex((other) => isObject(other) && sameJson(other[key], value))
    if (item.$patch === 'delete') {
      if (at >= 0) result.splice(at, 1)
      continue
    }
    const old = at < 0 ? {} : (result[at] as JsonObject)
    const merged = mergeObject(old, item, type)
    if (at < 0) result.push(merged)
    else result[at] = merged
  }
  return result
}

/**
 * Items that the patch names come in its order; the others keep their place before those of the patch that stood
 * behind them.
 * @param order what the patch names @param before the list as it was
 */
function inOrder(
  list: readonly unknown[],
  order: readonly unknown[],
  before: readonly unknown[],
  field: Definition | undefined,
): readonly unknown[] {
  const key = field?.['x-kubernetes-patch-merge-key']
  const identity = (item: unknown): string =>
    JSON.stringify(key !== undefined && isObject(item) ? item[key] : item)
  const placeIn = (items: readonly unknown[]) => {
    const places = new Map(items.map((item, index) => [identity(item), index]))
    return (item: unknown): number => places.get(identity(item)) ?? -1
  }
  const [inPatch, inBefore] = [placeIn(order), placeIn(before)]
  const named = list.filter((item) => inPatch(item) >= 0).sort((a, b) => inPatch(a) - inPatch(b))
  const others = list.filter((item) => inPatch(item) < 0).sort((a, b) => inBefore(a) - inBefore(b))
  const result: unknown[] = []
  while (named.length > 0 && others.length > 0) {
    const [other, next] = [inBefore(others[0]), inBefore(named[0])]
    const otherFirst = other >= 0 && next >= 0 && other < next
    result.push((otherFirst ? others : named).shift())
  }
  return [...result, ...named, ...others]
}
