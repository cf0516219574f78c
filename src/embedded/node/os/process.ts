import { Errno } from './errno.ts'
import { Gate, type Task } from './fiber.ts'
import type { Files } from './files.ts'
import type { Handle } from './handle.ts'
import type { Machine } from './machine.ts'
import { isHarmless, type Signal } from './signals.ts'

/** How a process ended. */
export interface Exit {
  readonly code: number
  /** Ended by it. */
  readonly signal: Signal | null
  /** The kernel ended it: it asked for memory that there is not. */
  readonly outOfMemory?: true
}

export type Handler = 'ignore' | (() => void)

/** A process of a container. Its life is in the hands of its machine. */
export class Process {
  readonly pid: number
  readonly machine: Machine
  parent: Process | null
  argv: readonly string[]
  cwd: string
  env: Map<string, string>
  umask = 0o022
  uid = 0
  gid = 0
  groups: readonly number[] = []
  readonly fds = new Map<number, Handle>()
  readonly handlers = new Map<Signal, Handler>()
  readonly children = new Map<number, Process>()
  /** Opens when a child ends or a handled signal comes. */
  readonly news = new Gate()
  exit: Exit | null = null

  constructor(machine: Machine, pid: number, parent: Process | null, argv: readonly string[]) {
    this.machine = machine
    this.pid = pid
    this.parent = parent
    this.argv = argv
    this.cwd = parent?.cwd ?? '/'
    this.env = new Map(parent?.env ?? [])
    if (parent !== null) {
      this.umask = parent.umask
      this.uid = parent.uid
      this.gid = parent.gid
      this.groups = parent.groups
      for (const [fd, handle] of parent.fds) this.fds.set(fd, handle.share())
      for (const [signal, handler] of parent.handlers)
        if (handler === 'ignore') this.handlers.set(signal, handler)
    }
  }

  get files(): Files {
    return this.machine.files
  }

  get isRoot(): boolean {
    return this.uid === 0
  }

  fd(number: number): Handle {
    const handle = this.fds.get(number)
    if (handle === undefined) throw new Errno('EBADF')
    return handle
  }

  /** Gives a descriptor a new file. The one it had is closed. */
  setFd(number: number, handle: Handle | null): void {
    const old = this.fds.get(number)
    if (handle === null) this.fds.delete(number)
    else this.fds.set(number, handle)
    old?.close()
  }

  *write(fd: number, text: string): Task<void> {
    if (text === '') return
    this.machine.spend(text.length / 4096)
    yield* this.machine.breathe()
    try {
      yield* this.fd(fd).write(text)
    } catch (error) {
      if (error instanceof Errno && error.code === 'EPIPE' && !this.handlers.has('PIPE')) {
        this.machine.signal(this, 'PIPE')
        yield this.news.wait
      }
      throw error
    }
  }

  out(text: string): Task<void> {
    return this.write(1, text)
  }

  /** To standard error; lost where that is closed. */
  *warn(text: string): Task<void> {
    if (this.fds.has(2)) yield* this.write(2, text)
  }

  /** All of a descriptor, up to its end. */
  *readAll(fd: number): Task<string> {
    let all = ''
    for (let chunk = yield* this.fd(fd).read(65_536); chunk !== ''; chunk = yield* this.fd(fd).read(65_536)) {
      all += chunk
      if (all.length > this.machine.limits.textBytes) throw new Errno('EFBIG')
      yield* this.machine.breathe()
    }
    return all
  }

  /** All of a named file. */
  *readFile(path: string): Task<string> {
    const handle = this.files.open(path, this.cwd, { read: true }, this)
    try {
      let all = ''
      for (let chunk = yield* handle.read(65_536); chunk !== ''; chunk = yield* handle.read(65_536)) {
        all += chunk
        if (all.length > this.machine.limits.textBytes) throw new Errno('EFBIG')
        yield* this.machine.breathe()
      }
      return all
    } finally {
      handle.close()
    }
  }

  /** Waits for a child's end and forgets it. null when a handled signal came first and `interruptible`. */
  *waitFor(child: Process, interrupted: () => boolean = () => false): Task<Exit | null> {
    while (child.exit === null) {
      if (interrupted()) return null
      yield this.news.wait
    }
    this.children.delete(child.pid)
    return child.exit
  }

  /** What a signal does to it: nothing, a handler, or the end. */
  effectOf(signal: Signal): 'none' | 'handled' | 'end' {
    if (signal === 'KILL') return 'end'
    const handler = this.handlers.get(signal)
    if (handler === 'ignore') return 'none'
    if (handler !== undefined) return 'handled'
    // The first process of a pid namespace has no default: what it does not handle does not reach it.
    return isHarmless(signal) || this.pid === 1 ? 'none' : 'end'
  }
}
