import { type Document, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml'
import { KUBECTL_YAML } from '../kubectl-yaml.ts'
import type { Path } from '../lab-text.ts'
import { didYouMean, nearest, thereIsNo } from '../nearest.ts'
import type { LabProblem } from '../problem.ts'
import { FIELDS, type Fields, KINDS } from './kubernetes-fields.ts'

/** A manifest file of a lab: `shown` as one would type it. */
export interface ManifestFile {
  readonly shown: string
  readonly text: string
}

/** What is wrong with a manifest: that it is YAML, of objects that there are, in the lab's namespace, field by field. */
export function lintManifest({ shown, text }: ManifestFile, namespace: string): LabProblem[] {
  const counter = new LineCounter()
  const lines = text.split('\n')
  const problems: LabProblem[] = []
  const at = (offset: number, message: string): void => {
    const { line, col: column } = counter.linePos(offset)
    problems.push({ file: shown, line, column, message, text: (lines[line - 1] ?? '').replace(/\r$/, '') })
  }
  const parsed = parseAllDocuments(text, { ...KUBECTL_YAML, lineCounter: counter, prettyErrors: false })
  const documents: readonly Document[] = Array.isArray(parsed) ? parsed : []
  let objects = 0
  for (const document of documents) {
    for (const error of document.errors.slice(0, 1)) at(error.pos[0], `not valid YAML: ${error.message}`)
    if (document.errors.length > 0 || isEmpty(document)) continue
    objects++
    lintObject(document.toJS(), namespace, (path, message) => at(offsetOf(document, path), message))
  }
  if (objects === 0 && problems.length === 0) at(0, 'there is no object in this file')
  return problems
}

type At = (path: Path, message: string) => void

function lintObject(object: unknown, namespace: string, at: At): void {
  const { apiVersion, kind, metadata } = record(object)
  const { name, namespace: own } = record(metadata)
  for (const [key, value] of Object.entries({ apiVersion, kind }))
    if (typeof value !== 'string') at([], `"${key}" is missing`)
  if (typeof name !== 'string') at(['metadata'], '"metadata.name" is missing')
  if (typeof kind !== 'string' || typeof apiVersion !== 'string') return
  const known = KINDS[kind]
  if (known === undefined) {
    const kinds = Object.keys(KINDS)
    if (nearest(kind, kinds) !== null) at(['kind'], thereIsNo('kind', kind, kinds))
    return
  }
  if (known.apiVersion !== apiVersion) at(['apiVersion'], `a ${kind} has the apiVersion ${known.apiVersion}`)
  if (kind === 'Namespace') {
    if (name !== namespace) at(['metadata', 'name'], `the lab's namespace is ${namespace}`)
  } else if (known.namespaced && own !== namespace)
    at(
      own === undefined ? ['metadata'] : ['metadata', 'namespace'],
      `"metadata.namespace" has to be the lab's: ${namespace}`,
    )
  const fields = FIELDS[kind]
  if (fields !== undefined) lintFields(object, fields, [], at)
}

/** Keys that Kubernetes does not know, where the fields are known to us. */
function lintFields(value: unknown, fields: Fields, path: Path, at: At): void {
  if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) lintFields(inner, fields, [...path, index], at)
    return
  }
  for (const [key, inner] of Object.entries(record(value))) {
    const below = fields[key]
    if (below === undefined)
      at([...path, key], `unknown field "${key}"${didYouMean(key, Object.keys(fields))}`)
    else if (below !== 'any') lintFields(inner, below, [...path, key], at)
  }
}

const isEmpty = ({ contents }: Document): boolean =>
  contents === null || (isScalar(contents) && contents.value === null)

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

/** Where the key (or list item) at a path begins; of what is not there, what is around it. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const step of path) {
    let next: unknown = null
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      offset = startOf(pair?.key) ?? offset
      next = pair?.value ?? null
    } else if (isSeq(node)) {
      next = node.items[Number(step)] ?? null
      offset = startOf(next) ?? offset
    }
    node = next
  }
  return offset
}

const startOf = (node: unknown): number | null =>
  (node as { range?: readonly number[] | null } | null | undefined)?.range?.[0] ?? null
