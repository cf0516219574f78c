import { Errno } from '../os/errno.ts'
import type { Task } from '../os/fiber.ts'
import { type Handle, PipeReader, PipeWriter, SinkHandle } from '../os/handle.ts'
import { Pipe } from '../os/pipe.ts'
import type { Process } from '../os/process.ts'
import { Parser } from './parser.ts'
import { matches } from './pattern.ts'
import { LoopJump, Shell, ShellError } from './shell.ts'
import { SimpleCommands, statusOf } from './simple-commands.ts'
import { BadSyntax, type Command } from './syntax.ts'
import { toItsEnd } from './to-its-end.ts'

/** Runs parsed commands in a shell. */
export class Runner extends SimpleCommands {
  protected override get self(): Runner {
    return this
  }

  override *run(command: Command): Task<number> {
    yield* this.process.machine.breathe()
    const status = yield* this.#dispatch(command)
    this.shell.status = status
    yield* this.runTraps()
    return this.shell.status
  }

  *#dispatch(command: Command): Task<number> {
    if (command.type === 'simple') return yield* this.simple(command)
    if (command.redirections.length === 0) return yield* this.#compound(command)
    const saved = new Map<number, Handle | null>()
    try {
      const problem = yield* this.redirect(command.redirections, saved)
      if (problem !== null) return this.checked(problem)
      return yield* this.#compound(command)
    } finally {
      this.restore(saved)
    }
  }

  *#compound(command: Exclude<Command, { type: 'simple' }>): Task<number> {
    const { shell } = this
    switch (command.type) {
      case 'list': {
        let status = 0
        for (const { command: each, background } of command.items)
          status = background ? this.#background(each) : yield* this.run(each)
        return status
      }
      case 'and':
      case 'or': {
        const left = yield* this.#tested(command.left)
        const goesOn = command.type === 'and' ? left === 0 : left !== 0
        return goesOn ? yield* this.run(command.right) : left
      }
      case 'pipeline':
        return yield* this.#pipeline(command)
      case 'group':
        return yield* this.run(command.body)
      case 'subshell': {
        const child = this.fork((sub) => sub.run(command.body))
        return this.checked(statusOf(yield* this.process.waitFor(child)))
      }
      case 'if':
        for (const { condition, body } of command.clauses)
          if ((yield* this.#tested(condition)) === 0) return yield* this.run(body)
        return command.otherwise === null ? 0 : yield* this.run(command.otherwise)
      case 'while': {
        let status = 0
        yield* this.#loop(function* (this: Runner) {
          if (((yield* this.#tested(command.condition)) === 0) === command.until) return false
          status = yield* this.run(command.body)
          return true
        })
        return status
      }
      case 'for': {
        const items = command.words === null ? shell.positional : yield* this.expander.fields(command.words)
        let status = 0
        let next = 0
        yield* this.#loop(function* (this: Runner) {
          const item = items[next]
          next += 1
          if (item === undefined) return false
          shell.set(command.name, item)
          status = yield* this.run(command.body)
          return true
        })
        return status
      }
      case 'case': {
        const subject = yield* this.expander.text(command.word)
        for (const { patterns, body } of command.arms)
          for (const pattern of patterns)
            if (matches(yield* this.expander.pattern(pattern), subject)) return yield* this.run(body)
        return 0
      }
      case 'function':
        shell.define(command.name, command.body)
        return 0
    }
  }

  *#loop(turn: (this: Runner) => Task<boolean>): Task<void> {
    this.shell.loops += 1
    try {
      for (;;) {
        yield* this.process.machine.breathe()
        try {
          if (!(yield* turn.call(this))) return
        } catch (error) {
          if (!(error instanceof LoopJump)) throw error
          error.levels -= 1
          if (error.levels > 0 && this.shell.loops > 1) throw error
          this.shell.status = 0
          if (error.kind === 'break') return
        }
      }
    } finally {
      this.shell.loops -= 1
    }
  }

  *#tested(command: Command): Task<number> {
    this.shell.tested += 1
    try {
      return yield* this.run(command)
    } finally {
      this.shell.tested -= 1
    }
  }

  *#pipeline(command: Command & { type: 'pipeline' }): Task<number> {
    const [only] = command.commands
    if (command.commands.length === 1 && only !== undefined) return (yield* this.#tested(only)) === 0 ? 1 : 0
    const children: Process[] = []
    let input: Handle | null = null
    for (const [index, each] of command.commands.entries()) {
      const pipe: Pipe | null = index === command.commands.length - 1 ? null : new Pipe()
      const from = input
      const ends = pipe === null ? null : { reader: new PipeReader(pipe), writer: new PipeWriter(pipe) }
      input = ends?.reader ?? null
      children.push(
        this.fork(
          (sub) => sub.run(each),
          (process) => {
            if (from !== null) process.setFd(0, from)
            if (ends !== null) process.setFd(1, ends.writer)
          },
        ),
      )
    }
    let status = 0
    for (const child of children) status = statusOf(yield* this.process.waitFor(child))
    return command.negated ? (status === 0 ? 1 : 0) : this.checked(status)
  }

  #background(command: Command): number {
    const child = this.fork(
      (sub) => sub.run(command),
      (process) => {
        // Without job control, input that nobody gives, and no interrupts from a terminal.
        const none = this.process.files.peek('/dev/null')
        if (none !== null && !this.shell.options.has('i'))
          process.setFd(0, process.files.open('/dev/null', '/', { read: true }, process))
        process.handlers.set('INT', 'ignore')
        process.handlers.set('QUIT', 'ignore')
      },
    )
    this.shell.lastBackground = child
    this.shell.lastBackgroundPid = child.pid
    return 0
  }

  /** A copy of this shell that runs on its own. */
  fork(body: (sub: Runner) => Task<number>, prepare: (process: Process) => void = () => undefined): Process {
    const { shell } = this
    try {
      return this.process.machine.spawn(
        this.process,
        this.process.argv,
        (process) => {
          const sub = new Shell(process, shell.name, shell)
          process.env = shell.environment()
          return toItsEnd(new Runner(sub), body)
        },
        { prepare },
      )
    } catch (error) {
      if (error instanceof Errno) throw new ShellError(`can't fork: ${error.message}`)
      throw error
    }
  }

  protected override *substitute(body: Command): Task<string> {
    let text = ''
    const limit = this.process.machine.limits.textBytes
    const child = this.fork(
      (sub) => sub.run(body),
      (process) =>
        process.setFd(
          1,
          new SinkHandle((chunk) => {
            text += chunk
            if (text.length > limit) throw new Errno('EFBIG')
          }),
        ),
    )
    this.shell.status = statusOf(yield* this.process.waitFor(child))
    return text.replaceAll('\0', '')
  }

  /** Runs the traps of the signals that have come. */
  *runTraps(): Task<void> {
    const { shell } = this
    for (let signal = shell.pending.shift(); signal !== undefined; signal = shell.pending.shift()) {
      const action = shell.traps.get(signal)
      if (action === undefined || action === '') continue
      const { status } = shell
      yield* this.source(action)
      shell.status = status
    }
  }

  /** Parses and runs a text in this shell. */
  *source(text: string): Task<number> {
    const parser = new Parser(text)
    for (;;) {
      const command = parsed(parser)
      if (command === null) return this.shell.status
      yield* this.run(command)
    }
  }
}

/** The next line of a script. @throws ShellError in ash's words */
function parsed(parser: Parser): Command | null {
  try {
    return parser.next()
  } catch (error) {
    if (error instanceof BadSyntax) throw new ShellError(`syntax error: ${error.message}`)
    throw error
  }
}
