import { textOf } from '../os/errno.ts'
import type { Task } from '../os/fiber.ts'
import { echo, printfCommand, testCommand } from './builtin-output.ts'
import { read } from './builtin-read.ts'
import { kill, trap, wait } from './builtin-signals.ts'
import { findProgram } from './find-program.ts'
import { getopts } from './getopts.ts'
import { quoted } from './quoted.ts'
import type { Runner } from './run.ts'
import { ExitShell, LoopJump, type Option, Return, ShellError } from './shell.ts'

/** A command that the shell does itself. */
export type Builtin = (runner: Runner, args: readonly string[]) => Task<number>

/** Those whose mistakes end a script, and whose assignments stay. */
export const SPECIAL: ReadonlySet<string> = new Set([
  'break',
  ':',
  '.',
  'continue',
  'eval',
  'exec',
  'exit',
  'export',
  'readonly',
  'return',
  'set',
  'shift',
  'times',
  'trap',
  'unset',
])

function* cd({ process, shell, prefix }: Runner, args: readonly string[]): Task<number> {
  const operands = args.filter((arg) => !['-L', '-P', '--'].includes(arg))
  const [asked = shell.get('HOME') ?? '/'] = operands
  const target = asked === '-' ? (shell.get('OLDPWD') ?? '/') : asked
  try {
    const { node, path } = process.files.find(target, process.cwd)
    if (node === null || node.kind !== 'dir') throw new ShellError('')
    shell.set('OLDPWD', process.cwd, true)
    process.cwd = path
    shell.set('PWD', path)
    if (asked === '-') yield* process.out(`${path}\n`)
    return 0
  } catch {
    const there = process.files.peek(target, process.cwd)
    yield* process.warn(
      `${prefix}cd: can't cd to ${target}: ${there === null ? 'No such file or directory' : 'Not a directory'}\n`,
    )
    return 2
  }
}

function* set({ process, shell }: Runner, args: readonly string[]): Task<number> {
  const LONG: Readonly<Record<string, Option>> = {
    errexit: 'e',
    nounset: 'u',
    xtrace: 'x',
    noglob: 'f',
    noexec: 'n',
    noclobber: 'C',
    allexport: 'a',
    verbose: 'v',
    monitor: 'm',
  }
  if (args.length === 0) {
    for (const [name, { value }] of [...shell.variables].sort())
      if (value !== null) yield* process.out(`${name}=${quoted(value)}\n`)
    return 0
  }
  const rest = [...args]
  for (let first = rest[0]; first !== undefined && /^[-+]./.test(first); first = rest[0]) {
    rest.shift()
    if (first === '--') {
      shell.positional = rest
      return 0
    }
    const on = first.startsWith('-')
    for (const letter of first.slice(1)) {
      const option = letter === 'o' ? LONG[rest.shift() ?? ''] : (letter as Option)
      if (option === undefined) continue
      if (!'aeuxfnCvmb'.includes(option)) throw new ShellError(`set: illegal option ${first}`)
      if (on) shell.options.add(option)
      else shell.options.delete(option)
    }
  }
  if (rest.length > 0) shell.positional = rest
  return 0
}

const declares = (command: 'export' | 'readonly'): Builtin =>
  function* ({ process, shell }, args) {
    const names = args.filter((arg) => arg !== '-p' && arg !== '--')
    if (names.length === 0) {
      for (const [name, { value, exported, readOnly }] of [...shell.variables].sort())
        if (command === 'export' ? exported : readOnly)
          yield* process.out(`${command} ${name}${value === null ? '' : `=${quoted(value)}`}\n`)
      return 0
    }
    for (const each of names) {
      const at = each.indexOf('=')
      const name = at < 0 ? each : each.slice(0, at)
      if (!/^[A-Za-z_]\w*$/.test(name)) throw new ShellError(`${command}: ${name}: bad variable name`)
      const value = at < 0 ? null : each.slice(at + 1)
      if (command === 'export') shell.set(name, value, true)
      else {
        if (value !== null) shell.set(name, value)
        shell.protect(name)
      }
    }
    return 0
  }

function* type({ process, shell }: Runner, args: readonly string[], brief = false): Task<number> {
  let status = 0
  for (const name of args) {
    const found = findProgram(process, name, shell.get('PATH') ?? '')
    if (shell.functions.has(name)) yield* process.out(brief ? `${name}\n` : `${name} is a function\n`)
    else if (BUILTINS.has(name) || name === 'exec')
      yield* process.out(brief ? `${name}\n` : `${name} is a shell builtin\n`)
    else if (typeof found !== 'number') {
      const dir = (shell.get('PATH') ?? '')
        .split(':')
        .find((each) => process.files.peek(`${each}/${name}`) !== null)
      const path = name.includes('/') ? name : `${dir ?? ''}/${name}`
      yield* process.out(brief ? `${path}\n` : `${name} is ${path}\n`)
    } else {
      if (!brief) yield* process.out(`${name}: not found\n`)
      status = 127
    }
  }
  return status
}

