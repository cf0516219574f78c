import { textOf } from '../os/errno.ts'
import type { Task } from '../os/fiber.ts'
import type { Program } from '../os/machine.ts'
import type { Process } from '../os/process.ts'
import { Parser } from './parser.ts'
import { Runner } from './run.ts'
import { LoopJump, type Option, Return, Shell, ShellError } from './shell.ts'
import { BadSyntax } from './syntax.ts'
import { toItsEnd } from './to-its-end.ts'

/** The shell, as ash is called: `sh [-ceux…] [FILE | -c SCRIPT [NAME]] [ARG…]`. */
export const sh: Program = function* (process, argv) {
  const args = argv.slice(1)
  const shell = new Shell(process, argv[0] ?? 'sh')
  let script: 'text' | 'input' | 'file' = 'file'
  for (let first = args[0]; first !== undefined && /^[-+]./.test(first); first = args[0]) {
    args.shift()
    if (first === '--') break
    for (const letter of first.slice(1))
      if (letter === 'c') script = 'text'
      else if (letter === 's') script = 'input'
      else if (letter === 'o') {
        if (args.shift() === 'errexit') shell.options.add('e')
      } else if (first.startsWith('-')) shell.options.add(letter as Option)
  }
  if (script === 'text') {
    const [text, name, ...rest] = args
    if (text === undefined) {
      yield* process.warn(`${shell.name}: -c requires an argument\n`)
      return 2
    }
    if (name !== undefined) shell.name = name
    shell.positional = rest
    return yield* toItsEnd(new Runner(shell), (runner) => runner.source(text))
  }
  const [path, ...rest] = args
  if (script === 'file' && path !== undefined) {
    let text: string
    try {
      text = yield* process.readFile(path)
    } catch (error) {
      yield* process.warn(`${shell.name}: can't open '${path}': ${textOf(error)}\n`)
      return 2
    }
    shell.name = path
    shell.positional = rest
    return yield* toItsEnd(new Runner(shell), (runner) => runner.source(text))
  }
  shell.positional = args
  if (process.fd(0).isTerminal) shell.options.add('i')
  return yield* toItsEnd(new Runner(shell), converse)
}

/** Reads commands line by line, and answers at a terminal. */
function* converse(runner: Runner): Task<number> {
  const { shell, process } = runner
  const interactive = shell.options.has('i')
  if (interactive) {
    process.handlers.set('INT', () => undefined)
    process.handlers.set('QUIT', 'ignore')
    process.handlers.set('TERM', 'ignore')
  }
  let text = ''
  for (;;) {
    if (interactive) yield* process.warn(text === '' ? prompt(process) : '> ')
    const line = yield* readLine(process)
    const ended = !line.endsWith('\n')
    text += line
    try {
      const parser = new Parser(text)
      const commands = []
      for (let next = parser.next(); next !== null; next = parser.next()) commands.push(next)
      text = ''
      for (const command of commands) yield* runner.run(command)
    } catch (error) {
      if (error instanceof BadSyntax && error.incomplete && !ended) continue
      text = ''
      const known = error instanceof BadSyntax ? new ShellError(`syntax error: ${error.message}`) : error
      if (known instanceof LoopJump || known instanceof Return) continue
      if (!interactive || !(known instanceof ShellError)) throw known
      yield* process.warn(`${runner.prefix}${known.message}\n`)
      shell.status = known.status
    }
    if (ended) {
      if (interactive) yield* process.warn('\n')
      return shell.status
    }
  }
}

function prompt(process: Process): string {
  const home = process.env.get('HOME')
  const cwd = process.cwd === home && home !== '/' ? '~' : process.cwd
  return `${cwd} ${process.isRoot ? '#' : '$'} `
}

/** A line with its end; without at the end of the input. One byte at a time: what follows is for others to read. */
function* readLine(process: Process): Task<string> {
  let line = ''
  for (;;) {
    const character = yield* process.fd(0).read(1)
    if (character === '') return line
    line += character
    if (character === '\n') return line
    if (line.length > process.machine.limits.textBytes) throw new ShellError('line too long')
  }
}
