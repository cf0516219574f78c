import type { ClusterClock } from '../clock.ts'
import type { Shelf } from '../node/os/shelf.ts'
import type { ApiObject } from '../object.ts'
import { textOf } from '../object-text.ts'
import type { Change } from '../store/change.ts'
import { keyOf, type Store } from '../store/store.ts'
import { DeviceTree } from './device-tree.ts'
import type { Header } from './format.ts'
import { Journal } from './journal.ts'

/** What happens within this time is written at once, and of what changed several times only the last. */
const GATHER_MS = 10
/** Writing may take this part of the time: after a long one the next waits longer. */
const SHARE = 10
/** How often it leaves a sign of life. */
const ALIVE_MS = 30_000
/** Objects in one record of a rewritten journal. */
const CHUNK = 100

export interface KeeperSetting {
  readonly file: string
  readonly header: Header
  readonly clock: ClusterClock
  readonly store: Store
  readonly shelf: Shelf
  /** What the journal has of the shelf already. */
  readonly trees: ReadonlyMap<string, DeviceTree>
  /** Length of the journal to go on with; null: a new one is begun. */
  readonly resume: number | null
  /** null: it can be written again. */
  readonly trouble: (error: Error | null) => void
}

/** Keeps a cluster's journal: hears of every change and writes it down, soon, or at once when `flush` is called. */
export class Keeper {
  readonly #setting: KeeperSetting
  readonly #journal: Journal
  readonly #trees: Map<string, DeviceTree>
  /** By resource and key; null: it is gone. */
  readonly #objects = new Map<
    string,
    { readonly resource: string; readonly key: string; object: ApiObject | null }
  >()
  readonly #devices = new Set<string>()
  readonly #pulse: NodeJS.Timeout
  #timer: NodeJS.Timeout | null = null
  #lastMs = 0
  #closed = false

  constructor(setting: KeeperSetting) {
    this.#setting = setting
    this.#trees = new Map(setting.trees)
    this.#journal = new Journal({
      file: setting.file,
      whole: () => this.#whole(),
      trouble: setting.trouble,
    })
    setting.store.listen((resource, change) => this.#note(resource, change))
    setting.shelf.listen((key) => {
      this.#devices.add(key)
      this.#soon()
    })
    if (setting.resume === null) this.#journal.begin()
    else this.#journal.resume(setting.resume)
    this.#pulse = setInterval(() => this.#journal.alive(), ALIVE_MS)
    this.#pulse.unref()
  }

  /** What has happened until now is written when this returns. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#closed || (this.#objects.size === 0 && this.#devices.size === 0)) return
    const startMs = performance.now()
    const text = this.#batch()
    this.#journal.append(text)
    this.#lastMs = performance.now() - startMs
  }

  /** Writes the rest and hears no more. */
  close(): void {
    if (this.#closed) return
    this.flush()
    this.#closed = true
    clearInterval(this.#pulse)
    this.#journal.close()
  }

  #note(resource: string, { type, object }: Change): void {
    const key = keyOf(object.metadata.namespace, object.metadata.name)
    this.#objects.set(`${resource} ${key}`, { resource, key, object: type === 'DELETED' ? null : object })
    this.#soon()
  }

  #soon(): void {
    if (this.#timer !== null || this.#closed) return
    this.#timer = setTimeout(() => this.flush(), Math.max(GATHER_MS, this.#lastMs * SHARE))
    this.#timer.unref()
  }

  #batch(): string {
    const put: string[] = []
    const gone: (readonly [string, string])[] = []
    for (const { resource, key, object } of this.#objects.values())
      if (object === null) gone.push([resource, key])
      else put.push(`["${resource}",${textOf(object)}]`)
    this.#objects.clear()
    const devices: string[] = []
    const lost: string[] = []
    for (const key of this.#devices) this.#followDevice(key, devices, lost)
    this.#devices.clear()
    return this.#record({ put, devices, rest: { gone, lost } })
  }

  #followDevice(key: string, devices: string[], lost: string[]): void {
    const device = this.#setting.shelf.find(key)
    const known = this.#trees.get(key)
    const isAnother = known !== undefined && known.id !== device?.id
    if (isAnother) {
      lost.push(key)
      this.#trees.delete(key)
    }
    if (device === null) return
    const tree = isAnother || known === undefined ? new DeviceTree(key) : known
    this.#trees.set(key, tree)
    const record = tree.follow(device)
    if (record !== null) devices.push(JSON.stringify(record))
  }

  #record(parts: {
    readonly put: readonly string[]
    readonly devices: readonly string[]
    readonly rest?: Readonly<Record<string, readonly unknown[]>>
  }): string {
    const { clock, store } = this.#setting
    const lists = Object.entries(parts.rest ?? {}).filter(([, list]) => list.length > 0)
    const fields = [
      `"at":${Math.round(clock.nowMs())}`,
      `"revision":${store.revision}`,
      ...(parts.put.length > 0 ? [`"put":[${parts.put.join(',')}]`] : []),
      ...(parts.devices.length > 0 ? [`"devices":[${parts.devices.join(',')}]`] : []),
      ...lists.map(([name, list]) => `"${name}":${JSON.stringify(list)}`),
    ]
    return `{${fields.join(',')}}`
  }

  /**
   * As of now, however long it takes to read: objects are never changed in place, and of devices it is what has been
   * written of them. What is waiting to be written comes after it.
   */
  #whole(): Iterable<string> {
    const { header, store } = this.#setting
    const objects = [...store.contents().resources].flatMap(([resource, all]) =>
      [...all.values()].map((object) => [resource, object] as const),
    )
    const devices = [...this.#trees.values()].map((tree) => tree.whole())
    const record = this.#record.bind(this)
    return (function* () {
      yield JSON.stringify(header)
      for (let from = 0; from < objects.length; from += CHUNK) {
        const put = objects
          .slice(from, from + CHUNK)
          .map(([resource, object]) => `["${resource}",${textOf(object)}]`)
        yield record({ put, devices: [] })
      }
      for (const device of devices) yield record({ put: [], devices: [JSON.stringify(device)] })
    })()
  }
}
