import { randomUUID } from 'node:crypto'
import { afterUpdate, type Writer } from '../apply/managed-fields.ts'
import { applyServerSide, checkApplied } from '../apply/server-side.ts'
import { type ClusterClock, timestamp } from '../clock.ts'
import { type ApiObject, at, type JsonObject, type Mutable } from '../object.ts'
import { KINDS, kindOf, storeName } from '../registry/index.ts'
import { apiVersionOf, type Kind, type RuleContext } from '../registry/kind.ts'
import { typeNamed } from '../schema/schema.ts'
import { alreadyExists, badRequest, conflict, notFound, StatusError, staleVersion } from '../status.ts'
import type { Change, Listing } from '../store/change.ts'
import { keyOf, Store } from '../store/store.ts'
import { readApplied } from './applied.ts'
import { type DeleteOptions, type Deletion, deletionOf } from './deletion.ts'
import { checkNamespace } from './namespace.ts'
import { checkQuota, quotaUsed } from './quota.ts'
import {
  checkObject,
  countGeneration,
  type FieldValidation,
  generatedName,
  isUnchanged,
  keepServerFields,
  nameChanged,
  readObject,
  unwritten,
  withManaged,
  withoutVersion,
} from './rules.ts'

export interface WriteOptions {
  /** Who writes: the name in managedFields. */
  readonly manager: string
  readonly dryRun?: boolean
  /** What to do with fields that the schema does not know. Warn by default. */
  readonly validation?: FieldValidation
  readonly warn?: (text: string) => void
}

export interface Written {
  readonly object: ApiObject
  readonly created: boolean
}

/**
 * What the API server does with a request once it is understood, for HTTP and for the controllers in this process
 * alike. Everything happens at once: no write comes between a read and the write that rests on it.
 * Refusals are StatusErrors.
 */
export class Api {
  readonly store: Store
  readonly clock: ClusterClock
  readonly #random: () => number

  constructor(clock: ClusterClock, store = new Store(), random: () => number = Math.random) {
    this.clock = clock
    this.store = store
    this.#random = random
  }

  /** @throws StatusError 404 */
  get(kind: Kind, namespace: string | undefined, name: string): ApiObject {
    const found = this.find(kind, namespace, name)
    if (found === null) throw notFound(kind, name)
    return found
  }

  find(kind: Kind, namespace: string | undefined, name: string): ApiObject | null {
    const stored = this.store.get(storeName(kind), keyOf(namespace, name))
    return stored === null ? null : shown(stored, kind)
  }

  /** Of all namespaces when none is given. @param revision as it was then @throws RevisionGone */
  list(kind: Kind, namespace?: string, revision?: number): Listing {
    const prefix = namespace === undefined ? '' : `${namespace}/`
    const { store } = this
    const listing =
      revision === undefined
        ? store.list(storeName(kind), prefix)
        : store.listAt(storeName(kind), revision, prefix)
    if (kind.storedAs === undefined) return listing
    return { ...listing, items: listing.items.map((object) => shown(object, kind)) }
  }

  /** @throws RevisionGone */
  watch(kind: Kind, revision: number, listener: (change: Change) => void): () => void {
    return this.store.watch(storeName(kind), revision, (change) => {
      if (kind.storedAs === undefined) return listener(change)
      const previous = change.previous === null ? null : shown(change.previous, kind)
      return listener({ ...change, object: shown(change.object, kind), previous })
    })
  }

  create(kind: Kind, namespace: string | undefined, body: unknown, options: WriteOptions): ApiObject {
    const object = readObject(body, kind, namespace, options.validation ?? 'Warn', options.warn ?? nobody)
    return this.#createRead(kind, object, options, null)
  }

  /** Replaces; with metadata.resourceVersion only that state of it. */
  update(
    kind: Kind,
    namespace: string | undefined,
    name: string,
    body: unknown,
    options: WriteOptions,
    subresource?: string,
  ): ApiObject {
    const object = readObject(body, kind, namespace, options.validation ?? 'Warn', options.warn ?? nobody)
    if (object.metadata.name === '') object.metadata.name = name
    if (object.metadata.name !== name)
      throw badRequest(
        `the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`,
      )
    const old = this.get(kind, namespace, name)
    return this.#replace(kind, old, object, options, subresource)
  }

  /** Reads, lets `edit` make the new state of it, and writes that. */
  change(
    kind: Kind,
    namespace: string | undefined,
    name: string,
    edit: (current: JsonObject) => unknown,
    options: WriteOptions,
    subresource?: string,
  ): ApiObject {
    const old = this.get(kind, namespace, name)
    const object = readObject(
      edit(old),
      kind,
      namespace,
      options.validation ?? 'Warn',
      options.warn ?? nobody,
    )
    if (object.metadata.name !== name) throw nameChanged(kind, name, object.metadata.name)
    return this.#replace(kind, old, object, options, subresource)
  }

