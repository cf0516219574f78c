import { Errno, textOf } from '../os/errno.ts'
import type { Task } from '../os/fiber.ts'
import { type Handle, PipeReader, PipeWriter, SinkHandle } from '../os/handle.ts'
import { Pipe } from '../os/pipe.ts'
import type { Exit, Process } from '../os/process.ts'
import { BUILTINS, type Builtin, SPECIAL } from './builtins.ts'
import { Expander } from './expand.ts'
import { findProgram, runProgram } from './find-program.ts'
import { Parser } from './parser.ts'
import { matches } from './pattern.ts'
import { openRedirection } from './redirect.ts'
import { ExitShell, LoopJump, Return, Shell, ShellError } from './shell.ts'
import { BadSyntax, type Command, type Redirection } from './syntax.ts'

const MAX_CALLS = 60

/** Runs parsed commands in a shell. */
export class Runner {
  readonly shell: Shell
  readonly expander: Expander

  constructor(shell: Shell) {
    this.shell = shell
    this.expander = new Expander(shell, (_, body) => this.#substitute(body))
  }

  get process(): Process {
    return this.shell.process
  }

  *run(command: Command): Task<number> {
    yield* this.process.machine.breathe()
    const status = yield* this.#dispatch(command)
    this.shell.status = status
    yield* this.runTraps()
    return this.shell.status
  }

  *#dispatch(command: Command): Task<number> {
    if (command.type === 'simple') return yield* this.#simple(command)
    if (command.redirections.length === 0) return yield* this.#compound(command)
    const saved = new Map<number, Handle | null>()
    try {
      const problem = yield* this.#redirect(command.redirections, saved)
      if (problem !== null) return this.#checked(problem)
      return yield* this.#compound(command)
    } finally {
      this.#restore(saved)
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
        return this.#checked(statusOf(yield* this.process.waitFor(child)))
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
        const items = [
          ...(command.words === null ? shell.positional : yield* this.expander.fields(command.words)),
        ]
        let status = 0
        yield* this.#loop(function* (this: Runner) {
          const item = items.shift()
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
        shell.functions.set(command.name, command.body)
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
    return command.negated ? (status === 0 ? 1 : 0) : this.#checked(status)
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

  *#substitute(body: Command): Task<string> {
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

  *#simple(command: Command & { type: 'simple' }): Task<number> {
    const { shell } = this
    const before = shell.status
    shell.status = before
    const words = yield* this.expander.fields(command.words)
    const [name, ...args] = words
    const saved = new Map<number, Handle | null>()
    let keeps = false
    try {
      const problem = yield* this.#redirect(command.redirections, saved)
      if (name === undefined) {
        const substitutes = JSON.stringify([command.assignments, command.words]).includes('"part":"command"')
        if (!substitutes) shell.status = 0
        for (const { name: variable, word } of command.assignments)
          shell.set(variable, yield* this.expander.text(word))
        return this.#checked(problem ?? shell.status)
      }
      if (problem !== null) {
        if (SPECIAL.has(name)) throw new ExitShell(problem)
        return this.#checked(problem)
      }
      const assigned: [string, string][] = []
      for (const { name: variable, word } of command.assignments)
        assigned.push([variable, yield* this.expander.text(word)])
      if (shell.options.has('x'))
        yield* this.process.warn(`+ ${[...assigned.map((pair) => pair.join('=')), ...words].join(' ')}\n`)
      const body = shell.functions.get(name)
      const builtin = BUILTINS.get(name)
      if (name === 'exec') {
        for (const [variable, value] of assigned) shell.set(variable, value, true)
        keeps = args.length === 0
        return yield* this.#exec(args)
      }
      if (body !== undefined && !SPECIAL.has(name))
        return yield* this.#withVariables(assigned, () => this.#call(body, args))
      if (builtin !== undefined) {
        if (SPECIAL.has(name)) {
          for (const [variable, value] of assigned) shell.set(variable, value)
          return this.#checked(yield* this.#builtin(builtin, name, args))
        }
        return this.#checked(yield* this.#withVariables(assigned, () => this.#builtin(builtin, name, args)))
      }
      return this.#checked(yield* this.external(words, new Map(assigned)))
    } finally {
      if (!keeps) this.#restore(saved)
      else for (const handle of saved.values()) handle?.close()
    }
  }

  *#builtin(builtin: Builtin, name: string, args: readonly string[]): Task<number> {
    try {
      return yield* builtin(this, args)
    } catch (error) {
      if (!(error instanceof Errno)) throw error
      if (error.code !== 'EPIPE')
        yield* this.process.warn(
          `${this.prefix}${name}: ${name === 'echo' ? 'write error: ' : ''}${error.message}\n`,
        )
      return 1
    }
  }

