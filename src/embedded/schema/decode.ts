import { copyOf, isObject } from '../object.ts'
import { badRequest } from '../status.ts'
import { canonicalQuantity, QUANTITY_RULE, quantityValue } from '../validate/quantity.ts'
import { type Definition, INT_OR_STRING, QUANTITY, resolve, shortName, type Type } from './schema.ts'

export interface Decoded {
  readonly value: Record<string, unknown>
  /** `unknown field "spec.replicass"`, in the order found. What they name is not in `value`. */
  readonly strays: readonly string[]
}

/** A value of the wrong kind; worded as Go's JSON decoder does. */
export class Undecodable extends Error {}

/**
 * What the real server makes of a JSON body: fields of the wrong type are refused, unknown ones are left out
 * and reported, nulls, empty lists and empty maps are as good as absent, quantities are written in their canonical form.
 * @param options.asWritten for what is only part of an object: there an empty list says something, and 1024Mi is not 1Gi
 * @throws Undecodable
 */
export function decode(body: unknown, type: Type, options: { readonly asWritten?: boolean } = {}): Decoded {
  const strays: string[] = []
  const value = decodeObject(body, type, {
    path: '',
    goPath: '',
    strays,
    asWritten: options.asWritten ?? false,
  })
  return { value: isObject(value) ? { ...value } : {}, strays }
}

const POD_CONDITION = 'io.k8s.api.core.v1.PodCondition'

interface Place {
  /** With indices, as unknown fields are reported. */
  readonly path: string
  /** Struct.field.field, as Go reports types. */
  readonly goPath: string
  readonly strays: string[]
  readonly asWritten: boolean
}

function decodeObject(value: unknown, type: Type, place: Place): unknown {
  if (!isObject(value)) throw mismatch(value, shortName(type.name) || 'map[string]interface {}', place)
  const result: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    const { properties = {} } = type.definition
    const field = Object.hasOwn(properties, key) ? properties[key] : undefined
    const path = place.path === '' ? key : `${place.path}.${key}`
    if (field === undefined) {
      place.strays.push(`unknown field "${path}"`)
      continue
    }
    if (item === null) continue
    const inner = place.goPath.slice(place.goPath.indexOf('.') + 1)
    const keys = place.goPath === '' ? key : `${inner}.${key}`
    const decoded = decodeValue(item, field, {
      ...place,
      path,
      goPath: `${shortName(type.name)}.${keys}`,
    })
    if (place.asWritten || !isLeftOut(decoded, field)) result[key] = decoded
  }
  if (!place.asWritten) {
    addZeros(result, type.definition)
    // A time that is no pointer is written where it is not known, too.
    if (type.name === POD_CONDITION) result.lastProbeTime ??= null
  }
  return result
}

/** Go has no way to leave out what must be there: a missing name is an empty one. */
function addZeros(result: Record<string, unknown>, { required = [], properties = {} }: Definition): void {
  for (const key of required) {
    const { type, format } = properties[key] ?? {}
    if (result[key] !== undefined) continue
    if (type === 'string' && format === undefined) result[key] = ''
    if (type === 'integer') result[key] = 0
  }
}

/** Go leaves empty lists and maps out when it writes an object; empty structs stay. */
function isLeftOut(value: unknown, field: Definition): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (field.additionalProperties === undefined || !isObject(value)) return false
  return Object.keys(value).length === 0
}

function decodeValue(value: unknown, field: Definition, place: Place): unknown {
  const type = resolve(field)
  const { definition } = type
  if (type.name === QUANTITY) return quantity(value, place)
  if (type.name === INT_OR_STRING) {
    if (typeof value === 'string' || Number.isInteger(value)) return value
    throw mismatch(value, 'intstr.IntOrString', place)
  }
  if (definition['x-kubernetes-preserve-unknown-fields'] === true) return copyOf(value)
  switch (definition.type) {
    case 'array': {
      if (!Array.isArray(value)) throw mismatch(value, goType(definition), place)
      return value.map((item, index) =>
        decodeValue(item, definition.items ?? {}, { ...place, path: `${place.path}[${index}]` }),
      )
    }
    case 'object':
      if (definition.properties !== undefined) return decodeObject(value, type, place)
      if (definition.additionalProperties === undefined) return copyOf(value)
      return decodeMap(value, definition, place)
    case 'string':
      if (typeof value !== 'string') throw mismatch(value, 'string', place)
      return value
    case 'boolean':
      if (typeof value !== 'boolean') throw mismatch(value, 'bool', place)
      return value
    case 'integer':
      if (typeof value !== 'number' || !Number.isInteger(value))
        throw mismatch(value, goType(definition), place)
      return value
    case 'number':
      if (typeof value !== 'number') throw mismatch(value, 'float64', place)
      return value
    default:
      return value
  }
}

function decodeMap(value: unknown, definition: Definition, place: Place): unknown {
  if (!isObject(value)) throw mismatch(value, goType(definition), place)
  const result: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__') continue
    // A null in a map of strings is the empty string: so does Go.
    const empty = definition.additionalProperties?.type === 'string' ? '' : undefined
    const decoded =
      item === null
        ? empty
        : decodeValue(item, definition.additionalProperties ?? {}, { ...place, path: `${place.path}.${key}` })
    if (decoded !== undefined) result[key] = decoded
  }
  return result
}

function quantity(value: unknown, place: Place): string {
  if (typeof value !== 'string' && typeof value !== 'number')
    throw mismatch(value, 'resource.Quantity', place)
  if (quantityValue(String(value)) === null) throw new Undecodable(QUANTITY_RULE)
  return place.asWritten ? String(value) : canonicalQuantity(value)
}

const goType = (definition: Definition): string => {
  const type = resolve(definition)
  if (type.name === QUANTITY) return 'resource.Quantity'
  if (type.name !== '') return shortName(type.name)
  switch (type.definition.type) {
    case 'integer':
      return type.definition.format ?? 'int64'
    case 'boolean':
      return 'bool'
    case 'array': {
      const item = resolve(type.definition.items)
      const version = item.name === '' ? '' : 'v1.'
      return `[]${version}${goType(type.definition.items ?? {})}`
    }
    case 'object':
      return `map[string]${goType(type.definition.additionalProperties ?? { type: 'string' })}`
    default:
      return type.definition.type ?? 'interface {}'
  }
}

const mismatch = (value: unknown, wanted: string, place: Place): Undecodable =>
  new Undecodable(
    place.goPath === ''
      ? `json: cannot unmarshal ${jsonKind(value)} into Go value of type ${wanted}`
      : `json: cannot unmarshal ${jsonKind(value)} into Go struct field ${place.goPath} of type ${wanted}`,
  )

export const jsonKind = (value: unknown): string => {
  if (Array.isArray(value)) return 'array'
  switch (typeof value) {
    case 'boolean':
      return 'bool'
    case 'object':
      return 'object'
    case 'number':
      return Number.isInteger(value) ? 'number' : `number ${value}`
    default:
      return typeof value
  }
}

/** The 400 for a body that cannot become an object of a kind. */
export const undecodable = (kind: string, version: string, why: string) =>
  badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`)