  /** Server-side apply. */
  apply(
    kind: Kind,
    namespace: string | undefined,
    name: string,
    body: unknown,
    options: WriteOptions & { readonly force: boolean },
    subresource?: string,
  ): Written {
    checkApplied(body)
    const applied = readApplied(kind, namespace, name, body)
    const live = this.find(kind, namespace, name)
    const type = typeNamed(kind.definition)
    const writer = this.#writer(kind, options, subresource)
    const before = live === null ? null : withoutVersion(live)
    const merged = applyServerSide(before, applied, type, writer, options.force)
    const object = readObject(merged, kind, namespace, 'Ignore', nobody)
    const managed = merged.metadata.managedFields ?? []
    if (live === null) return { object: this.#createRead(kind, object, options, managed), created: true }
    return { object: this.#replace(kind, live, object, options, subresource, managed), created: false }
  }

  /** As kubectl's delete. The object where it is still there (finalizers, grace period), else what it was last. */
  remove(kind: Kind, namespace: string | undefined, name: string, options: DeleteOptions): Deletion {
    const old = this.get(kind, namespace, name)
    const deletion = deletionOf(kind, old, options, this.clock.nowMs())
    if (options.dryRun === true) return deletion
    const stored = storeName(kind)
    // What could have had a grace period is marked before it goes: watchers of the real one see both.
    const object = deletion.object === old ? old : this.store.put(stored, deletion.object)
    if (deletion.gone) this.store.remove(stored, keyOf(namespace, name))
    return { ...deletion, object }
  }

  /** The last part of a create: names, defaults, rules, bookkeeping. */
  #createRead(
    kind: Kind,
    object: Mutable<ApiObject>,
    options: WriteOptions,
    managed: ApiObject['metadata']['managedFields'] | null,
  ): ApiObject {
    const { metadata } = object
    if ((metadata.resourceVersion ?? '') !== '')
      throw new StatusError(
        500,
        'InternalError',
        'resourceVersion should not be set on objects to be created',
      )
    if (metadata.name === '' && (metadata.generateName ?? '') !== '')
      metadata.name = generatedName(metadata.generateName ?? '', this.#random)
    if (kind.namespaced) checkNamespace(this, kind, metadata.namespace ?? '', metadata.name)
    const nowMs = this.clock.nowMs()
    Object.assign(metadata, { uid: randomUUID(), creationTimestamp: timestamp(nowMs) })
    for (const key of [
      'deletionTimestamp',
      'deletionGracePeriodSeconds',
      'managedFields',
      'resourceVersion',
      'generation',
    ] as const)
      delete metadata[key]
    if (kind.hasStatus) delete object.status
    kind.defaults?.(object)
    // What admission and allocation add belongs to nobody.
    const fields =
      managed ??
      afterUpdate(null, object as ApiObject, typeNamed(kind.definition), this.#writer(kind, options))
    kind.prepareCreate?.(object, this.#context(nowMs))
    countGeneration(object, null, kind)
    checkObject(object as ApiObject, null, kind)
    if (this.find(kind, metadata.namespace, metadata.name) !== null) throw alreadyExists(kind, metadata.name)
    this.#checkQuota(kind, object as ApiObject)
    return this.#write(kind, withManaged(object as ApiObject, fields), options)
  }

  /** The last rule of a create, as the last admission of the real server. */
  #checkQuota(kind: Kind, object: ApiObject): void {
    const quotas = this.list(kindOf('resourcequotas'), object.metadata.namespace).items
    if (!kind.namespaced || quotas.length === 0) return
    const listed = (each: Kind) => this.list(each, object.metadata.namespace).items
    checkQuota(kind, object, quotas, (quota) => quotaUsed(quota, KINDS, listed))
  }

  #replace(
    kind: Kind,
    old: ApiObject,
    object: Mutable<ApiObject>,
    options: WriteOptions,
    subresource?: string,
    managed?: ApiObject['metadata']['managedFields'],
  ): ApiObject {
    const { metadata } = object
    const { name } = old.metadata
    if ((metadata.uid ?? '') !== '' && metadata.uid !== old.metadata.uid)
      throw conflict(
        kind,
        name,
        `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${old.metadata.uid}`,
      )
    const version = metadata.resourceVersion ?? ''
    if (version !== '' && version !== old.metadata.resourceVersion) throw staleVersion(kind, name)
    keepServerFields(object, old, kind, subresource)
    kind.defaults?.(object)
    if (subresource === undefined) kind.prepareUpdate?.(object, old, this.#context(this.clock.nowMs()))
    countGeneration(object, old, kind)
    checkObject(object as ApiObject, old, kind)
    delete metadata.resourceVersion
    const fields =
      managed ??
      afterUpdate(
        old,
        object as ApiObject,
        typeNamed(kind.definition),
        this.#writer(kind, options, subresource),
      )
    const next = withManaged(object as ApiObject, fields)
    if (isUnchanged(next, old)) return old
    // The last finalizer went: so does the object, unless it still has time to end in.
    const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = next.metadata
    const ends =
      deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && finalizers.length === 0
    const held =
      kind.plural === 'namespaces' && ((at(next, 'spec', 'finalizers') ?? []) as unknown[]).length > 0
    const written = this.#write(kind, next, options, old)
    if (ends && !held && options.dryRun !== true)
      this.store.remove(storeName(kind), keyOf(next.metadata.namespace, name))
    return written
  }

  #write(
    kind: Kind,
    object: ApiObject,
    { dryRun }: WriteOptions,
    inPlaceOf: ApiObject | null = null,
  ): ApiObject {
    if (dryRun === true) return unwritten(object, inPlaceOf)
    const stored = kind.storedAs?.toStored(object) ?? object
    return shown(this.store.put(storeName(kind), stored), kind)
  }

  #context(nowMs: number): RuleContext {
    return { now: timestamp(nowMs), list: (resource) => this.store.list(resource).items }
  }

  #writer(kind: Kind, { manager }: WriteOptions, subresource?: string): Writer {
    return {
      manager,
      apiVersion: apiVersionOf(kind),
      nowMs: this.clock.nowMs(),
      ...(subresource === undefined ? {} : { subresource }),
    }
  }
}

const nobody = (): void => undefined
const shown = (object: ApiObject, kind: Kind): ApiObject => kind.storedAs?.fromStored(object) ?? object
