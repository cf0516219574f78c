import type { JsonObject } from '../object.ts'
import { SERVED } from '../registry/index.ts'
import { apiVersionOf, type Kind } from '../registry/kind.ts'
import { SERVER_VERSION } from '../version.ts'
import { type Definition, definitions } from './schema.ts'

const INFO = { title: 'Kubernetes', version: SERVER_VERSION.gitVersion }

/** /openapi/v2 in JSON: every definition, no paths. It is what sts-lab suggests field names from. */
export const openApiV2 = (): JsonObject => ({ swagger: '2.0', info: INFO, paths: {}, definitions })

const groupVersions = (): readonly string[] => [...new Set(SERVED.map(apiVersionOf))]
const pathOf = (groupVersion: string): string =>
  groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`

/** /openapi/v3: where the documents are, one for each group and version. */
export const openApiV3Index = (): JsonObject => ({
  paths: Object.fromEntries(
    groupVersions().map((groupVersion) => [
      pathOf(groupVersion),
      { serverRelativeURL: `/openapi/v3/${pathOf(groupVersion)}` },
    ]),
  ),
})

/** @param path as in the index, "apis/apps/v1"; null where there is no such document */
export function openApiV3(path: string): JsonObject | null {
  const groupVersion = groupVersions().find((known) => pathOf(known) === path)
  if (groupVersion === undefined) return null
  const kinds = SERVED.filter((kind) => apiVersionOf(kind) === groupVersion)
  const schemas: Record<string, unknown> = {}
  for (const { definition } of kinds) addSchema(definition, schemas)
  return {
    openapi: '3.0.0',
    info: INFO,
    paths: Object.fromEntries(kinds.map((kind) => [urlOf(kind, groupVersion), operationsOf(kind)])),
    components: { schemas },
  }
}

const urlOf = (kind: Kind, groupVersion: string): string =>
  `/${pathOf(groupVersion)}${kind.namespaced ? '/namespaces/{namespace}' : ''}/${kind.plural}/{name}`

/** kubectl looks for `fieldValidation` among them before it leaves the checking of fields to the server. */
export const WRITE_PARAMETERS: readonly string[] = ['dryRun', 'fieldManager', 'fieldValidation']

function operationsOf(kind: Kind): JsonObject {
  const gvk = { group: kind.group, version: kind.version, kind: kind.kind }
  const parameters = WRITE_PARAMETERS.map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string', uniqueItems: true },
  }))
  const operation = (action: string) => ({
    parameters,
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
  })
  return {
    get: { 'x-kubernetes-action': 'get', 'x-kubernetes-group-version-kind': gvk },
    put: operation('put'),
    patch: operation('patch'),
    delete: { 'x-kubernetes-action': 'delete', 'x-kubernetes-group-version-kind': gvk },
  }
}

const V2_REF = '#/definitions/'

/** A definition and all that it refers to, with references as version 3 writes them. */
function addSchema(name: string, schemas: Record<string, unknown>): void {
  if (name in schemas) return
  const definition = definitions[name]
  if (definition === undefined) return
  schemas[name] = null
  schemas[name] = converted(definition, schemas)
}

function converted(definition: Definition, schemas: Record<string, unknown>): JsonObject {
  const { $ref, properties, items, additionalProperties, ...rest } = definition
  if ($ref !== undefined) {
    const name = $ref.slice(V2_REF.length)
    addSchema(name, schemas)
    const reference = { $ref: `#/components/schemas/${name}` }
    // A reference with a description of its own is wrapped, as the real server does it.
    return Object.keys(rest).length === 0
      ? reference
      : { ...rest, default: rest.default ?? {}, allOf: [reference] }
  }
  return {
    ...rest,
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, value]) => [key, converted(value, schemas)]),
          ),
        }),
    ...(items === undefined ? {} : { items: converted(items, schemas) }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: converted(additionalProperties, schemas) }),
  }
}
