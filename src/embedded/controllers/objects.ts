import type { Api } from '../api/api.ts'
import type { ApiObject } from '../object.ts'
import { KINDS, kindOf } from '../registry/index.ts'
import type { Kind } from '../registry/kind.ts'
import type { Change } from '../store/change.ts'
import { keyOf } from '../store/store.ts'

/** The objects of one resource, found by where they are and by whose they are. Never behind the store. */
export class Objects<T extends ApiObject> {
  readonly #byKey = new Map<string, T>()
  readonly #byNamespace = new Map<string, Map<string, T>>()
  readonly #byOwner = new Map<string, Map<string, T>>()
  readonly #byUid = new Map<string, T>()

  get(namespace: string | undefined, name: string): T | null {
    return this.#byKey.get(keyOf(namespace, name)) ?? null
  }

  withUid(uid: string): T | null {
    return this.#byUid.get(uid) ?? null
  }

  /** In the order in which they came. */
  in(namespace: string): readonly T[] {
    return [...(this.#byNamespace.get(namespace)?.values() ?? [])]
  }

  /** Those that name an owner with this uid, as their controller or not; by name. */
  ownedBy(uid: string): readonly T[] {
    return sorted(this.#byOwner.get(uid))
  }

  /** Those of a namespace that no controller has, by name. */
  withoutController(namespace: string): readonly T[] {
    return sorted(this.#byOwner.get(orphanage(namespace)))
  }

  /** In the order in which they came. */
  all(): readonly T[] {
    return [...this.#byKey.values()]
  }

  put(object: T, previous: T | null): void {
    const { namespace = '', name, uid = '' } = object.metadata
    const key = keyOf(namespace, name)
    if (previous !== null) for (const owner of ownersOf(previous)) outOf(this.#byOwner, owner, key)
    this.#byKey.set(key, object)
    this.#byUid.set(uid, object)
    into(this.#byNamespace, namespace, key, object)
    for (const owner of ownersOf(object)) into(this.#byOwner, owner, key, object)
  }

  remove(object: T): void {
    const { namespace = '', name, uid = '' } = object.metadata
    const key = keyOf(namespace, name)
    this.#byKey.delete(key)
    this.#byUid.delete(uid)
    outOf(this.#byNamespace, namespace, key)
    for (const owner of ownersOf(object)) outOf(this.#byOwner, owner, key)
  }
}

/** One write, told inside it: who hears of it may note it down and look later, no more. */
export type Notice = (kind: Kind, change: Change) => void

/** All resources of a cluster, each followed from the first time that somebody asks for it. */
export class World {
  readonly #api: Api
  readonly #followed = new Map<string, Objects<ApiObject>>()
  readonly #stops: (() => void)[] = []
  readonly #notices = new Set<Notice>()

  constructor(api: Api) {
    this.#api = api
  }

  of<T extends ApiObject>(resource: string): Objects<T> {
    return this.#follow(kindOf(resource)) as Objects<T>
  }

  ofKind(kind: Kind): Objects<ApiObject> {
    return this.#follow(kind)
  }

  /** Tells of every write to every kind of object, events aside. */
  onChange(notice: Notice): () => void {
    for (const kind of OWNABLE) this.#follow(kind)
    this.#notices.add(notice)
    return () => this.#notices.delete(notice)
  }

  close(): void {
    for (const stop of this.#stops) stop()
  }

  #follow(kind: Kind): Objects<ApiObject> {
    const known = this.#followed.get(kind.plural)
    if (known !== undefined) return known
    const objects = new Objects<ApiObject>()
    this.#followed.set(kind.plural, objects)
    const { items, revision } = this.#api.list(kind)
    for (const object of items) objects.put(object, null)
    this.#stops.push(
      // Inside each write: whoever asks after it finds what it wrote.
      this.#api.watch(kind, revision, (change) => {
        if (change.type === 'DELETED') objects.remove(change.previous ?? change.object)
        else objects.put(change.object, change.previous)
        for (const notice of this.#notices) notice(kind, change)
      }),
    )
    return objects
  }
}

/** What can have owners and dependents. (Events of the newer group are the same objects.) */
export const OWNABLE: readonly Kind[] = KINDS.filter(({ plural }) => plural !== 'events')

/** Stands for the owner of what has no controller. No uid looks like it. */
const orphanage = (namespace: string): string => `nobody in ${namespace}`

function ownersOf({ metadata }: ApiObject): readonly string[] {
  const references = metadata.ownerReferences ?? []
  const owners = references.map(({ uid }) => uid)
  return references.some(({ controller }) => controller === true)
    ? owners
    : [...owners, orphanage(metadata.namespace ?? '')]
}

function into<T>(index: Map<string, Map<string, T>>, name: string, key: string, object: T): void {
  const group = index.get(name) ?? new Map<string, T>()
  index.set(name, group)
  group.set(key, object)
}

function outOf<T>(index: Map<string, Map<string, T>>, name: string, key: string): void {
  const group = index.get(name)
  group?.delete(key)
  if (group?.size === 0) index.delete(name)
}

const sorted = <T>(objects: ReadonlyMap<string, T> | undefined): readonly T[] =>
  objects === undefined
    ? []
    : [...objects].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, object]) => object)
