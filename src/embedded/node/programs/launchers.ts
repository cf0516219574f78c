import type { Task } from '../os/fiber.ts'
import type { Program } from '../os/machine.ts'
import type { Process } from '../os/process.ts'
import { signalNamed } from '../os/signals.ts'
import { findProgram, runProgram } from '../sh/find-program.ts'
import { complain, optionsOf } from './options.ts'
import { linesOf } from './read.ts'
import { seconds } from './seconds.ts'

const env: Program = function* (process, argv) {
  const words = argv.slice(1)
  if (words[0] === '-i' || words[0] === '-') {
    process.env.clear()
    words.shift()
  }
  while (words[0] === '-u') {
    process.env.delete(words[1] ?? '')
    words.splice(0, 2)
  }
  while (/^[A-Za-z_]\w*=/.test(words[0] ?? '')) {
    const [name = '', value = ''] = (words.shift() ?? '').split(/=(.*)/s)
    process.env.set(name, value)
  }
  if (words.length > 0) return yield* become(process, 'env', words)
  for (const [name, value] of process.env) yield* process.out(`${name}=${value}\n`)
  return 0
}

/** Runs another program in this one's place. */
function* become(process: Process, name: string, words: readonly string[]): Task<number> {
  const found = findProgram(process, words[0] ?? '', process.env.get('PATH') ?? '/bin')
  if (typeof found === 'number')
    return yield* complain(process, name, `can't execute '${words[0]}': No such file or directory`, 127)
  process.argv = words
  return yield* runProgram(found, process, words)
}

const printenv: Program = function* (process, argv) {
  const names = argv.slice(1)
  for (const name of names.length === 0 ? process.env.keys() : names) {
    const value = process.env.get(name)
    if (value === undefined) return 1
    yield* process.out(names.length === 0 ? `${name}=${value}\n` : `${value}\n`)
  }
  return 0
}

const timeout: Program = function* (process, argv) {
  const { values, operands } = optionsOf(argv, '+s:k:')
  const [limit = '', ...command] = operands
  const ms = (seconds(limit) ?? 0) * 1000
  const { machine } = process
  const found = findProgram(process, command[0] ?? '', process.env.get('PATH') ?? '/bin')
  if (typeof found === 'number')
    return yield* complain(
      process,
      'timeout',
      `can't execute '${command[0]}': No such file or directory`,
      127,
    )
  const child = machine.spawn(process, command, (self) => runProgram(found, self, command))
  let late = false
  const callOff = machine.clock.setTimer(ms, () => {
    late = true
    machine.signal(child, signalNamed(values.get('s') ?? 'TERM') ?? 'TERM')
  })
  const exit = yield* process.waitFor(child)
  callOff()
  return late ? 143 : (exit?.code ?? 0)
}

const xargs: Program = function* (process, argv) {
  const { flags, values, operands } = optionsOf(argv, '+0rtn:I:P:s:')
  const command = operands.length === 0 ? ['echo'] : [...operands]
  const input = yield* process.readAll(0)
  const items = flags.has('0')
    ? input.split('\0').filter((item) => item !== '')
    : values.has('I')
      ? linesOf(input)
      : input.split(/\s+/).filter((item) => item !== '')
  const most = values.has('I') ? 1 : Number(values.get('n') ?? Math.max(1, items.length))
  if (items.length === 0 && (flags.has('r') || values.has('I'))) return 0
  const found = findProgram(process, command[0] ?? '', process.env.get('PATH') ?? '/bin')
  if (typeof found === 'number')
    return yield* complain(process, 'xargs', `${command[0]}: No such file or directory`, 127)
  let status = 0
  for (let at = 0; at === 0 || at < items.length; at += most) {
    const chunk = items.slice(at, at + most)
    const place = values.get('I')
    const words =
      place === undefined
        ? [...command, ...chunk]
        : command.map((word) => word.replaceAll(place, chunk[0] ?? ''))
    const child = process.machine.spawn(process, words, (self) => runProgram(found, self, words))
    if ((yield* process.waitFor(child))?.code !== 0) status = 123
  }
  return status
}

export const LAUNCHERS: ReadonlyMap<string, Program> = new Map([
  ['env', env],
  ['printenv', printenv],
  ['timeout', timeout],
  ['xargs', xargs],
])
