import { LabError } from '../../errors.ts'
import type { Clock } from '../../ports.ts'
import type { ChangeType, StreamFacts, StreamName } from '../../timeline/observation.ts'
import type { Timeline } from '../../timeline/timeline.ts'
import { abortError } from '../connection-errors.ts'
import { FACTS } from '../facts.ts'
import { compareVersions } from '../watch/position.ts'
import type { WatchHandler } from '../watch.ts'

type ObjectFacts = StreamFacts[StreamName]

/** So long a new list may take. */
const RELIST_MS = 30_000

/** Writes one stream's lists and events into the timeline, and knows how the stream fares. */
export class StreamRecorder implements WatchHandler {
  readonly stream: StreamName
  /** Resolves with the first list; rejects when there will be none. The events stream resolves either way. */
  readonly firstList: Promise<void>
  readonly #timeline: Timeline
  readonly #clock: Clock
  readonly #signal: AbortSignal
  #settle: { readonly resolve: () => void; readonly reject: (reason: unknown) => void }
  /** What is there as far as we know, by name: two of one name are never there at once. */
  #known = new Map<string, ObjectFacts>()
  /** UIDs of what was there and is not. */
  readonly #ended = new Set<string>()
  #lists = 0
  /** Position in the timeline by which nothing was missing. */
  #sure = 0
  /** What an event showed to be missing. */
  #missed: string | null = null
  readonly #heard = new Set<() => void>()
  #lost: { readonly error: LabError; readonly heardAt: number } | null = null
  #bug: unknown = null

