import type { Document, Node } from 'yaml'
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml'
import { usageError } from '../errors.ts'
import { KUBECTL_YAML } from '../lab/kubectl-yaml.ts'
import type { KubeObject, ManifestDocument } from '../ports.ts'

type Path = readonly (string | number)[]

/**
 * Reads a manifest of one or more YAML documents as kubectl reads it: YAML 1.1 (`0644` is 420, `yes` is
 * true), without dates. Empty documents are skipped, `kind: List` is unpacked.
 * @param file its name, for messages and `source.file`
 * @throws LabError bad-yaml (usage) that names every fault with its line
 */
export function parseManifest(source: string, file: string): readonly ManifestDocument[] {
  const counter = new LineCounter()
  const lines = source.split(/\r?\n/)
  const parsed = parseAllDocuments(source, {
    ...KUBECTL_YAML,
    lineCounter: counter,
    prettyErrors: false,
  })
  const documents: readonly Document[] = Array.isArray(parsed) ? parsed : []
  const faults: string[] = []
  const found: ManifestDocument[] = []

  const fault = (offset: number, message: string): void => {
    const { line, col } = counter.linePos(offset)
    faults.push(`${file}:${line}:${col}: ${message}\n    ${printable(lines[line - 1] ?? '').trim()}`)
  }
  const take = (document: Document, whole: unknown, prefix: Path): void => {
    const value = valueAt(whole, prefix)
    const offset = offsetOf(document, prefix) ?? 0
    const list = listItems(value)
    if (list !== null) {
      for (const index of list.keys()) take(document, whole, [...prefix, 'items', index])
      return
    }
    const wrong = whatIsMissing(value)
    if (wrong !== null) {
      fault(offset, wrong)
      return
    }
    found.push({
      // whatIsMissing has looked at all that KubeObject promises.
      object: value as KubeObject,
      source: {
        file,
        line: counter.linePos(offset).line,
        position(path) {
          const at = offsetOf(document, [...prefix, ...path])
          if (at === null) return null
          const { line, col } = counter.linePos(at)
          return { line, column: col }
        },
        lineText: (line) => lines[line - 1] ?? null,
      },
    })
  }

  for (const document of documents) {
    let lastLine = 0
    for (const error of document.errors) {
      const { line } = counter.linePos(error.pos[0])
      // One slip often breaks several rules of YAML: the first says enough.
      if (line !== lastLine) fault(error.pos[0], error.message)
      lastLine = line
    }
    const empty =
      document.contents === null || (isScalar(document.contents) && document.contents.value === null)
    if (document.errors.length > 0 || empty) continue
    let value: unknown
    try {
      value = document.toJS()
    } catch (error) {
      // An alias without its anchor, or aliases that multiply without end.
      fault(startOf(document.contents) ?? 0, error instanceof Error ? error.message : String(error))
      continue
    }
    take(document, value, [])
  }
  if (faults.length > 0) {
    throw usageError(
      'bad-yaml',
      faults.join('\n'),
      `correct ${file}, then check it: kubectl apply --dry-run=client -f ${file}`,
    )
  }
  return found
}

function listItems(value: unknown): readonly unknown[] | null {
  const { kind, items } = record(value)
  return kind === 'List' && Array.isArray(items) ? items : null
}

function whatIsMissing(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'a Kubernetes object was expected (apiVersion, kind, metadata …)'
  }
  const { apiVersion, kind, metadata } = record(value)
  const { name, namespace, labels, annotations } = record(metadata)
  const missing = [
    ...(isName(apiVersion) ? [] : ['apiVersion']),
    ...(isName(kind) ? [] : ['kind']),
    ...(isName(name) ? [] : ['metadata.name']),
  ]
  if (missing.length > 0)
    return `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing, or not text`
  if (namespace !== undefined && namespace !== null && !isName(namespace))
    return 'metadata.namespace must be text'
  for (const [key, map] of [
    ['labels', labels],
    ['annotations', annotations],
  ] as const) {
    const odd = Object.entries(record(map)).find(([, text]) => typeof text !== 'string')
    if (odd !== undefined) return `metadata.${key}: the value of "${odd[0]}" must be text: put it in quotes`
  }
  return null
}

const isName = (value: unknown): boolean => typeof value === 'string' && value !== ''

/** Where the key (or list item) at a path begins in the text. */
function offsetOf(document: Document, path: Path): number | null {
  let node: unknown = document.contents
  let offset = startOf(node)
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document)
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step))
      if (pair === undefined) return null
      offset = startOf(pair.key)
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      if (node === undefined) return null
      offset = startOf(node)
    } else return null
  }
  return offset
}

const startOf = (node: unknown): number | null => (node as Node | null)?.range?.[0] ?? null

const valueAt = (value: unknown, path: Path): unknown => path.reduce((at, step) => record(at)[step], value)

const record = (value: unknown): Readonly<Record<string | number, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

/** A file's line goes to the terminal. */
export const printable = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd')
