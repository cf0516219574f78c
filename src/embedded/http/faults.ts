import { type JsonObject, textAt } from '../object.ts'
import { expired, StatusError } from '../status.ts'

/** What may go wrong with a request, once or for good. */
export type RequestFault =
  | { readonly kind: 'status'; readonly code: number; readonly reason: string; readonly message: string }
  | { readonly kind: 'delay'; readonly ms: number }
  /** The connection breaks before an answer. */
  | { readonly kind: 'cut' }
  /** An exec: the connection breaks when so much of what the command prints has gone out. */
  | { readonly kind: 'cut-after'; readonly bytes: number }
  /** An exec: what the command prints after so much is lost, and its end is told as if nothing was. */
  | { readonly kind: 'lose-after'; readonly bytes: number }

export interface FaultRule {
  readonly fault: RequestFault
  readonly method?: string
  /** Matched against the path without the query. */
  readonly path?: RegExp
  /** Left out: until it is removed. */
  readonly times?: number
}

/** What a watch is about to tell. */
export interface ToldEvent {
  readonly resource: string
  readonly type: string
  readonly name: string
  readonly object: JsonObject
}

/** One open watch, as the faults see it. */
interface OpenWatch {
  readonly resource: string
  write(line: string): void
  fail(status: JsonObject): void
  cut(): void
}

/** What stands between a watch and its client. */
export interface WatchTap {
  attach(watch: OpenWatch): void
  send(line: string): void
  detach(): void
}

/** Which revision a list or a get answers with, of a resource; null: the present one. */
type Staleness = (resource: string) => number | null

type Taps = { readonly watch: OpenWatch; readonly held: string[] }

const loseNothing = (): boolean => false

/**
 * Faults on demand: a real API server's bad days, for tests. They act on what goes over HTTP; the store and the
 * controllers in this process do not notice.
 */
export class Faults {
  readonly #rules = new Set<{ readonly rule: FaultRule; left: number }>()
  readonly #open = new Set<Taps>()
  #stalled: ((resource: string) => boolean) | null = null
  #reorder = 0
  #copies = 1
  #loses: (event: ToldEvent) => boolean = loseNothing
  #staleness: Staleness = () => null

  /** @returns a function that takes the fault back */
  add(rule: FaultRule): () => void {
    const entry = { rule, left: rule.times ?? Number.POSITIVE_INFINITY }
    this.#rules.add(entry)
    return () => this.#rules.delete(entry)
  }

  /** The fault that meets a request; it counts as used. */
  take(method: string, path: string): RequestFault | null {
    for (const entry of this.#rules) {
      const { rule } = entry
      if (rule.method !== undefined && rule.method !== method) continue
      if (rule.path !== undefined && !rule.path.test(path)) continue
      entry.left -= 1
      if (entry.left <= 0) this.#rules.delete(entry)
      return rule.fault
    }
    return null
  }

  /** Breaks the connections of all open watches (of a resource). @returns how many */
  cutWatches(resource?: string): number {
    return this.#each(resource, ({ watch }) => watch.cut())
  }

  /** Ends open watches with 410 Gone: their clients must list again. @returns how many */
  expireWatches(resource?: string): number {
    return this.#each(resource, ({ watch }) => watch.fail(expired('too old resource version').toStatus()))
  }

  /** Ends open watches with an error event of any code. @returns how many */
  failWatches(code: number, reason: string, message: string, resource?: string): number {
    return this.#each(resource, ({ watch }) => watch.fail(new StatusError(code, reason, message).toStatus()))
  }

  /** From now on watches stay open and silent, until `resumeWatches`. */
  stallWatches(resource?: string): void {
    this.#stalled = (other) => resource === undefined || resource === other
  }

  /** Delivers what was held back. */
  resumeWatches(): void {
    this.#stalled = null
    for (const { watch, held } of this.#open) for (const line of held.splice(0)) watch.write(line)
  }

  /** Events go out in groups of `size`, each group backwards. 0 ends it, and delivers what is left. */
  reorderEvents(size: number): void {
    this.#reorder = size
    if (size === 0) this.resumeWatches()
  }

  /** Each event goes out so many times. */
  repeatEvents(copies: number): void {
    this.#copies = copies
  }

  /** What `loses` says of is not told, and the watch goes on as if nothing was. @returns a function that ends it */
  loseEvents(loses: (event: ToldEvent) => boolean): () => void {
    this.#loses = loses
    return () => {
      this.#loses = loseNothing
    }
  }

  /** The server is gone: what is open breaks, and what is asked is cut off. @returns a function that brings it back */
  goAway(): () => void {
    const back = this.add({ fault: { kind: 'cut' } })
    this.cutWatches()
    return back
  }

  /**
   * Lists of a resource answer what was at `revision`, and watches may go on from there: a server whose cache is
   * behind. @returns a function that ends it
   */
  staleLists(resource: string, revision: number): () => void {
    this.#staleness = (other) => (other === resource ? revision : null)
    return () => {
      this.#staleness = () => null
    }
  }

  /** For the list handler. */
  staleRevision(resource: string): number | null {
    return this.#staleness(resource)
  }

  /** For the watch handler: one of these for each open watch. */
  tap(): WatchTap {
    let taps: Taps | null = null
    return {
      attach: (watch) => {
        taps = { watch, held: [] }
        this.#open.add(taps)
      },
      send: (line) => {
        if (taps !== null) this.#pass(taps, line)
      },
      detach: () => {
        if (taps !== null) this.#open.delete(taps)
      },
    }
  }

  get openWatches(): number {
    return this.#open.size
  }

  #pass(taps: Taps, line: string): void {
    if (this.#isLost(taps.watch.resource, line)) return
    for (let copy = 0; copy < this.#copies; copy++) this.#deliver(taps, line)
  }

  #isLost(resource: string, line: string): boolean {
    if (this.#loses === loseNothing) return false
    const { type, object } = JSON.parse(line) as { type: string; object: JsonObject }
    return this.#loses({ resource, type, name: textAt(object, 'metadata', 'name'), object })
  }

  #deliver({ watch, held }: Taps, line: string): void {
    if (this.#stalled?.(watch.resource) === true) {
      held.push(line)
      return
    }
    held.push(line)
    if (held.length >= this.#reorder) for (const late of held.splice(0).reverse()) watch.write(late)
  }

  #each(resource: string | undefined, act: (taps: Taps) => void): number {
    const hit = [...this.#open].filter(({ watch }) => resource === undefined || watch.resource === resource)
    for (const taps of hit) act(taps)
    return hit.length
  }
}