  constructor(stream: StreamName, timeline: Timeline, clock: Clock, signal: AbortSignal) {
    this.stream = stream
    this.#timeline = timeline
    this.#clock = clock
    this.#signal = signal
    this.#settle = { resolve: () => undefined, reject: () => undefined }
    this.firstList = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    signal.addEventListener('abort', () => this.#settle.reject(abortError(signal)), { once: true })
    if (signal.aborted) this.#settle.reject(abortError(signal))
    // Several streams may fail at once, and only the first failure is waited for.
    this.firstList.catch(() => undefined)
  }

  /** How often it has been listed. */
  get lists(): number {
    return this.#lists
  }

  get trouble(): LabError | null {
    return this.#lost?.error ?? null
  }

  /** What ended the stream though it was no fault of the cluster's. */
  get bug(): unknown {
    return this.#bug
  }

  lostForMs(): number {
    return this.#lost === null ? 0 : Math.max(1, this.#clock.monotonicMs() - this.#lost.heardAt)
  }

  listed(items: readonly unknown[]): void {
    const there = new Map<string, ObjectFacts>()
    const unreadable: unknown[] = []
    for (const item of items) {
      const facts = this.#parse(item)
      if (facts === null) unreadable.push(item)
      else there.set(facts.name, facts)
    }
    const before = this.#known
    this.#known = there
    this.#lost = null
    if (unreadable.length > 0) this.gap(`${unreadable.length} listed object(s) could not be understood`)
    for (const facts of there.values()) this.#append('listed', facts)
    for (const [name, facts] of before)
      if (there.get(name)?.uid !== facts.uid) {
        this.#ended.add(facts.uid)
        this.#append('vanished', facts)
      }
    this.#sure = this.#timeline.observations.length
    this.#lists += 1
    this.#settle.resolve()
    this.#tellHeard()
  }

  changed(type: 'added' | 'modified' | 'deleted', object: unknown): boolean {
    const facts = this.#parse(object)
    if (facts === null) return false
    const known = this.#known.get(facts.name)
    this.#missed = untold(type, facts, known)
    if (this.#missed !== null) return false
    if (type === 'deleted') {
      this.#known.delete(facts.name)
      this.#ended.add(facts.uid)
    } else this.#known.set(facts.name, facts)
    this.#append(type, facts)
    this.#tellHeard()
    return true
  }

  gap(reason: string, missed = false): void {
    const untold = this.#missed
    this.#missed = null
    if (this.#signal.aborted) return
    const since = missed || untold !== null ? { since: this.#sure } : {}
    this.#timeline.append({ stream: this.stream, type: 'gap', reason: untold ?? reason, ...since })
  }

  /**
   * Holds what is known against a list, giving the watch `patienceMs` to tell what it has not told yet.
   * @returns what is still missing then; null: nothing
   */
  async compare(
    items: readonly unknown[],
    resourceVersion: string,
    patienceMs: number,
    signal: AbortSignal,
  ): Promise<string | null> {
    const listed = items.flatMap((item) => this.#parse(item) ?? [])
    await this.#untilHeard(() => this.#missing(listed, resourceVersion) === null, patienceMs, signal)
    const missing = this.#missing(listed, resourceVersion)
    if (missing === null) this.#sure = this.#timeline.observations.length
    return missing
  }

  /** Resolves when the stream has been listed once more. @returns false when that took too long */
  async relisted(before: number, signal: AbortSignal): Promise<boolean> {
    await this.#untilHeard(() => this.#lists > before, RELIST_MS, signal)
    return this.#lists > before
  }

  #missing(listed: readonly ObjectFacts[], resourceVersion: string): string | null {
    const uids = new Set(listed.map(({ uid }) => uid))
    for (const facts of listed) {
      const known = this.#known.get(facts.name)
      const isKnown =
        known?.uid === facts.uid
          ? compareVersions(known.resourceVersion, facts.resourceVersion) >= 0
          : this.#ended.has(facts.uid)
      if (!isKnown) return `a change of ${facts.name}`
    }
    for (const known of this.#known.values())
      if (!uids.has(known.uid) && compareVersions(known.resourceVersion, resourceVersion) <= 0)
        return `the end of ${known.name}`
    return null
  }

  async #untilHeard(fits: () => boolean, ms: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController()
    const stop = () => over.abort(abortError(signal))
    const look = () => {
      if (fits()) over.abort()
    }
    this.#heard.add(look)
    signal.addEventListener('abort', stop, { once: true })
    look()
    await this.#clock.sleep(ms, over.signal).catch(() => undefined)
    this.#heard.delete(look)
    signal.removeEventListener('abort', stop)
    if (signal.aborted) throw abortError(signal)
  }

  #tellHeard(): void {
    for (const look of [...this.#heard]) look()
  }

  connected(): void {
    this.#lost = null
  }

  lost(error: LabError, heardAt: number): void {
    // While it stays lost, `heardAt` does not move: the server was last heard before the first failure.
    this.#lost = { error, heardAt: this.#lost?.heardAt ?? heardAt }
  }

  /** The watch has ended with an error: refused at the first list, or a bug. */
  fail(error: unknown): void {
    if (error instanceof LabError && this.stream === 'events') {
      this.#settle.resolve()
      return
    }
    if (!(error instanceof LabError)) this.#bug = error
    // From now on nothing is heard, and whoever looks at lostForMs shall see that grow.
    const trouble =
      error instanceof LabError ? error : new LabError('undecided', 'recording-ended', String(error))
    this.lost(trouble, this.#clock.monotonicMs())
    this.#settle.reject(error)
  }

  /** Never throws, whatever a student made: what cannot be read must not end the recording. */
  #parse(object: unknown): ObjectFacts | null {
    try {
      return FACTS[this.stream](object)
    } catch {
      return null
    }
  }

  #append(type: ChangeType, object: ObjectFacts): void {
    if (this.#signal.aborted) return
    // `stream` and `object` belong together by construction (FACTS), which the union cannot express.
    this.#timeline.append({ stream: this.stream, type, object } as Parameters<Timeline['append']>[0])
  }
}

/** What must have happened before an event, and was not told; null where nothing is missing. */
function untold(
  type: 'added' | 'modified' | 'deleted',
  facts: ObjectFacts,
  known: ObjectFacts | undefined,
): string | null {
  if (known !== undefined && known.uid !== facts.uid)
    return `the watch did not tell that ${known.name} was gone`
  if (known === undefined && type !== 'added') return `the watch did not tell that ${facts.name} was made`
  return null
}
