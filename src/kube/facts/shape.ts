import type { OwnerFacts } from '../../timeline/facts.ts'

/**
 * Lenient readers for JSON that came from an API server. A student's object may lack anything or hold it
 * in an odd form; each reader gives a plain default instead of throwing.
 */
export type Json = Readonly<Record<string, unknown>>

/** The object itself, or an empty one: so that paths can be followed without asking at each step. */
export const fields = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}

/** The value at a path of keys, undefined where the path ends early. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => fields(inner)[key], value)

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** A non-empty string, or null: Kubernetes writes '' and absence interchangeably. */
export const text = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null

export const texts = (value: unknown): readonly string[] =>
  list(value).filter((item): item is string => typeof item === 'string')

export const number = (value: unknown, fallback: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : fallback

export const stringMap = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fields(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )

/** What every recorded kind has. */
export interface MetadataFacts {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
}

/** null when it is no object one could speak of: without a name or a UID there is no life to follow. */
export const parseMetadata = (object: unknown): MetadataFacts | null => {
  const metadata = fields(at(object, 'metadata'))
  const name = text(metadata.name)
  const uid = text(metadata.uid)
  const resourceVersion = text(metadata.resourceVersion)
  if (name === null || uid === null || resourceVersion === null) return null
  return { namespace: text(metadata.namespace) ?? '', name, uid, resourceVersion }
}

export const createdAt = (object: unknown): string => text(at(object, 'metadata', 'creationTimestamp')) ?? ''

export const labels = (object: unknown): Readonly<Record<string, string>> =>
  stringMap(at(object, 'metadata', 'labels'))

export const deletionTimestamp = (object: unknown): string | null =>
  text(at(object, 'metadata', 'deletionTimestamp'))

const parseOwner = (reference: unknown): OwnerFacts => ({
  kind: text(at(reference, 'kind')) ?? '',
  name: text(at(reference, 'name')) ?? '',
  uid: text(at(reference, 'uid')) ?? '',
})

export const owners = (object: unknown): readonly OwnerFacts[] =>
  list(at(object, 'metadata', 'ownerReferences')).map(parseOwner)

/** The one owner with `controller: true`. */
export const controller = (object: unknown): OwnerFacts | null => {
  const reference = list(at(object, 'metadata', 'ownerReferences')).find(
    (owner) => at(owner, 'controller') === true,
  )
  return reference === undefined ? null : parseOwner(reference)
}
