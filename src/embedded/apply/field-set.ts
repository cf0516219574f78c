import { isObject, type JsonObject } from '../object.ts'

/**
 * A set of field paths, as managedFields keep them: `f:name` a field, `k:{…}` an item by its keys, `v:…` an item
 * that is its value. A path may be a member and have members below it.
 */
export class FieldSet {
  member = false
  readonly children = new Map<string, FieldSet>()

  static of(...paths: readonly (readonly string[])[]): FieldSet {
    const set = new FieldSet()
    for (const path of paths) set.insert(path)
    return set
  }

  static fromJson(json: JsonObject): FieldSet {
    const set = new FieldSet()
    const keys = Object.keys(json)
    set.member = keys.length === 0 || '.' in json
    for (const key of keys) {
      const below = json[key]
      if (key !== '.') set.children.set(key, FieldSet.fromJson(isObject(below) ? below : {}))
    }
    return set
  }

  /** The root itself is never a member. */
  static rootFromJson(json: JsonObject): FieldSet {
    const set = FieldSet.fromJson(json)
    set.member = false
    return set
  }

  insert(path: readonly string[]): void {
    let here: FieldSet = this
    for (const step of path) {
      const next = here.children.get(step) ?? new FieldSet()
      here.children.set(step, next)
      here = next
    }
    here.member = true
  }

  get empty(): boolean {
    return !this.member && [...this.children.values()].every((child) => child.empty)
  }

  at(path: readonly string[]): FieldSet | undefined {
    let here: FieldSet | undefined = this
    for (const step of path) here = here?.children.get(step)
    return here
  }

  /** Every member, parents before what is below them. */
  paths(): readonly (readonly string[])[] {
    const found: (readonly string[])[] = []
    const visit = (set: FieldSet, path: readonly string[]): void => {
      if (set.member) found.push(path)
      for (const [step, child] of sorted(set.children)) visit(child, [...path, step])
    }
    visit(this, [])
    return found
  }

  toJson(): JsonObject {
    const result: Record<string, unknown> = {}
    const children = sorted(this.children).filter(([, child]) => !child.empty)
    if (this.member && children.length > 0) result['.'] = {}
    for (const [step, child] of children) result[step] = child.toJson()
    return result
  }
}

export const union = (a: FieldSet, b: FieldSet): FieldSet => combine(a, b, (inA, inB) => inA || inB)
export const difference = (a: FieldSet, b: FieldSet): FieldSet => combine(a, b, (inA, inB) => inA && !inB)
export const intersection = (a: FieldSet, b: FieldSet): FieldSet => combine(a, b, (inA, inB) => inA && inB)

const NOTHING = new FieldSet()

function combine(a: FieldSet, b: FieldSet, keep: (inA: boolean, inB: boolean) => boolean): FieldSet {
  const result = new FieldSet()
  result.member = keep(a.member, b.member)
  for (const step of new Set([...a.children.keys(), ...b.children.keys()])) {
    const child = combine(a.children.get(step) ?? NOTHING, b.children.get(step) ?? NOTHING, keep)
    if (!child.empty) result.children.set(step, child)
  }
  return result
}

const sorted = (children: ReadonlyMap<string, FieldSet>): readonly [string, FieldSet][] =>
  [...children].sort(([a], [b]) => (a < b ? -1 : 1))

/** `.spec.containers[name="main"].image`, as conflicts are reported. */
export function pathText(path: readonly string[]): string {
  return path
    .map((step) => {
      const what = step.slice(2)
      switch (step[0]) {
        case 'k': {
          const keys = JSON.parse(what) as Record<string, unknown>
          return `[${Object.entries(keys)
            .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
            .join(',')}]`
        }
        case 'v':
          return `[=${what}]`
        default:
          return `.${what}`
      }
    })
    .join('')
}
