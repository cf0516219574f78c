import { Errno, textOf } from '../os/errno.ts'
import type { Task } from '../os/fiber.ts'
import type { Handle } from '../os/handle.ts'
import type { Exit, Process } from '../os/process.ts'
import { BUILTINS, type Builtin, SPECIAL } from './builtins.ts'
import { Expander } from './expand.ts'
import { findProgram, runProgram } from './find-program.ts'
import { openRedirection } from './redirect.ts'
import type { Runner } from './run.ts'
import { ExitShell, Return, type Shell, ShellError } from './shell.ts'
import type { Command, Redirection } from './syntax.ts'

const MAX_CALLS = 60

export const statusOf = (exit: Exit | null): number => exit?.code ?? 0

/** Runs simple commands: assignments, redirections, builtins, functions, programs. */
export abstract class SimpleCommands {
  readonly shell: Shell
  readonly expander: Expander

  constructor(shell: Shell) {
    this.shell = shell
    this.expander = new Expander(shell, (_, body) => this.substitute(body))
  }

  get process(): Process {
    return this.shell.process
  }

  /** Any command. */
  abstract run(command: Command): Task<number>
  protected abstract substitute(body: Command): Task<string>
  protected abstract get self(): Runner

  protected *simple(command: Command & { type: 'simple' }): Task<number> {
    const { shell } = this
    const before = shell.status
    const words = yield* this.expander.fields(command.words)
    const [name, ...args] = words
    const saved = new Map<number, Handle | null>()
    let keeps = false
    try {
      const problem = yield* this.redirect(command.redirections, saved)
      if (name === undefined) {
        // "$?" is that of the command before, whatever a substitution beside it came to.
        let status = hasSubstitution(command.words) ? shell.status : 0
        for (const { name: variable, word } of command.assignments) {
          shell.status = before
          const value = yield* this.expander.text(word)
          if (hasSubstitution(word)) status = shell.status
          shell.set(variable, value)
        }
        return this.checked(problem ?? status)
      }
      if (problem !== null) {
        if (SPECIAL.has(name)) throw new ExitShell(problem)
        return this.checked(problem)
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
          return this.checked(yield* this.#builtin(builtin, name, args))
        }
        return this.checked(yield* this.#withVariables(assigned, () => this.#builtin(builtin, name, args)))
      }
      return this.checked(yield* this.external(words, new Map(assigned)))
    } finally {
      if (!keeps) this.restore(saved)
      else for (const handle of saved.values()) handle?.close()
    }
  }

  *#builtin(builtin: Builtin, name: string, args: readonly string[]): Task<number> {
    try {
      return yield* builtin(this.self, args)
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
  protected *redirect(
    redirections: readonly Redirection[],
    saved: Map<number, Handle | null>,
  ): Task<number | null> {
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

  protected restore(saved: ReadonlyMap<number, Handle | null>): void {
    if (this.process.exit !== null) {
      for (const handle of saved.values()) handle?.close()
      return
    }
    for (const [fd, handle] of saved) this.process.setFd(fd, handle)
  }

  /** -e ends the shell where a command fails that nobody asked about. */
  protected checked(status: number): number {
    if (status !== 0 && this.shell.tested === 0 && this.shell.options.has('e')) throw new ExitShell(status)
    return status
  }
}

const hasSubstitution = (words: unknown): boolean => JSON.stringify(words).includes('"part":"command"')
