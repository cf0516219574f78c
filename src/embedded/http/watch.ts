import type { ServerResponse } from 'node:http'
import type { Api } from '../api/api.ts'
import type { ApiObject, JsonObject } from '../object.ts'
import { textOf } from '../object-text.ts'
import { apiVersionOf, type Kind } from '../registry/kind.ts'
import { expired } from '../status.ts'
import { type Change, RevisionGone } from '../store/change.ts'
import type { WatchTap } from './faults.ts'
import { revisionOf, wholeNumber } from './list.ts'
import { isOn } from './request.ts'
import { type Selection, selectionOf } from './selection.ts'
import { type Shape, shapedEvent, shapeOf } from './shape.ts'

/** How long a watch lives that does not say. */
const DEFAULT_SECONDS = 1_800
const BOOKMARK_EVERY_MS = 60_000
/** A client that reads nothing while this much waits for it is cut off, as the real server does. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024

/** Streams the changes of a kind until the client goes, the time is over, or a fault ends it. */
export function answerWatch(
  api: Api,
  target: { readonly kind: Kind; readonly namespace: string | undefined; readonly name: string | undefined },
  query: URLSearchParams,
  accept: string | undefined,
  response: ServerResponse,
  tap: WatchTap,
): void {
  const { kind, namespace, name } = target
  const shape = shapeOf(accept, query)
  const selected = inNamespace(selectionOf(kind, query, name), namespace)
  const stream = new EventStream(response, kind, shape, api, tap)
  const bookmarks = isOn(query, 'allowWatchBookmarks')
  const initial = isOn(query, 'sendInitialEvents')
  const version = query.get('resourceVersion') ?? ''
  const seconds = wholeNumber(query, 'timeoutSeconds') || DEFAULT_SECONDS

  const fromNow = version === '' || version === '0' || initial
  // Read before anything is sent: what cannot be read is still refused with a status.
  let last = fromNow ? api.store.revision : revisionOf(version)
  stream.open()
  if (fromNow) {
    for (const object of api.list(kind, namespace).items) if (selected(object)) stream.event('ADDED', object)
    if (initial) stream.bookmark(last, true)
  }
  const tell = (change: Change): void => {
    const type = eventType(change, selected)
    if (type !== null)
      stream.event(type, type === 'DELETED' && change.type !== 'DELETED' ? lastSeen(change) : change.object)
  }
  let stop = (): void => undefined
  try {
    stop = api.watch(kind, last, (change) => {
      last = change.revision
      // Who writes must not be hurt by who watches.
      try {
        tell(change)
      } catch {
        response.socket?.destroy()
      }
    })
  } catch (error) {
    if (!(error instanceof RevisionGone)) throw error
    stream.error(expired(error.message).toStatus())
    stream.end()
    return
  }
  const marks = setInterval(() => bookmarks && stream.bookmark(last), BOOKMARK_EVERY_MS)
  const timer = setTimeout(() => {
    // The end is announced with how far the client has come: it resumes there.
    if (bookmarks) stream.bookmark(api.store.revision)
    stream.end()
  }, seconds * 1000)
  stream.onClose(() => {
    clearInterval(marks)
    clearTimeout(timer)
    stop()
  })
}

const inNamespace =
  (selected: Selection, namespace: string | undefined): Selection =>
  (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) && selected(object)

/** An object that comes into a selection is added to it, one that leaves it is deleted from it. */
function eventType({ type, object, previous }: Change, selected: Selection): Change['type'] | null {
  if (type === 'DELETED') return selected(object) ? 'DELETED' : null
  const before = previous !== null && selected(previous)
  const after = selected(object)
  if (after) return before ? 'MODIFIED' : 'ADDED'
  return before ? 'DELETED' : null
}

/** As it was when it was last in the selection, at the version that took it out. */
const lastSeen = ({ object, previous }: Change): ApiObject => {
  const seen = previous ?? object
  const { resourceVersion } = object.metadata
  return {
    ...seen,
    metadata: { ...seen.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
  }
}

class EventStream {
  readonly #response: ServerResponse
  readonly #kind: Kind
  readonly #shape: Shape
  readonly #api: Api
  readonly #tap: WatchTap
  #first = true

  constructor(response: ServerResponse, kind: Kind, shape: Shape, api: Api, tap: WatchTap) {
    this.#response = response
    this.#kind = kind
    this.#shape = shape
    this.#api = api
    this.#tap = tap
  }

  open(): void {
    const { as } = this.#shape
    this.#response.writeHead(200, {
      'content-type': as === 'table' ? 'application/json;as=Table;v=v1;g=meta.k8s.io' : 'application/json',
      'cache-control': 'no-cache, private',
    })
    // Headers first: a client must know that it is watching although nothing happens.
    this.#response.flushHeaders()
    this.#tap.attach({
      resource: this.#kind.plural,
      write: (line) => this.#write(line),
      fail: (status) => {
        this.error(status)
        this.end()
      },
      cut: () => this.#response.socket?.destroy(),
    })
  }

  event(type: Change['type'], object: ApiObject): void {
    this.#tap.send(`{"type":"${type}","object":${this.#text(object)}}\n`)
  }

  bookmark(revision: number, endsInitialEvents = false): void {
    const metadata = {
      resourceVersion: String(revision),
      ...(endsInitialEvents ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
    }
    const object = { kind: this.#kind.kind, apiVersion: apiVersionOf(this.#kind), metadata }
    this.#tap.send(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`)
  }

  error(status: JsonObject): void {
    this.#write(`${JSON.stringify({ type: 'ERROR', object: status })}\n`)
  }

  end(): void {
    this.#response.end()
  }

  onClose(callback: () => void): void {
    this.#response.on('close', () => {
      this.#tap.detach()
      callback()
    })
  }

  #text(object: ApiObject): string {
    if (this.#shape.as !== 'object') {
      const shaped = shapedEvent(object, this.#kind, this.#shape, this.#first, this.#api.clock.nowMs())
      this.#first = false
      return JSON.stringify(shaped)
    }
    return textOf(object, true)
  }

  #write(line: string): void {
    if (this.#response.writableEnded || this.#response.destroyed) return
    this.#response.write(line)
    if (this.#response.writableLength > MAX_WAITING_BYTES) this.#response.socket?.destroy()
  }
}
