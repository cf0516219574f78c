import { textOf } from '../os/errno.ts'
import type { Task } from '../os/fiber.ts'
import { numberOf, SIGNALS, signalNamed } from '../os/signals.ts'
import { findProgram } from './find-program.ts'
import { printf, unescaped } from './printf.ts'
import type { Runner } from './run.ts'
import { ExitShell, LoopJump, type Option, Return, ShellError } from './shell.ts'
import { TestError, test } from './test-expression.ts'

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

const quoted = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`

function* echo({ process }: Runner, args: readonly string[]): Task<number> {
  let newline = true
  let escapes = false
  const rest = [...args]
  for (let first = rest[0]; first !== undefined && /^-[neE]+$/.test(first); first = rest[0]) {
    if (first.includes('n')) newline = false
    for (const letter of first) if (letter === 'e' || letter === 'E') escapes = letter === 'e'
    rest.shift()
  }
  const plain = rest.join(' ')
  const { text, stop } = escapes ? unescaped(plain, 'echo') : { text: plain, stop: false }
  yield* process.out(newline && !stop ? `${text}\n` : text)
  return 0
}

function* printfCommand({ process, prefix }: Runner, args: readonly string[]): Task<number> {
  const [first, ...rest] = args
  const [format, ...values] = first === '--' ? rest : [first, ...rest]
  if (format === undefined) {
    yield* process.warn(`${prefix}printf: usage: printf FORMAT [ARG]...\n`)
    return 2
  }
  const { text, errors } = printf(
    format,
    values.map((value) => value ?? ''),
  )
  yield* process.out(text)
  for (const error of errors) yield* process.warn(`${prefix}printf: ${error}\n`)
  return errors.length === 0 ? 0 : 1
}

const testCommand = (name: 'test' | '['): Builtin =>
  function* ({ process, prefix }, args) {
    let operands = args
    if (name === '[') {
      if (args.at(-1) !== ']') {
        yield* process.warn(`${prefix}[: missing ]\n`)
        return 2
      }
      operands = args.slice(0, -1)
    }
    try {
      return test(process, operands) ? 0 : 1
    } catch (error) {
      if (!(error instanceof TestError)) throw error
      yield* process.warn(`${prefix}${name === '[' ? '' : 'test: '}${error.message}\n`)
      return 2
    }
  }

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

function* read({ process, shell }: Runner, args: readonly string[]): Task<number> {
  let raw = false
  let names = [...args]
  for (let first = names[0]; first?.startsWith('-'); first = names[0]) {
    names = names.slice(1)
    if (first.includes('r')) raw = true
    if (/[tnpdu]$/.test(first)) {
      if (first.endsWith('p')) yield* process.warn(names[0] ?? '')
      names = names.slice(1)
    }
  }
  let line = ''
  let ended = false
  for (;;) {
    const character = yield* process.fd(0).read(1)
    if (character === '') {
      ended = true
      break
    }
    if (character === '\n') break
    if (character === '\\' && !raw) {
      const next = yield* process.fd(0).read(1)
      if (next !== '\n') line += `\\${next}`
      continue
    }
    line += character
    if (line.length > process.machine.limits.textBytes) throw new ShellError('out of memory')
    if (line.length % 1024 === 0) yield* process.machine.breathe()
  }
  for (const [name, value] of assigned(
    names.length === 0 ? ['REPLY'] : names,
    line,
    shell.get('IFS') ?? ' \t\n',
    raw,
  ))
    shell.set(name, value)
  return ended ? 1 : 0
}

/** The last name gets what is left. */
function assigned(names: readonly string[], line: string, ifs: string, raw: boolean): [string, string][] {
  const blank = (character: string) => ' \t\n'.includes(character) && ifs.includes(character)
  const isEscape = (at: number) => !raw && line[at] === '\\'
  const plain = (text: string) => (raw ? text : text.replace(/\\(.)/g, '$1'))
  let at = 0
  const skip = () => {
    while (at < line.length && blank(line[at] ?? '')) at += 1
  }
  const result: [string, string][] = []
  for (const [index, name] of names.entries()) {
    skip()
    if (index === names.length - 1) {
      let end = line.length
      while (end > at && blank(line[end - 1] ?? '') && !isEscape(end - 2)) end -= 1
      result.push([name, plain(line.slice(at, end))])
      break
    }
    const begin = at
    while (at < line.length && !ifs.includes(line[at] ?? '')) at += isEscape(at) ? 2 : 1
    result.push([name, plain(line.slice(begin, at))])
    skip()
    if (at < line.length && ifs.includes(line[at] ?? '') && !blank(line[at] ?? '')) at += 1
  }
  return result
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

function* trap({ process, shell, prefix }: Runner, args: readonly string[]): Task<number> {
  const operands = args[0] === '--' ? args.slice(1) : args
  const [action, ...names] = operands
  if (action === undefined || action === '-l') {
    for (const [signal, command] of shell.traps) yield* process.out(`trap -- ${quoted(command)} ${signal}\n`)
    return 0
  }
  const resets = names.length === 0 || action === '-'
  for (const name of names.length === 0 ? [action] : names) {
    const signal = name === 'EXIT' || name === '0' ? ('EXIT' as const) : signalNamed(name)
    if (signal === null) {
      yield* process.warn(`${prefix}trap: ${name}: invalid signal specification\n`)
      return 1
    }
    shell.setTrap(signal, resets ? null : action)
  }
  return 0
}

function* wait({ process, shell }: Runner, args: readonly string[]): Task<number> {
  const interrupted = () => shell.pending.length > 0
  const signalled = () => 128 + numberOf(shell.pending[0] ?? 'TERM')
  if (args.length === 0) {
    for (const child of [...process.children.values()])
      if ((yield* process.waitFor(child, interrupted)) === null) return signalled()
    return 0
  }
  let status = 0
  for (const operand of args) {
    const child =
      process.children.get(Number(operand.replace(/^%/, ''))) ??
      (operand.startsWith('%') ? shell.lastBackground : null)
    if (child === null || child === undefined) {
      status = 127
      continue
    }
    const exit = yield* process.waitFor(child, interrupted)
    if (exit === null) return signalled()
    if (exit.signal === 'TERM' || exit.signal === 'KILL')
      yield* process.warn(exit.signal === 'TERM' ? 'Terminated\n' : 'Killed\n')
    status = exit.code
  }
  return status
}

/** Shared with the program of the same name. */
export function* kill(
  { process, prefix }: Pick<Runner, 'process' | 'prefix'>,
  args: readonly string[],
): Task<number> {
  if (args[0] === '-l') {
    yield* process.out(
      SIGNALS.map((signal) => `${String(numberOf(signal)).padStart(2)}) ${signal}\n`).join(''),
    )
    return 0
  }
  const rest = [...args]
  let name = 'TERM'
  if (rest[0] === '-s') [, name = ''] = rest.splice(0, 2)
  else if (/^-./.test(rest[0] ?? '') && rest[0] !== '--') name = rest.shift()?.slice(1) ?? ''
  if (rest[0] === '--') rest.shift()
  const signal = name === '0' ? null : signalNamed(name)
  if (signal === null && name !== '0') {
    yield* process.warn(`${prefix}kill: bad signal name '${name}'\n`)
    return 1
  }
  if (rest.length === 0) {
    yield* process.warn(`${prefix}kill: you need to specify whom to kill\n`)
    return 1
  }
  let status = 0
  for (const operand of rest) {
    const pid = Number(operand)
    const all = [...process.machine.processes.values()]
    const targets =
      pid === -1
        ? all.filter((each) => each.pid > 1 && each !== process)
        : all.filter((each) => each.pid === Math.abs(pid))
    if (targets.length === 0) {
      yield* process.warn(`${prefix}can't kill pid ${operand}: No such process\n`)
      status = 1
    }
    if (signal !== null) for (const target of targets) process.machine.signal(target, signal)
  }
  return status
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

function getopts(shell: Runner['shell'], spec: string, name: string, given: readonly string[]): number {
  const args = given.length > 0 ? given : shell.positional
  const [indexText = '1', within = '1'] = (shell.get('OPTIND') ?? '1').split('.')
  let index = Number(indexText)
  let at = Number(within)
  const word = args[index - 1]
  if (word === undefined || !/^-./.test(word) || word === '--') {
    shell.set(name, '?')
    if (word === '--') shell.set('OPTIND', String(index + 1))
    return 1
  }
  const letter = word[at] ?? '?'
  const known = spec.indexOf(letter, spec.startsWith(':') ? 1 : 0)
  at += 1
  if (known >= 0 && spec[known + 1] === ':') {
    shell.set('OPTARG', at < word.length ? word.slice(at) : (args[index] ?? ''))
    index += at < word.length ? 1 : 2
    at = 1
  } else if (at >= word.length) {
    index += 1
    at = 1
  }
  shell.set('OPTIND', at === 1 ? String(index) : `${index}.${at}`)
  shell.set(name, known < 0 || letter === ':' ? '?' : letter)
  return 0
}
