import type { Holder } from '../os/memory.ts'
import type { Process } from '../os/process.ts'
import type { Signal } from '../os/signals.ts'
import type { Command } from './syntax.ts'

interface Variable {
  value: string | null
  exported: boolean
  readOnly: boolean
}

/** Leaves loops. */
export class LoopJump extends Error {
  readonly kind: 'break' | 'continue'
  levels: number

  constructor(kind: 'break' | 'continue', levels: number) {
    super(kind)
    this.kind = kind
    this.levels = levels
  }
}

/** Leaves a function, or a file that is read. */
export class Return extends Error {
  readonly status: number
  constructor(status: number) {
    super('return')
    this.status = status
  }
}

/** Leaves the shell. */
export class ExitShell extends Error {
  readonly status: number
  constructor(status: number) {
    super('exit')
    this.status = status
  }
}

/** What ends a script (and at a terminal only the line), with the words that follow "sh: ". */
export class ShellError extends Error {
  readonly status: number
  constructor(message: string, status = 2) {
    super(message)
    this.status = status
  }
}

/** About what they take besides their text. */
const VARIABLE_BYTES = 100
const FUNCTION_BYTES = 2_000

export type Option = 'a' | 'e' | 'u' | 'x' | 'f' | 'n' | 'C' | 'v' | 'm' | 'b' | 'i'

/** What a shell remembers. */
export class Shell implements Holder {
  readonly process: Process
  /** $0 */
  name: string
  positional: readonly string[] = []
  readonly variables = new Map<string, Variable>()
  readonly functions = new Map<string, Command>()
  readonly options = new Set<Option>()
  readonly traps = new Map<Signal | 'EXIT', string>()
  /** Signals that came and whose traps are still to be run. */
  readonly pending: Signal[] = []
  status = 0
  /** Where -e does not apply: conditions. */
  tested = 0
  loops = 0
  calls = 0
  lastBackground: Process | null = null
  lastBackgroundPid: number | null = null
  /** $$: the same in subshells. */
  readonly rootPid: number
  readonly #locals: Map<string, Variable | null>[] = []
  /** What it shares with the shell that it is a copy of. */
  #sharedBytes = 0

  constructor(process: Process, name: string, from?: Shell) {
    this.process = process
    this.name = name
    this.rootPid = from?.rootPid ?? process.pid
    if (from === undefined) {
      for (const [key, value] of process.env)
        this.variables.set(key, { value, exported: true, readOnly: false })
      for (const [key, value] of [
        ['IFS', ' \t\n'],
        ['PS1', '\\w \\$ '],
        ['PS2', '> '],
        ['PS4', '+ '],
        ['OPTIND', '1'],
      ] as const)
        this.variables.set(key, { value, exported: false, readOnly: false })
      this.set('PWD', process.cwd)
      if (!this.variables.has('PATH')) this.set('PATH', '/sbin:/usr/sbin:/bin:/usr/bin')
      return
    }
    this.positional = from.positional
    for (const [key, variable] of from.variables) this.variables.set(key, { ...variable })
    for (const [key, body] of from.functions) this.functions.set(key, body)
    for (const option of from.options) if (option !== 'i') this.options.add(option)
    // Ignored signals stay so; every other trap is the parent's alone.
    for (const [signal, action] of from.traps) if (action === '') this.traps.set(signal, action)
    this.status = from.status
    this.tested = from.tested
    this.calls = from.calls
    this.lastBackgroundPid = from.lastBackgroundPid
    this.#locals = from.#locals.map((scope) => new Map(scope))
    this.#sharedBytes = this.#bytes()
  }

  get(name: string): string | null {
    return this.variables.get(name)?.value ?? null
  }

  /** @throws ShellError when it is read-only */
  set(name: string, value: string | null, exported?: boolean): void {
    const known = this.variables.get(name)
    if (known?.readOnly === true) throw new ShellError(`${name}: is read only`)
    this.process.machine.memory.take(VARIABLE_BYTES + (value?.length ?? 0))
    this.variables.set(name, {
      value: value ?? known?.value ?? null,
      exported: exported ?? known?.exported ?? this.options.has('a'),
      readOnly: false,
    })
  }

  unset(name: string): void {
    if (this.variables.get(name)?.readOnly === true) throw new ShellError(`${name}: is read only`)
    this.variables.delete(name)
  }

  protect(name: string): void {
    const known = this.variables.get(name) ?? { value: null, exported: false, readOnly: false }
    this.variables.set(name, { ...known, readOnly: true })
  }

  define(name: string, body: Command): void {
    this.process.machine.memory.take(FUNCTION_BYTES)
    this.functions.set(name, body)
  }

  heldBytes(): number {
    return Math.max(0, this.#bytes() - this.#sharedBytes) + this.variables.size
  }

  #bytes(): number {
    let sum = this.functions.size * FUNCTION_BYTES
    for (const [name, { value }] of this.variables) sum += VARIABLE_BYTES + name.length + (value?.length ?? 0)
    for (const argument of this.positional) sum += argument.length + 16
    return sum
  }

  /** What a program that is started sees. */
  environment(): Map<string, string> {
    const env = new Map<string, string>()
    for (const [name, { value, exported }] of this.variables)
      if (exported && value !== null) env.set(name, value)
    return env
  }

  enterFunction(): void {
    this.#locals.push(new Map())
  }

  leaveFunction(): void {
    for (const [name, variable] of this.#locals.pop() ?? [])
      if (variable === null) this.variables.delete(name)
      else this.variables.set(name, variable)
  }

  /** @returns false outside of a function */
  makeLocal(name: string): boolean {
    const scope = this.#locals.at(-1)
    if (scope === undefined) return false
    if (!scope.has(name)) {
      const known = this.variables.get(name)
      scope.set(name, known === undefined ? null : { ...known })
    }
    return true
  }

  setTrap(signal: Signal | 'EXIT', action: string | null): void {
    if (action === null) this.traps.delete(signal)
    else this.traps.set(signal, action)
    if (signal === 'EXIT') return
    if (action === null) this.process.handlers.delete(signal)
    else if (action === '') this.process.handlers.set(signal, 'ignore')
    else this.process.handlers.set(signal, () => this.pending.push(signal))
  }
}
