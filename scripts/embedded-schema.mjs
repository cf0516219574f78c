// `node scripts/embedded-schema.mjs`: writes src/embedded/schema/kubernetes.json, the shapes of the objects that the
// embedded cluster knows, from the models of @kubernetes/client-node and from what those leave out (schema-facts.mjs).
import { readFileSync, writeFileSync } from 'node:fs'
import { ALWAYS_META, DEFAULTS, LISTS, QUANTITIES, ROOTS } from './embedded-schema-facts.mjs'

/** What the models leave out: descriptions of fields whose type has a name. From a Kubernetes's own OpenAPI. */
const DOCS = JSON.parse(readFileSync('scripts/embedded-schema-docs.json', 'utf8'))
const MODELS = 'node_modules/@kubernetes/client-node/dist/gen/models'
const TARGET = 'src/embedded/schema/kubernetes.json'
const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity'
const INT_OR_STRING = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString'
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1'

/** Model name → definition name; filled as types are reached, the first group wins. */
const named = new Map(ALWAYS_META.map((model) => [model, `${META}.${bare(model)}`]))
const definitions = {
  [QUANTITY]: { description: 'A number with a unit, as in 100m, 64Mi or 1Gi.', type: 'string' },
  [INT_OR_STRING]: {
    description: 'A number, or a string such as a name or a percentage.',
    type: 'string',
    format: 'int-or-string',
  },
}

function bare(model) {
  return model.replace(/^(?:Core|Events|Discovery)?V1(?=[A-Z])/, '')
}

function nameOf(model, group) {
  const known = named.get(model)
  if (known !== undefined) return known
  const name = `io.k8s.api.${group}.v1.${bare(model)}`
  named.set(model, name)
  return name
}

function define(model, group, gvk) {
  const name = nameOf(model, group)
  if (definitions[name] !== undefined) return name
  const types = readFileSync(`${MODELS}/${model}.d.ts`, 'utf8')
  const code = readFileSync(`${MODELS}/${model}.js`, 'utf8')
  const attributes = JSON.parse(/attributeTypeMap = (\[[\s\S]*?\n\]);/.exec(code)?.[1] ?? '[]')
  const definition = { description: docBefore(types, `export declare class ${model} `), type: 'object' }
  // Before its parts: types contain themselves (JSONSchemaProps).
  definitions[name] = definition
  const required = []
  const properties = {}
  for (const { baseName, type, format } of attributes) {
    const declared = new RegExp(`^ {4}'${baseName.replace(/[$]/g, '\\$')}'(\\??):`, 'm').exec(types)
    if (declared?.[1] === '') required.push(baseName)
    properties[baseName] = {
      ...described(docBefore(types, `    '${baseName}'`) || (DOCS[`${bare(model)}.${baseName}`] ?? '')),
      ...shape(type, format, group, baseName),
      ...(LISTS[`${bare(model)}.${baseName}`] ?? {}),
      ...(DEFAULTS[`${bare(model)}.${baseName}`] ?? {}),
    }
  }
  if (required.length > 0) definition.required = required
  if (attributes.length > 0) definition.properties = properties
  if (gvk !== undefined) definition['x-kubernetes-group-version-kind'] = [gvk]
  return name
}

const described = (text) => (text === '' ? {} : { description: text })

function shape(type, format, group, property) {
  const array = /^(?:Array|Set)<(.*)>$/.exec(type)
  if (array) return { type: 'array', items: shape(array[1], format, group, property) }
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)
  if (map) return { type: 'object', additionalProperties: shape(map[1], format, group, property) }
  if (QUANTITIES.has(property) && type === 'string') return reference(QUANTITY)
  switch (type) {
    case 'string':
      return format === '' || format === undefined ? { type } : { type, format }
    case 'boolean':
      return { type }
    case 'number':
      return format.startsWith('int') ? { type: 'integer', format } : { type, format: 'double' }
    case 'Date':
    case 'V1MicroTime':
      return { type: 'string', format: 'date-time' }
    case 'IntOrString':
      return reference(INT_OR_STRING)
    case 'any':
      return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
    default:
      return reference(define(type, group))
  }
}

const reference = (name) => ({ $ref: `#/definitions/${name}` })

/** The doc comment that stands right before a line, on one line. */
function docBefore(source, line) {
  const at = source.indexOf(`\n${line}`)
  const before = at < 0 ? '' : source.slice(0, at)
  if (!before.endsWith('*/')) return ''
  return before
    .slice(before.lastIndexOf('/**') + 3, -2)
    .replace(/^\s*\* ?/gm, '')
    .replace(/\\(['"])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
}

for (const [model, group, gvk] of ROOTS) define(model, group, gvk)
const sorted = Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(TARGET, `${JSON.stringify(sorted)}\n`)
process.stderr.write(`${TARGET}: ${Object.keys(sorted).length} definitions\n`)