const jump = (kind: 'break' | 'continue'): Builtin =>
  function* ({ shell }, [levels = '1']) {
    if (!/^[1-9]\d*$/.test(levels)) throw new ShellError(`${kind}: Illegal number: ${levels}`)
    if (shell.loops > 0) throw new LoopJump(kind, Number(levels))
    return 0
    // biome-ignore lint/correctness/noUnreachable: makes it a generator
    yield never
  }
const never = () => () => undefined

const number = (text: string | undefined, otherwise: number, command: string): number => {
  if (text === undefined) return otherwise
  if (!/^\d+$/.test(text)) throw new ShellError(`${command}: Illegal number: ${text}`)
  return Number(text) & 255
}

/** A builtin that never waits. */
const now = (act: (runner: Runner, args: readonly string[]) => number): Builtin =>
  // biome-ignore lint/correctness/useYield: nothing to wait for
  function* (runner, args) {
    return act(runner, args)
  }

function* source(runner: Runner, [path, ...args]: readonly string[]): Task<number> {
  const { process, shell } = runner
  if (path === undefined) throw new ShellError('.: filename argument required')
  let text: string
  try {
    text = yield* process.readFile(path)
  } catch (error) {
    throw new ShellError(`.: can't open '${path}': ${textOf(error)}`)
  }
  const { positional } = shell
  if (args.length > 0) shell.positional = args
  try {
    return yield* runner.source(text)
  } catch (error) {
    if (error instanceof Return) return error.status
    throw error
  } finally {
    shell.positional = positional
  }
}

export const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [':', now(() => 0)],
  ['true', now(() => 0)],
  ['false', now(() => 1)],
  ['echo', echo],
  ['printf', printfCommand],
  ['test', testCommand('test')],
  ['[', testCommand('[')],
  ['cd', cd],
  [
    'pwd',
    function* ({ process }) {
      yield* process.out(`${process.cwd}\n`)
      return 0
    },
  ],
  ['read', read],
  ['set', set],
  ['export', declares('export')],
  ['readonly', declares('readonly')],
  ['trap', trap],
  ['wait', wait],
  ['kill', kill],
  ['type', type],
  ['break', jump('break')],
  ['continue', jump('continue')],
  ['.', source],
  ['source', source],
  ['eval', (runner, args) => runner.source(args.join(' '))],
  [
    'exit',
    now(({ shell }, [code]) => {
      throw new ExitShell(number(code, shell.status, 'exit'))
    }),
  ],
  [
    'return',
    now(({ shell }, [code]) => {
      throw new Return(number(code, shell.status, 'return'))
    }),
  ],
  [
    'shift',
    now(({ shell }, [count]) => {
      const by = number(count, 1, 'shift')
      if (by > shell.positional.length) return 1
      shell.positional = shell.positional.slice(by)
      return 0
    }),
  ],
  [
    'unset',
    now(({ shell }, args) => {
      for (const name of args)
        if (name === '-f' || name === '-v') continue
        else if (args[0] === '-f') shell.functions.delete(name)
        else shell.unset(name)
      return 0
    }),
  ],
  [
    'local',
    now(({ shell }, args) => {
      for (const each of args) {
        const at = each.indexOf('=')
        const name = at < 0 ? each : each.slice(0, at)
        if (!shell.makeLocal(name)) throw new ShellError('local: not in a function')
        if (at >= 0) shell.set(name, each.slice(at + 1))
      }
      return 0
    }),
  ],
  [
    'umask',
    function* ({ process }, [mask]) {
      if (mask === undefined) yield* process.out(`${process.umask.toString(8).padStart(4, '0')}\n`)
      else process.umask = Number.parseInt(mask, 8) & 0o777
      return 0
    },
  ],
  [
    'command',
    function* (runner, args) {
      const [first, ...rest] = args
      if (first === '-v' || first === '-V') return yield* type(runner, rest, first === '-v')
      const words = first === '-p' || first === '--' ? rest : args
      const builtin = BUILTINS.get(words[0] ?? ':')
      return builtin === undefined
        ? yield* runner.external(words, new Map())
        : yield* builtin(runner, words.slice(1))
    },
  ],
  ['getopts', now(({ shell }, [spec = '', name = '', ...given]) => getopts(shell, spec, name, given))],
  ['jobs', now(() => 0)],
  ['hash', now(() => 0)],
  ['ulimit', now(() => 0)],
  ['alias', now(() => 0)],
  ['unalias', now(() => 0)],
  ['times', now(() => 0)],
  ['fg', now(() => 1)],
  ['bg', now(() => 1)],
])
