import { KINDS } from '../registry/index.ts'
import type { Kind } from '../registry/kind.ts'
import { SERVER_VERSION } from '../version.ts'
import { WRITE_PARAMETERS } from './openapi.ts'
import { type Definition, definitions } from './schema.ts'

// openapi.v2.Document of the gnostic project, as kubectl before 1.29 wants it and no other way: field numbers are
// those of its OpenAPIv2.proto, found again in what a real server sends.

let document: Buffer | null = null

/** /openapi/v2 in protobuf. Made once: it is the same for every cluster. */
export function openApiV2Protobuf(): Buffer {
  document ??= Buffer.concat([
    text(1, '2.0'),
    message(2, text(1, 'Kubernetes'), text(2, SERVER_VERSION.gitVersion)),
    message(
      8,
      ...KINDS.map((kind) => message(2, text(1, urlOf(kind)), message(2, message(8, ...patchOf(kind))))),
    ),
    message(9, ...Object.entries(definitions).map(([name, value]) => named(1, name, schema(value)))),
  ])
  return document
}

const urlOf = ({ group, version, plural, namespaced }: Kind): string =>
  `/${group === '' ? 'api' : `apis/${group}`}/${version}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}/{name}`

/** Only what kubectl looks for: the parameters by which the server itself checks fields. */
function patchOf({ group, version, kind }: Kind): readonly Buffer[] {
  const parameters = WRITE_PARAMETERS.map((name) =>
    // Parameter, of no body, in the query.
    message(8, message(1, message(2, message(3, text(2, 'query'), text(4, name), text(6, 'string'))))),
  )
  return [...parameters, extension(13, 'x-kubernetes-group-version-kind', { group, kind, version })]
}

const EXTENSIONS = [
  'x-kubernetes-group-version-kind',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
  'x-kubernetes-patch-merge-key',
  'x-kubernetes-patch-strategy',
  'x-kubernetes-preserve-unknown-fields',
] as const

function schema(definition: Definition): readonly Buffer[] {
  const { $ref, format, description, required, additionalProperties, type, items, properties } = definition
  return [
    ...($ref === undefined ? [] : [text(1, $ref)]),
    ...(format === undefined ? [] : [text(2, format)]),
    ...(description === undefined ? [] : [text(4, description)]),
    ...(required ?? []).map((name) => text(19, name)),
    ...(additionalProperties === undefined ? [] : [message(21, message(1, ...schema(additionalProperties)))]),
    ...(type === undefined ? [] : [message(22, text(1, type))]),
    ...(items === undefined ? [] : [message(23, message(1, ...schema(items)))]),
    ...(properties === undefined
      ? []
      : [message(25, ...Object.entries(properties).map(([name, value]) => named(1, name, schema(value))))]),
    ...EXTENSIONS.filter((name) => definition[name] !== undefined).map((name) =>
      extension(31, name, definition[name]),
    ),
  ]
}

const named = (number: number, name: string, value: readonly Buffer[]): Buffer =>
  message(number, text(1, name), message(2, ...value))

/** Extensions are YAML inside; JSON is that too. */
const extension = (number: number, name: string, value: unknown): Buffer =>
  message(number, text(1, name), message(2, text(2, `${JSON.stringify(value)}\n`)))

const text = (number: number, value: string): Buffer => message(number, Buffer.from(value))

function message(number: number, ...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([varint(number * 8 + 2), varint(length), ...parts])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80)
  return Buffer.from([...bytes, rest])
}
