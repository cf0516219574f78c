import type { ApiObject, Mutable } from '../object.ts'
import type { Named } from '../status.ts'
import type { Table } from '../tables/table.ts'
import type { FieldError } from '../validate/field-error.ts'
import type { Format } from '../validate/formats.ts'

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch'

/** What is reached as /…/NAME/subresource. */
export interface Subresource {
  readonly name: string
  readonly verbs: readonly Verb[]
  /** Of the object that goes over the wire; the parent's own where it is left out. */
  readonly kind?: string
  readonly group?: string
  readonly version?: string
}

/** What a kind's own rules may ask of the cluster around them. */
export interface RuleContext {
  /** RFC 3339, whole seconds. */
  readonly now: string
  /** Objects of another resource, by its plural name. */
  list(resource: string): readonly ApiObject[]
}

/** A kind of object: all that the API does differently for it. */
export interface Kind extends Named {
  readonly version: string
  readonly singular: string
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly namespaced: boolean
  /** Full name of its schema. */
  readonly definition: string
  readonly verbs: readonly Verb[]
  readonly subresources: readonly Subresource[]
  readonly table: Table
  readonly nameFormat: Format
  /** Status is written through its subresource only. */
  readonly hasStatus: boolean
  /** metadata.generation counts the changes of the spec. */
  readonly hasGeneration: boolean
  /** Known by its name only: nothing of it can be made. */
  readonly isAbsent?: true
  /** Where the objects lie, when another kind shows the same ones (events of two groups). */
  readonly storedAs?: {
    readonly resource: string
    toStored(object: ApiObject): ApiObject
    fromStored(object: ApiObject): ApiObject
  }
  /** Values of the fields that a field selector may name, besides the name and the namespace. */
  readonly fields?: (object: ApiObject) => Readonly<Record<string, string>>
  /** Fills in what the real server fills in, on create and on update. */
  readonly defaults?: (object: Mutable<ApiObject>) => void
  /** On create only, after the defaults: what admission and allocation add. May throw a StatusError. */
  readonly prepareCreate?: (object: Mutable<ApiObject>, context: RuleContext) => void
  /** On update, before validation: what the server carries over. May throw a StatusError. */
  readonly prepareUpdate?: (object: Mutable<ApiObject>, old: ApiObject, context: RuleContext) => void
  readonly validate?: (object: ApiObject) => readonly FieldError[]
  readonly validateUpdate?: (object: ApiObject, old: ApiObject) => readonly FieldError[]
  /** Seconds between a delete and the object's going; 0 or left out: at once. */
  readonly gracePeriod?: (object: ApiObject, asked: number | undefined) => number
}

export const apiVersionOf = ({ group, version }: { group: string; version: string }): string =>
  group === '' ? version : `${group}/${version}`

export const EVERY_VERB: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
]
export const STATUS: Subresource = { name: 'status', verbs: ['get', 'patch', 'update'] }
export const SCALE: Subresource = {
  name: 'scale',
  verbs: ['get', 'patch', 'update'],
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
}
