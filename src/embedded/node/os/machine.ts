import type { ClusterClock } from '../../clock.ts'
import type { Sandbox } from '../net/network.ts'
import { TooMuchWork } from './bounded-work.ts'
import { Errno } from './errno.ts'
import { type Fiber, sleep, start, type Task } from './fiber.ts'
import type { Files } from './files.ts'
import type { Handle } from './handle.ts'
import { ContainerMemory, NodeMemory, OutOfMemory } from './memory.ts'
import { type Exit, Process } from './process.ts'
import { numberOf, type Signal } from './signals.ts'

/** What a container may use. */
export interface Limits {
  readonly processes: number
  /** Any one text that a program holds: a variable, a command's output. */
  readonly textBytes: number
  /** Steps that take no cluster time; then the machine takes a breath, so that a busy loop leaves room for others. */
  readonly stepsPerBreath: number
}

const LIMITS: Limits = { processes: 96, textBytes: 4 * 1024 * 1024, stepsPerBreath: 20_000 }
const BREATH_MS = 10
/** Steps differ: whatever they are, nobody else waits longer than about this, in real time. */
const LONGEST_MS = 50
const STEPS_PER_LOOK = 32

/** A program: what a process does. Resolves to its exit code. */
export type Program = (process: Process, argv: readonly string[]) => Task<number>

/** What runs under the name of a file, null when it is no program. */
export type ProgramFinder = (name: string) => Program | null

/** The processes of one container: a pid namespace, files, and a share of the pod's network. */
export class Machine {
  readonly clock: ClusterClock
  readonly files: Files
  readonly sandbox: Sandbox
  readonly programs: ProgramFinder
  readonly hostname: string
  readonly limits: Limits
  /** busybox's version: what its programs print depends on it. */
  readonly version: string
  readonly memory: ContainerMemory
  readonly processes = new Map<number, Process>()
  readonly #fibers = new Map<Process, Fiber<number>>()
  readonly #endings = new Map<Process, (exit: Exit) => void>()
  #pids = 0
  #steps = 0
  #looked = 0
  #stretchBeganAt: number | null = null
  #closed = false

  constructor(options: {
    readonly clock: ClusterClock
    readonly files: Files
    readonly sandbox: Sandbox
    readonly programs: ProgramFinder
    readonly hostname: string
    readonly version: string
    readonly limits?: Limits
    readonly memory?: ContainerMemory
  }) {
    this.clock = options.clock
    this.files = options.files
    this.sandbox = options.sandbox
    this.programs = options.programs
    this.hostname = options.hostname
    this.version = options.version
    this.limits = options.limits ?? LIMITS
    this.memory = options.memory ?? new ContainerMemory(new NodeMemory())
  }

  /**
   * Starts a process at once, until it first waits.
   * @param parent null for what comes from outside: the container's command, an exec
   * @throws Errno EAGAIN when there are too many
   */
  spawn(
    parent: Process | null,
    argv: readonly string[],
    body: (process: Process) => Task<number>,
    options: {
      /** Changes it before it runs. */
      readonly prepare?: (process: Process) => void
      readonly ended?: (exit: Exit) => void
    } = {},
  ): Process {
    if (this.processes.size >= this.limits.processes || this.#closed) throw new Errno('EAGAIN')
    this.#pids += 1
    const process = new Process(this, this.#pids, parent, argv)
    this.processes.set(process.pid, process)
    parent?.children.set(process.pid, process)
    if (options.ended !== undefined) this.#endings.set(process, options.ended)
    options.prepare?.(process)
    this.spend(50)
    const fiber = startFiber(this, process, body)
    if (process.exit === null) this.#fibers.set(process, fiber)
    return process
  }

  /** @param from the sender's own view: process 1 is safe from its own kind, not from the node's KILL */
  signal(process: Process, signal: Signal, from: 'inside' | 'outside' = 'inside'): void {
    if (process.exit !== null) return
    if (from === 'inside' && process.pid === 1 && signal === 'KILL') return
    switch (process.effectOf(signal)) {
      case 'none':
        return
      case 'handled': {
        const handler = process.handlers.get(signal)
        if (typeof handler === 'function') handler()
        process.news.open()
        return
      }
      case 'end':
        this.end(process, { code: 128 + numberOf(signal), signal })
    }
  }

  /** Ends everything. */
  close(): void {
    this.#closed = true
    for (const process of [...this.processes.values()]) this.end(process, { code: 137, signal: 'KILL' })
    this.memory.close()
  }

  end(process: Process, exit: Exit): void {
    if (process.exit !== null) return
    process.exit = exit
    this.processes.delete(process.pid)
    const fiber = this.#fibers.get(process)
    this.#fibers.delete(process)
    fiber?.stop()
    for (const handle of process.fds.values()) handle.close()
    process.fds.clear()
    this.sandbox.closed(process)
    const first = this.processes.get(1) ?? null
    for (const child of process.children.values()) if (child.exit === null) child.parent = first
    process.children.clear()
    process.parent?.news.open()
    if (process.pid === 1) this.close()
    this.#endings.get(process)?.(exit)
    this.#endings.delete(process)
  }

  /** Counts work done. */
  spend(steps: number): void {
    this.#steps += steps
  }

  /** Where a loop can be cut: when much was done in no time, some time passes. */
  *breathe(): Task<void> {
    this.#steps += 1
    this.#looked += 1
    if (this.#steps < this.limits.stepsPerBreath && !this.#hasWorkedLong()) return
    this.#steps = 0
    yield* sleep(this.clock, BREATH_MS)
  }

  #hasWorkedLong(): boolean {
    if (this.#looked < STEPS_PER_LOOK) return false
    this.#looked = 0
    if (this.#stretchBeganAt !== null) return performance.now() - this.#stretchBeganAt > LONGEST_MS
    this.#stretchBeganAt = performance.now()
    // When this is called, others have had their turn.
    this.clock.soon(() => {
      this.#stretchBeganAt = null
    })
    return false
  }

  /** Opens a pair of ends. */
  give(process: Process, fds: Readonly<Record<number, Handle>>): void {
    for (const [fd, handle] of Object.entries(fds)) process.setFd(Number(fd), handle)
  }
}

function startFiber(
  machine: Machine,
  process: Process,
  body: (process: Process) => Task<number>,
): Fiber<number> {
  return start(machine.clock, lifeOf(process, body), (end) => {
    if (end.how === 'done') machine.end(process, { code: end.value & 255, signal: null })
    // What no program foresees ends it as a fault does: too deep a recursion, above all.
    else if (end.how === 'failed')
      machine.end(
        process,
        end.error instanceof Errno ? { code: 1, signal: null } : { code: 139, signal: 'SEGV' },
      )
  })
}

const KILLED = { code: 137, signal: 'KILL' } as const

/** What a process does, up to the end that a limit of the node may put to it. */
function* lifeOf(process: Process, body: (process: Process) => Task<number>): Task<number> {
  try {
    return yield* body(process)
  } catch (error) {
    const { machine } = process
    if (error instanceof OutOfMemory) machine.end(process, { ...KILLED, outOfMemory: true })
    else if (error instanceof TooMuchWork) {
      // No kernel would do this, so nobody would guess it.
      yield* process.warn('Killed: the simulated node ends what works too long without a pause\n')
      machine.end(process, KILLED)
    } else throw error
    return KILLED.code
  }
}
