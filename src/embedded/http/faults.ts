import type { JsonObject } from '../object.ts'
import { expired, StatusError } from '../status.ts'

/** What may go wrong with a request, once or for good. */
export type RequestFault =
  | { readonly kind: 'status'; readonly code: number; readonly reason: string; readonly message: string }
  | { readonly kind: 'delay'; readonly ms: number }
  /** The connection breaks before an answer. */
  | { readonly kind: 'cut' }

export interface FaultRule {
  readonly fault: RequestFault
  readonly method?: string
  /** Matched against the path without the query. */
  readonly path?: RegExp
  /** Left out: until it is removed. */
  readonly times?: number
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

type Taps = { readonly watch: OpenWatch; readonly held: string[] }

/**
 * Faults on demand: a real API server's bad days, for tests. They act on what goes over HTTP; the store and the
 * controllers in this process do not notice.
 */
export class Faults {
  readonly #rules = new Set<{ readonly rule: FaultRule; left: number }>()
  readonly #open = new Set<Taps>()
  #stalled: ((resource: string) => boolean) | null = null
  #reorder = 0

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

  #pass({ watch, held }: Taps, line: string): void {
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
