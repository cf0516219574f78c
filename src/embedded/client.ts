import { randomUUID } from 'node:crypto'
import type { Api } from './api/api.ts'
import { bindPod } from './api/binding.ts'
import type { DeleteOptions, Deletion } from './api/deletion.ts'
import { type ClusterClock, timestamp } from './clock.ts'
import { type ApiObject, copyOf, type Mutable } from './object.ts'
import { kindOf } from './registry/index.ts'
import { apiVersionOf } from './registry/kind.ts'
import { StatusError } from './status.ts'
import { everything, type Selector } from './store/selector.ts'

/** The plural name, as in `kubectl get`: 'pods', 'statefulsets'. */
export type Resource = string

/** The part of an object that an event means, and the node that tells of it. */
export interface EventPlace {
  readonly fieldPath?: string
  readonly host?: string
}

export interface Watcher<T extends ApiObject> {
  /** Also for each object that is there when the watching begins. */
  added?(object: T): void
  changed?(object: T, previous: T): void
  /** The last that was seen of it. */
  removed?(object: T): void
}

/**
 * The API as controllers and the node of this process use it: typed, without HTTP, under the name of one manager.
 * Objects that it returns are shared with everybody: read them, and write through `change`. Refusals are
 * StatusErrors with the codes of the real API.
 */
export class Client {
  readonly #api: Api
  readonly #manager: string
  readonly #component: string
  /** What has been said of whom → the name of the event. */
  readonly #said = new Map<string, string>()

  /** @param component who events are from, where that is not the manager */
  constructor(api: Api, manager: string, component = manager) {
    this.#api = api
    this.#manager = manager
    this.#component = component
  }

  get clock(): ClusterClock {
    return this.#api.clock
  }

  /** null when there is none. @param namespace undefined for cluster-scoped kinds */
  get<T extends ApiObject>(resource: Resource, namespace: string | undefined, name: string): T | null {
    return this.#api.find(kindOf(resource), namespace, name) as T | null
  }

  /** Sorted by namespace and name. */
  list<T extends ApiObject>(
    resource: Resource,
    options: { readonly namespace?: string; readonly labels?: Selector } = {},
  ): readonly T[] {
    const { namespace, labels = everything } = options
    const { items } = this.#api.list(kindOf(resource), namespace)
    return items.filter(({ metadata }) => labels(metadata.labels ?? {})) as unknown as readonly T[]
  }

  /** apiVersion and kind may be left out. */
  create<T extends ApiObject>(resource: Resource, object: Partial<ApiObject>): T {
    const kind = kindOf(resource)
    const body = { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind }
    return this.#api.create(kind, object.metadata?.namespace, body, this.#options) as T
  }

  /**
   * Edits a copy of the present state and writes it. The edit comes first and the write right after it: there is no
   * conflict. @throws StatusError 404 when it is gone
   */
  change<T extends ApiObject>(
    resource: Resource,
    of: ApiObject,
    edit: (copy: Mutable<T>) => void,
    subresource?: 'status' | 'finalize',
  ): T {
    const { namespace, name } = of.metadata
    const changed = this.#api.change(
      kindOf(resource),
      namespace,
      name,
      (current) => {
        const copy = copyOf(current) as unknown as Mutable<T>
        edit(copy)
        return copy
      },
      this.#options,
      subresource,
    )
    return changed as T
  }

  changeStatus<T extends ApiObject>(resource: Resource, of: ApiObject, edit: (copy: Mutable<T>) => void): T {
    return this.change(resource, of, edit, 'status')
  }

  /** Writes a whole object; with its resourceVersion only over that very state. @throws StatusError 404, 409 */
  replace<T extends ApiObject>(resource: Resource, object: T, subresource?: 'status'): T {
    const { namespace, name } = object.metadata
    return this.#api.update(kindOf(resource), namespace, name, object, this.#options, subresource) as T
  }

  /** Deletes this very object. null when it is not there any more, or another one has its name. */
  remove(resource: Resource, of: ApiObject, options: DeleteOptions = {}): Deletion | null {
    const { namespace, name, uid } = of.metadata
    try {
      return this.#api.remove(kindOf(resource), namespace, name, {
        ...(uid === undefined ? {} : { uid }),
        ...options,
      })
    } catch (error) {
      if (error instanceof StatusError && (error.code === 404 || error.code === 409)) return null
      throw error
    }
  }

  /** The scheduler's word. */
  bind(pod: ApiObject, node: string): void {
    const { namespace, name } = pod.metadata
    bindPod(this.#api, { kind: kindOf('pods'), namespace, name }, node, this.#manager)
  }

  /**
   * Tells of what is there, then of every change, in the order of the writes. Never inside the write that it tells
   * of: a watcher may write.
   * @returns a function that ends it
   */
  watch<T extends ApiObject>(resource: Resource, watcher: Watcher<T>): () => void {
    let over = false
    const tell = (what: () => void): void =>
      this.clock.soon(() => {
        if (!over) what()
      })
    const kind = kindOf(resource)
    const { items, revision } = this.#api.list(kind)
    for (const object of items) tell(() => watcher.added?.(object as T))
    const stop = this.#api.watch(kind, revision, ({ type, object, previous }) =>
      tell(() => {
        if (type === 'ADDED' || previous === null) watcher.added?.(object as T)
        else if (type === 'MODIFIED') watcher.changed?.(object as T, previous as T)
        else watcher.removed?.(object as T)
      }),
    )
    return () => {
      over = true
      stop()
    }
  }

  /**
   * An Event about an object, counted up where the same was said before. One that the API refuses, as in a namespace
   * that is being deleted, is lost: nobody fails for an event.
   */
  record(
    about: ApiObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    place: EventPlace = {},
  ): void {
    try {
      this.#record(about, type, reason, message, place)
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
    }
  }

  #record(
    about: ApiObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    place: EventPlace,
  ): void {
    const now = timestamp(this.clock.nowMs())
    const { namespace = 'default', name, uid, resourceVersion } = about.metadata
    const key = JSON.stringify([uid, type, reason, message, place.fieldPath])
    const known = this.get('events', namespace, this.#said.get(key) ?? '')
    if (known !== null) {
      this.change('events', known, (event) => {
        event.count = Number(event.count ?? 1) + 1
        event.lastTimestamp = now
      })
      return
    }
    const eventName = `${name}.${randomUUID().replaceAll('-', '').slice(0, 16)}`
    this.#said.set(key, eventName)
    this.create('events', {
      metadata: { name: eventName, namespace },
      involvedObject: {
        apiVersion: about.apiVersion,
        kind: about.kind,
        // (None of a cluster-scoped object.)
        ...(about.metadata.namespace === undefined ? {} : { namespace }),
        name,
        uid,
        resourceVersion,
        ...(place.fieldPath === undefined ? {} : { fieldPath: place.fieldPath }),
      },
      type,
      reason,
      message,
      count: 1,
      firstTimestamp: now,
      lastTimestamp: now,
      source: { component: this.#component, ...(place.host === undefined ? {} : { host: place.host }) },
      reportingComponent: this.#component,
      reportingInstance: '',
    })
  }

  get #options() {
    // Controllers write what they know: a field that the schema lacks is our mistake, and says so.
    return { manager: this.#manager, validation: 'Strict' as const }
  }
}