  *#withVariables(assigned: readonly (readonly [string, string])[], act: () => Task<number>): Task<number> {
    const { shell } = this
    const before = assigned.map(([name]) => [name, shell.variables.get(name)] as const)
    for (const [name, value] of assigned) shell.set(name, value, true)
    try {
      return yield* act()
    } finally {
      for (const [name, variable] of before)
        if (variable === undefined) shell.variables.delete(name)
        else shell.variables.set(name, variable)
    }
  }

  *#call(body: Command, args: readonly string[]): Task<number> {
    const { shell } = this
    if (shell.calls >= MAX_CALLS) throw new ShellError('maximum function recursion depth reached')
    const { positional, loops } = shell
    shell.calls += 1
    shell.loops = 0
    shell.positional = args
    shell.enterFunction()
    try {
      return yield* this.run(body)
    } catch (error) {
      if (error instanceof Return) return error.status
      throw error
    } finally {
      shell.leaveFunction()
      shell.positional = positional
      shell.loops = loops
      shell.calls -= 1
    }
  }

  /** Puts a program in the shell's place. */
  *#exec(args: readonly string[]): Task<number> {
    const [name] = args
    if (name === undefined) return 0
    const found = findProgram(this.process, name, this.shell.get('PATH') ?? '')
    if (typeof found === 'number') {
      yield* this.process.warn(
        `${this.prefix}exec: ${name}: ${found === 127 ? 'not found' : 'Permission denied'}\n`,
      )
      throw new ExitShell(found)
    }
    const { process } = this
    process.argv = args
    process.env = this.shell.environment()
    for (const [signal, handler] of [...process.handlers])
      if (handler !== 'ignore') process.handlers.delete(signal)
    this.shell.traps.clear()
    throw new ExitShell(yield* runProgram(found, process, args))
  }

  *external(words: readonly string[], env: ReadonlyMap<string, string>): Task<number> {
    const [name = ''] = words
    const found = findProgram(this.process, name, env.get('PATH') ?? this.shell.get('PATH') ?? '')
    if (typeof found === 'number') {
      yield* this.process.warn(
        `${this.prefix}${name}: ${found === 127 ? 'not found' : 'Permission denied'}\n`,
      )
      return found
    }
    let child: Process
    try {
      child = this.process.machine.spawn(
        this.process,
        words,
        (process) => runProgram(found, process, words),
        {
          prepare: (process) => {
            process.env = this.shell.environment()
            for (const [variable, value] of env) process.env.set(variable, value)
          },
        },
      )
    } catch (error) {
      if (error instanceof Errno) throw new ShellError(`can't fork: ${error.message}`)
      throw error
    }
    const exit = yield* this.process.waitFor(child)
    const said =
      exit?.signal === 'KILL'
        ? 'Killed'
        : exit?.signal === 'TERM'
          ? 'Terminated'
          : exit?.signal === 'SEGV'
            ? 'Segmentation fault'
            : null
    if (said !== null) yield* this.process.warn(`${said}\n`)
    return statusOf(exit)
  }

  get prefix(): string {
    return `${this.shell.name}: `
  }

  /** @returns the status when one cannot be made */
  *#redirect(redirections: readonly Redirection[], saved: Map<number, Handle | null>): Task<number | null> {
    const { process } = this
    for (const { fd, operator, target } of redirections) {
      const word = yield* this.expander.text(target)
      let handle: Handle | null
      try {
        handle = openRedirection(this.shell, operator, word)
      } catch (error) {
        const verb = operator === '<' ? 'open' : 'create'
        const text =
          error instanceof Errno && error.code === 'ENOENT'
            ? operator === '<'
              ? 'no such file'
              : 'nonexistent directory'
            : textOf(error)
        yield* process.warn(
          operator.endsWith('&')
            ? `${this.prefix}${word}: ${textOf(error)}\n`
            : `${this.prefix}can't ${verb} ${word}: ${text}\n`,
        )
        return operator.endsWith('&') ? 2 : 1
      }
      if (!saved.has(fd)) saved.set(fd, process.fds.get(fd)?.share() ?? null)
      process.setFd(fd, handle)
    }
    return null
  }

  #restore(saved: ReadonlyMap<number, Handle | null>): void {
    if (this.process.exit !== null) {
      for (const handle of saved.values()) handle?.close()
      return
    }
    for (const [fd, handle] of saved) this.process.setFd(fd, handle)
  }

  /** -e ends the shell where a command fails that nobody asked about. */
  #checked(status: number): number {
    if (status !== 0 && this.shell.tested === 0 && this.shell.options.has('e')) throw new ExitShell(status)
    return status
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

export const statusOf = (exit: Exit | null): number => exit?.code ?? 0

/** Runs a shell's body, then its EXIT trap. @returns the exit code */
export function* toItsEnd(runner: Runner, body: (runner: Runner) => Task<number>): Task<number> {
  const { shell } = runner
  const guarded = function* (act: () => Task<number>): Task<number> {
    try {
      return yield* act()
    } catch (error) {
      if (error instanceof ExitShell || error instanceof Return) return error.status
      if (error instanceof LoopJump) return 0
      if (error instanceof ShellError) {
        yield* shell.process.warn(`${runner.prefix}${error.message}\n`)
        return error.status
      }
      throw error
    }
  }
  const status = yield* guarded(() => body(runner))
  const last = shell.traps.get('EXIT')
  if (last === undefined || last === '') return status
  shell.traps.delete('EXIT')
  shell.status = status
  let exited: number | null = null
  const after = yield* guarded(function* () {
    try {
      yield* runner.source(last)
    } catch (error) {
      if (error instanceof ExitShell) exited = error.status
      else throw error
    }
    return status
  })
  return exited ?? after
}
