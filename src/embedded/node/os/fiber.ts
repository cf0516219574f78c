import type { ClusterClock } from '../../clock.ts'

/** What a task waits for: arranges that `wake` is called, and returns what calls it off. */
export type Wait = (wake: () => void) => () => void

/**
 * Something that takes its time. It yields what it waits for and may be woken early, so whoever waits for a
 * condition asks for it again. Generators rather than promises: a task runs under a clock that is moved by hand,
 * it can be stopped at any point, and its `finally` blocks run when it is.
 */
export type Task<T> = Generator<Wait, T, void>

export type TaskEnd<T> =
  | { readonly how: 'done'; readonly value: T }
  | { readonly how: 'failed'; readonly error: unknown }
  | { readonly how: 'stopped' }

/** A task that is under way. */
export class Fiber<T> {
  readonly #clock: ClusterClock
  readonly #task: Task<T>
  readonly #ended: (end: TaskEnd<T>) => void
  #callOff: (() => void) | null = null
  #running = false
  #stopping = false
  #over = false

  constructor(clock: ClusterClock, task: Task<T>, ended: (end: TaskEnd<T>) => void) {
    this.#clock = clock
    this.#task = task
    this.#ended = ended
  }

  /** Runs it at once, until it first waits. */
  start(): void {
    this.#step()
  }

  /** Wakes it from whatever it waits for. */
  interrupt(): void {
    if (this.#over || this.#running) return
    this.#callOff?.()
    this.#callOff = null
    this.#clock.soon(() => this.#step())
  }

  /** Ends it where it is. One that stops itself goes on until it next waits. */
  stop(): void {
    if (this.#over) return
    this.#stopping = true
    if (this.#running) return
    this.#callOff?.()
    this.#callOff = null
    this.#end()
  }

  #step(): void {
    if (this.#over || this.#running || this.#callOff !== null) return
    this.#running = true
    try {
      const { done, value } = this.#task.next()
      if (done === true) this.#finish({ how: 'done', value })
      else if (!this.#stopping) {
        let woken = false
        const callOff = value(() => {
          if (woken) return
          woken = true
          this.#callOff = null
          this.#clock.soon(() => this.#step())
        })
        if (!woken) this.#callOff = callOff
      }
    } catch (error) {
      this.#finish({ how: 'failed', error })
    } finally {
      this.#running = false
    }
    if (this.#stopping) this.#end()
  }

  #end(): void {
    if (this.#over) return
    this.#running = true
    try {
      this.#task.return(undefined as T)
    } catch {
      // It is being ended: what its last words stumble over is nobody's concern.
    }
    this.#finish({ how: 'stopped' })
  }

  #finish(end: TaskEnd<T>): void {
    this.#running = false
    if (this.#over) return
    this.#over = true
    this.#ended(end)
  }
}

/** Starts a task; `ended` hears how it came out. */
export function start<T>(clock: ClusterClock, task: Task<T>, ended: (end: TaskEnd<T>) => void): Fiber<T> {
  const fiber = new Fiber(clock, task, ended)
  fiber.start()
  return fiber
}

/** Lets cluster time pass. */
export function* sleep(clock: ClusterClock, ms: number): Task<void> {
  const until = clock.elapsedMs() + ms
  for (let left = ms; left > 0; left = until - clock.elapsedMs()) {
    const wait = left
    yield (wake) => clock.setTimer(wait, wake)
  }
}

/** Where tasks wait for a change that somebody else makes. */
export class Gate {
  readonly #waiting = new Set<() => void>()

  readonly wait: Wait = (wake) => {
    this.#waiting.add(wake)
    return () => {
      this.#waiting.delete(wake)
    }
  }

  open(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }
}

/** Waits for any of several things. */
export const anyOf =
  (...waits: readonly Wait[]): Wait =>
  (wake) => {
    const callOffs = waits.map((wait) => wait(wake))
    return () => {
      for (const callOff of callOffs) callOff()
    }
  }
