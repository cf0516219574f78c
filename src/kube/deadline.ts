import type { LabError } from '../errors.ts'
import { onAbort } from './abort-listener.ts'
import type { RequestStage } from './connection-errors.ts'
import { abortError, connectionError, timeoutError } from './connection-errors.ts'

/** What one request may take: it is cut when the time is over or the signal aborted, and says how far it came. */
export class Deadline {
  stage: RequestStage = 'connecting'
  /** The request went over a connection that had been idle: the server may have closed it meanwhile. */
  reusedSocket = false
  readonly #signal: AbortSignal
  readonly #server: string
  readonly #timeoutMs: number
  readonly #what: string
  #failure: LabError | null = null
  #target: { destroy(error: Error): unknown } | null = null
  #timer: NodeJS.Timeout | undefined
  #unlisten = (): void => {}

  constructor(options: { signal: AbortSignal; server: string; timeoutMs: number; what: string }) {
    this.#signal = options.signal
    this.#server = options.server
    this.#timeoutMs = options.timeoutMs
    this.#what = options.what
  }

  /** Starts the clock. @throws LabError when the signal is aborted already: it will fire no event any more. */
  start(): void {
    if (this.#signal.aborted) throw abortError(this.#signal)
    this.#unlisten = onAbort(this.#signal, () => this.#fail(abortError(this.#signal)))
    this.#timer = setTimeout(() => {
      this.#fail(timeoutError(this.#server, this.stage, this.#timeoutMs, this.#what))
    }, this.#timeoutMs)
  }

  /** Names what is to be cut. */
  guard(target: { destroy(error: Error): unknown }): void {
    this.#target = target
    if (this.#failure !== null) target.destroy(this.#failure)
  }

  get expired(): boolean {
    return this.#failure !== null
  }

  /** Our own reason for cutting, else what the connection's fault means. */
  explain(error: unknown): LabError {
    return this.#failure ?? connectionError(error, this.#server, this.stage)
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#unlisten()
  }

  #fail(failure: LabError): void {
    this.#failure ??= failure
    this.#target?.destroy(this.#failure)
  }
}
