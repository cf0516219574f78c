import { LabError } from '../../errors.ts'
import type { Clock } from '../../ports.ts'
import type { ChangeType, StreamFacts, StreamName } from '../../timeline/observation.ts'
import type { Timeline } from '../../timeline/timeline.ts'
import { abortError } from '../connection-errors.ts'
import { FACTS } from '../facts.ts'
import type { WatchHandler } from '../watch.ts'

type ObjectFacts = StreamFacts[StreamName]

/** Writes one stream's lists and events into the timeline, and knows how the stream fares. */
export class StreamRecorder implements WatchHandler {
  readonly stream: StreamName
  /** Resolves with the first list; rejects when there will be none. The events stream resolves either way. */
  readonly firstList: Promise<void>
  readonly #timeline: Timeline
  readonly #clock: Clock
  readonly #signal: AbortSignal
  #settle: { readonly resolve: () => void; readonly reject: (reason: unknown) => void }
  /** What is there as far as we know, by UID. */
  #known = new Map<string, ObjectFacts>()
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
      else there.set(facts.uid, facts)
    }
    const before = this.#known
    this.#known = there
    this.#lost = null
    if (unreadable.length > 0) this.gap(`${unreadable.length} listed object(s) could not be understood`)
    for (const facts of there.values()) this.#append('listed', facts)
    for (const [uid, facts] of before) if (!there.has(uid)) this.#append('vanished', facts)
    this.#settle.resolve()
  }

  changed(type: 'added' | 'modified' | 'deleted', object: unknown): boolean {
    const facts = this.#parse(object)
    if (facts === null) return false
    if (type === 'deleted') this.#known.delete(facts.uid)
    else this.#known.set(facts.uid, facts)
    this.#append(type, facts)
    return true
  }

  gap(reason: string): void {
    if (!this.#signal.aborted) this.#timeline.append({ stream: this.stream, type: 'gap', reason })
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
