import { isObject, sameJson } from '../object.ts'
import { badRequest, StatusError } from '../status.ts'

interface Operation {
  readonly op: string
  readonly path: string
  readonly from?: string
  readonly value?: unknown
}

/** RFC 6902. @throws StatusError 422 when an operation cannot be done */
export function jsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch))
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    )
  return (patch as readonly Operation[]).reduce<unknown>(step, structuredClone(document))
}

function step(document: unknown, operation: Operation): unknown {
  const { op, path, from = '', value } = operation
  switch (op) {
    case 'add':
    case 'replace':
      return change(document, pointer(path), op, value)
    case 'remove':
      return change(document, pointer(path), op, undefined)
    case 'test': {
      const found = read(document, pointer(path))
      if (!sameJson(found ?? null, value ?? null)) throw failed()
      return document
    }
    case 'copy':
      return change(document, pointer(path), 'add', structuredClone(read(document, pointer(from))))
    case 'move': {
      const moved = read(document, pointer(from))
      return change(change(document, pointer(from), 'remove', undefined), pointer(path), 'add', moved)
    }
    default:
      throw failed()
  }
}

/** The real server says no more than this. */
const failed = (): StatusError =>
  new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {})

const pointer = (text: string): readonly string[] =>
  text
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))

function read(document: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((here, key) => {
    if (Array.isArray(here)) return here[Number(key)]
    // Own fields only: a path through __proto__ would reach every object there is.
    return isObject(here) && Object.hasOwn(here, key) ? here[key] : undefined
  }, document)
}

/** Changes in place: the document is our own copy. */
function change(document: unknown, path: readonly string[], op: string, value: unknown): unknown {
  const last = path.at(-1)
  if (last === undefined) return op === 'remove' ? null : value
  const parent = read(document, path.slice(0, -1))
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last)
    const inside = Number.isInteger(index) && index >= 0 && index < parent.length + (op === 'add' ? 1 : 0)
    if (!inside) throw failed()
    if (op === 'add') parent.splice(index, 0, value)
    else if (op === 'remove') parent.splice(index, 1)
    else parent[index] = value
    return document
  }
  if (!isObject(parent)) throw failed()
  const fields = parent as Record<string, unknown>
  if (last === '__proto__' || (op !== 'add' && !Object.hasOwn(fields, last))) throw failed()
  if (op === 'remove') delete fields[last]
  else fields[last] = value
  return document
}
