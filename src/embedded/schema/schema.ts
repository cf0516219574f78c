import kubernetes from './kubernetes.json' with { type: 'json' }

/** A type of the API, in the words of OpenAPI. */
export interface Definition {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly description?: string
  readonly default?: unknown
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Definition>>
  readonly additionalProperties?: Definition
  readonly items?: Definition
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-list-type'?: 'map' | 'set' | 'atomic'
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular'
  readonly 'x-kubernetes-patch-merge-key'?: string
  readonly 'x-kubernetes-patch-strategy'?: string
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string
    readonly version: string
    readonly kind: string
  }[]
}

/** All definitions, by their full names. */
export const definitions = kubernetes as unknown as Readonly<Record<string, Definition>>

const REF = '#/definitions/'
export const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity'
export const INT_OR_STRING = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString'

/** A definition with the name it is known by, if it has one. */
export interface Type {
  readonly name: string
  readonly definition: Definition
}

const OPEN: Type = { name: '', definition: { 'x-kubernetes-preserve-unknown-fields': true } }

export function typeNamed(name: string): Type {
  return { name, definition: definitions[name] ?? OPEN.definition }
}

/** Follows a reference. */
export function resolve(definition: Definition | undefined): Type {
  if (definition === undefined) return OPEN
  if (definition.$ref === undefined) return { name: '', definition }
  return typeNamed(definition.$ref.slice(REF.length))
}

/** The last part of a definition's name: "StatefulSetSpec". */
export const shortName = (name: string): string => name.slice(name.lastIndexOf('.') + 1)

/** How the values of a field are merged: what server-side apply and strategic merge patches ask. */
export type Merging =
  | { readonly by: 'fields'; readonly type: Type }
  | { readonly by: 'keys'; readonly value: Definition | undefined }
  | { readonly by: 'item-keys'; readonly keys: readonly string[]; readonly item: Type }
  | { readonly by: 'values' }
  | { readonly by: 'nothing' }

/** Struct types that are one value: a selector of another workload is another selector. */
const ATOMIC_TYPES = new Set([
  'LabelSelector',
  'NodeSelector',
  'NodeSelectorTerm',
  'ObjectReference',
  'LocalObjectReference',
  'TypedLocalObjectReference',
  'SecretReference',
  'SecretKeySelector',
  'ConfigMapKeySelector',
  'ObjectFieldSelector',
  'ResourceFieldSelector',
  'OwnerReference',
])

/** @param field as its parent declares it: list keys stand there, not in the type it refers to */
export function mergingOf(field: Definition | undefined): Merging {
  const type = resolve(field)
  const { definition } = type
  if (definition.type === 'array') {
    const listType = definition['x-kubernetes-list-type']
    if (listType === 'map')
      return {
        by: 'item-keys',
        keys: definition['x-kubernetes-list-map-keys'] ?? [],
        item: resolve(definition.items),
      }
    return { by: listType === 'set' ? 'values' : 'nothing' }
  }
  if (definition.properties !== undefined)
    return ATOMIC_TYPES.has(shortName(type.name)) ? { by: 'nothing' } : { by: 'fields', type }
  if (definition.additionalProperties !== undefined) {
    // The node selector of a pod is one value; labels, annotations, data and quantities are many.
    const atomic = definition['x-kubernetes-map-type'] === 'atomic'
    return atomic ? { by: 'nothing' } : { by: 'keys', value: definition.additionalProperties }
  }
  return { by: 'nothing' }
}
