import { type ApiObject, copyOf, isObject, type JsonObject, type Mutable, sameJson } from '../object.ts'
import { apiVersionOf, type Kind } from '../registry/kind.ts'
import { decode, Undecodable, undecodable } from '../schema/decode.ts'
import { typeNamed } from '../schema/schema.ts'
import { badRequest, notKept, type StatusError } from '../status.ts'
import { type FieldError, invalidObject } from '../validate/field-error.ts'
import { validateMetadata, validateMetadataUpdate } from '../validate/metadata.ts'

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict'

/** A body as an object of a kind, ready to be changed. @throws StatusError 400 */
export function readObject(
  body: unknown,
  kind: Kind,
  namespace: string | undefined,
  validation: FieldValidation,
  warn: (text: string) => void,
): Mutable<ApiObject> {
  if (kind.isAbsent === true) throw notKept(kind)
  if (!isObject(body)) throw badRequest('the body of the request is no JSON object')
  const apiVersion = apiVersionOf(kind)
  if (body.kind !== undefined && body.kind !== '' && body.kind !== kind.kind)
    throw badRequest(
      `${String(body.kind)} in version "${kind.version}" cannot be handled as a ${kind.kind}: converting (v1.${String(body.kind)}) to (${kind.group === '' ? 'core' : kind.group.split('.')[0]}.${kind.kind}): unknown conversion`,
    )
  if (body.apiVersion !== undefined && body.apiVersion !== '' && body.apiVersion !== apiVersion)
    throw badRequest(
      `the API version in the data (${String(body.apiVersion)}) does not match the expected API version (${apiVersion})`,
    )
  const { value, strays } = decoded(body, kind)
  if (strays.length > 0 && validation === 'Strict')
    throw undecodable(kind.kind, kind.version, `strict decoding error: ${strays.join(', ')}`)
  if (validation === 'Warn') for (const stray of strays) warn(stray)
  // What decode returns is new, all of it.
  const object = { ...value, apiVersion, kind: kind.kind } as unknown as Mutable<ApiObject>
  object.metadata ??= { name: '' }
  object.metadata.name ??= ''
  if (!kind.namespaced) delete object.metadata.namespace
  else if (namespace !== undefined) {
    const own = object.metadata.namespace ?? ''
    if (own !== '' && own !== namespace)
      throw badRequest(
        'the namespace of the provided object does not match the namespace sent on the request',
      )
    object.metadata.namespace = namespace
  }
  return object
}

function decoded(body: JsonObject, kind: Kind) {
  try {
    return decode(body, typeNamed(kind.definition))
  } catch (error) {
    if (error instanceof Undecodable) throw undecodable(kind.kind, kind.version, error.message)
    throw error
  }
}

/** Refuses what the kind's rules do not allow. @throws StatusError 422 */
export function checkObject(object: ApiObject, old: ApiObject | null, kind: Kind): void {
  const errors: FieldError[] = [...validateMetadata(object, kind)]
  if (old === null) errors.push(...(kind.validate?.(object) ?? []))
  else {
    errors.push(
      ...(kind.validate?.(object) ?? []),
      ...validateMetadataUpdate(object, old),
      ...(kind.validateUpdate?.(object, old) ?? []),
    )
  }
  if (errors.length > 0) throw invalidObject(kind, object.metadata.name, errors)
}

/** What of an update's body does not count: the other half of the object, and what only the server writes. */
export function keepServerFields(
  object: Mutable<ApiObject>,
  old: ApiObject,
  kind: Kind,
  subresource: string | undefined,
): void {
  const { metadata } = object
  for (const key of [
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ] as const) {
    if (old.metadata[key] === undefined) delete metadata[key]
    else Object.assign(metadata, { [key]: old.metadata[key] })
  }
  if (old.metadata.generation === undefined) delete metadata.generation
  else metadata.generation = old.metadata.generation
  // A binding writes the node and says in the status that it has.
  if (!kind.hasStatus || subresource === 'binding') return
  if (subresource === 'status') {
    // Labels and annotations may be written with the status; the desired state may not.
    for (const key of Object.keys(object)) if (key !== 'status' && key !== 'metadata') delete object[key]
    for (const key of Object.keys(old))
      if (key !== 'status' && key !== 'metadata') object[key] = copyOf(old[key])
  } else if (old.status === undefined) delete object.status
  else object.status = copyOf(old.status)
}

/** Counts a change of the desired state. */
export function countGeneration(object: Mutable<ApiObject>, old: ApiObject | null, kind: Kind): void {
  if (!kind.hasGeneration) return
  if (old === null) object.metadata.generation = 1
  else if (!sameJson(desired(object as ApiObject), desired(old)))
    object.metadata.generation = (old.metadata.generation ?? 0) + 1
}

const desired = ({ metadata: _, status: __, ...rest }: ApiObject): JsonObject => rest

/** The same object, but for the times at which fields were last written. */
export function isUnchanged(object: ApiObject, old: ApiObject): boolean {
  const timeless = ({ metadata, ...rest }: ApiObject) => {
    const { managedFields = [], resourceVersion: _, ...meta } = metadata
    return { ...rest, meta, managed: managedFields.map(({ time: __, ...entry }) => entry) }
  }
  return sameJson(timeless(object), timeless(old))
}

const SUFFIX = 'bcdfghjklmnpqrstvwxz2456789'

/** "web-" → "web-x7k2p". */
export const generatedName = (prefix: string, random: () => number): string =>
  prefix.slice(0, 58) + Array.from({ length: 5 }, () => SUFFIX[Math.floor(random() * SUFFIX.length)]).join('')

const withVersionOf = (object: ApiObject, { metadata }: ApiObject): ApiObject => {
  const { resourceVersion } = metadata
  return resourceVersion === undefined
    ? object
    : { ...object, metadata: { ...object.metadata, resourceVersion } }
}

/** What a dry run answers: the object as it would be, at the version of the one that stays. */
export const unwritten = (object: ApiObject, old: ApiObject | null): ApiObject =>
  old === null ? object : withVersionOf(object, old)

/** The object with its bookkeeping. */
export const withManaged = (
  object: ApiObject,
  managedFields: ApiObject['metadata']['managedFields'],
): ApiObject => ({
  ...object,
  metadata: { ...object.metadata, ...(managedFields === undefined ? {} : { managedFields }) },
})

export const withoutVersion = (object: ApiObject): ApiObject => {
  const copy = copyOf(object)
  delete copy.metadata.resourceVersion
  return copy as ApiObject
}

export const nameChanged = (kind: Kind, name: string, other: string): StatusError =>
  badRequest(
    `the name of the object (${other}) does not match the name on the URL (${name}) of the ${kind.kind}`,
  )
