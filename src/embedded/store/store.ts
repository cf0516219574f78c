import type { ApiObject } from '../object.ts'
import type { Change, ChangeType, Listing } from './change.ts'
import { History } from './history.ts'

/** Key of an object inside its resource; sorts as etcd's keys do. */
export const keyOf = (namespace: string | undefined, name: string): string =>
  namespace === undefined || namespace === '' ? name : `${namespace}/${name}`

/** Objects by resource and key. */
export interface StoreContents {
  readonly resources: ReadonlyMap<string, ReadonlyMap<string, ApiObject>>
  readonly revision: number
}

/**
 * What etcd is to a real server: the objects of each resource, one counter for all writes, and the recent past.
 * Every write is seen by the watchers of its resource before the call returns, in order.
 */
export class Store {
  readonly #resources = new Map<string, Map<string, ApiObject>>()
  /** The keys of each resource in order, until one comes or goes. */
  readonly #sorted = new Map<string, readonly string[]>()
  readonly #watchers = new Map<string, Set<(change: Change) => void>>()
  readonly #history: History
  #listener: ((resource: string, change: Change) => void) | null = null
  #revision = 1

  /**
   * @param remembered writes of each resource that a watch can go back by
   * @param before what was in an earlier one; positions in that one's past are Gone here
   */
  constructor(remembered = 5_000, before?: StoreContents) {
    this.#history = new History(remembered)
    if (before === undefined) return
    for (const [resource, objects] of before.resources) this.#resources.set(resource, new Map(objects))
    this.#revision = before.revision
    this.compact()
  }

  /** Calls back inside each write, whatever it is of. */
  listen(listener: (resource: string, change: Change) => void): void {
    this.#listener = listener
  }

  /** All that is in it now. A copy. */
  contents(): StoreContents {
    const resources = [...this.#resources].map(([name, objects]) => [name, new Map(objects)] as const)
    return { resources: new Map(resources), revision: this.#revision }
  }

  get revision(): number {
    return this.#revision
  }

  get(resource: string, key: string): ApiObject | null {
    return this.#resources.get(resource)?.get(key) ?? null
  }

  /** @param prefix "namespace/" or '' for all; sorted by key */
  list(resource: string, prefix = ''): Listing {
    const objects = this.#objects(resource)
    const keys = this.#sorted.get(resource) ?? [...objects.keys()].sort()
    this.#sorted.set(resource, keys)
    return { items: pick(objects, keys, prefix), revision: this.#revision }
  }

  /** The list as it was. @throws RevisionGone */
  listAt(resource: string, revision: number, prefix = ''): Listing {
    const then = new Map(this.#objects(resource))
    // From now back to then: each later write is undone.
    for (const change of this.#history.since(resource, revision).reverse()) {
      const { namespace, name } = change.object.metadata
      const key = keyOf(namespace, name)
      if (change.previous === null) then.delete(key)
      else then.set(key, change.previous)
    }
    return { items: pick(then, [...then.keys()].sort(), prefix), revision }
  }

  /** Creates or replaces. The object gets its resourceVersion here. */
  put(resource: string, object: ApiObject): ApiObject {
    const objects = this.#objects(resource)
    const key = keyOf(object.metadata.namespace, object.metadata.name)
    const previous = objects.get(key) ?? null
    const written = this.#stamped(object)
    if (previous === null) this.#sorted.delete(resource)
    objects.set(key, written)
    this.#publish(resource, previous === null ? 'ADDED' : 'MODIFIED', written, previous)
    return written
  }

  remove(resource: string, key: string): ApiObject | null {
    const objects = this.#objects(resource)
    const previous = objects.get(key)
    if (previous === undefined) return null
    objects.delete(key)
    this.#sorted.delete(resource)
    const last = this.#stamped(previous)
    this.#publish(resource, 'DELETED', last, previous)
    return last
  }

  /**
   * Calls back for each write after `revision`, first those that were, then those to come.
   * @throws RevisionGone
   */
  watch(resource: string, revision: number, listener: (change: Change) => void): () => void {
    const missed = this.#history.since(resource, revision)
    const watchers = this.#watchers.get(resource) ?? new Set()
    this.#watchers.set(resource, watchers)
    watchers.add(listener)
    for (const change of missed) listener(change)
    return () => watchers.delete(listener)
  }

  /** Forgets everything before now: older positions are Gone from here on. */
  compact(): void {
    this.#history.compact(this.#revision)
  }

  /** Every object of every resource. */
  count(): number {
    let sum = 0
    for (const objects of this.#resources.values()) sum += objects.size
    return sum
  }

  #objects(resource: string): Map<string, ApiObject> {
    const known = this.#resources.get(resource)
    if (known !== undefined) return known
    const fresh = new Map<string, ApiObject>()
    this.#resources.set(resource, fresh)
    return fresh
  }

  #stamped(object: ApiObject): ApiObject {
    this.#revision += 1
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#revision) } }
  }

  #publish(resource: string, type: ChangeType, object: ApiObject, previous: ApiObject | null): void {
    const change = { type, object, previous, revision: this.#revision }
    this.#history.add(resource, change)
    this.#listener?.(resource, change)
    // A copy: who stops watching while being told must not disturb the others.
    for (const tell of [...(this.#watchers.get(resource) ?? [])]) tell(change)
  }
}

/** The objects whose keys begin with a prefix: neighbours among sorted keys. */
function pick(
  objects: ReadonlyMap<string, ApiObject>,
  keys: readonly string[],
  prefix: string,
): readonly ApiObject[] {
  const items: ApiObject[] = []
  for (let at = firstFrom(keys, prefix); at < keys.length; at += 1) {
    const key = keys[at] ?? ''
    if (!key.startsWith(prefix)) break
    const object = objects.get(key)
    if (object !== undefined) items.push(object)
  }
  return items
}

/** Where the first key that is not before `wanted` stands. */
function firstFrom(keys: readonly string[], wanted: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((keys[middle] ?? '') < wanted) low = middle + 1
    else high = middle
  }
  return low
}
