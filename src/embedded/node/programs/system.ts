import { bounded, regexSteps } from '../os/bounded-work.ts'
import { sleep as pause } from '../os/fiber.ts'
import type { Program } from '../os/machine.ts'
import type { Process } from '../os/process.ts'
import { evaluate } from '../sh/arithmetic.ts'
import { kill } from '../sh/builtin-signals.ts'
import { printf, unescaped } from '../sh/printf.ts'
import { TestError, test } from '../sh/test-expression.ts'
import { userName } from './mode.ts'
import { complain, optionsOf } from './options.ts'
import { posixRegex } from './regex.ts'
import { seconds } from './seconds.ts'
import { strftime } from './strftime.ts'

const forever: () => () => void = () => () => undefined

const sleep: Program = function* (process, argv) {
  if (argv.length < 2) return yield* complain(process, 'sleep', 'missing operand')
  let sum = 0
  for (const word of argv.slice(1)) {
    const value = seconds(word)
    if (value === null) return yield* complain(process, 'sleep', `invalid number '${word}'`)
    sum += value
  }
  if (sum === Number.POSITIVE_INFINITY) for (;;) yield forever
  yield* pause(process.machine.clock, sum * 1000)
  return 0
}

const date: Program = function* (process, argv) {
  const { flags, values, operands } = optionsOf(argv, 'uRI:d:D:r:s:', { 'iso-8601': 'R' })
  const format = operands.find((word) => word.startsWith('+'))?.slice(1)
  let ms = process.machine.files.device.stamp()
  const given = values.get('d')
  if (given?.startsWith('@')) ms = Number(given.slice(1)) * 1000
  else if (given !== undefined)
    ms = Date.parse(`${given.trim().replace(' ', 'T')}${/Z|[+-]\d\d:?\d\d$/.test(given) ? '' : 'Z'}`)
  if (values.has('r')) ms = process.files.at(values.get('r') ?? '', process.cwd).mtimeMs
  if (Number.isNaN(ms)) return yield* complain(process, 'date', `invalid date '${given}'`)
  const iso = values.has('I')
    ? values.get('I')?.startsWith('s')
      ? '%Y-%m-%dT%H:%M:%S+00:00'
      : '%Y-%m-%d'
    : flags.has('R')
      ? '%a, %d %b %Y %H:%M:%S %z'
      : null
  yield* process.out(`${strftime(format ?? iso ?? '%a %b %e %H:%M:%S %Z %Y', ms)}\n`)
  return 0
}

const hostname: Program = function* (process, argv) {
  const { flags, operands } = optionsOf(argv, 'fisdF:')
  if (operands.length > 0) return yield* complain(process, 'hostname', 'sethostname: Operation not permitted')
  const { sandbox } = process.machine
  const name = process.machine.hostname
  const shown = flags.has('i')
    ? sandbox.ip
    : flags.has('f')
      ? (sandbox.fqdn ?? name)
      : flags.has('d')
        ? (sandbox.fqdn ?? '').split('.').slice(1).join('.')
        : name
  yield* process.out(`${shown}\n`)
  return 0
}

const ps: Program = function* (process) {
  yield* process.out('PID   USER     TIME  COMMAND\n')
  for (const each of process.machine.processes.values())
    yield* process.out(
      `${String(each.pid).padStart(5)} ${userName(each.uid).padEnd(8)}  0:00 ${each.argv.join(' ').replaceAll('\n', ' ')}\n`,
    )
  return 0
}

const id: Program = function* (process, argv) {
  const { flags } = optionsOf(argv, 'ugnGr')
  const { uid, gid } = process
  const groups = [...new Set([gid, ...process.groups])].sort((a, b) => a - b)
  const named = (value: number) =>
    `${value}${userName(value) === String(value) ? '' : `(${userName(value)})`}`
  if (flags.has('u')) yield* process.out(`${flags.has('n') ? userName(uid) : uid}\n`)
  else if (flags.has('g')) yield* process.out(`${flags.has('n') ? userName(gid) : gid}\n`)
  else if (flags.has('G'))
    yield* process.out(`${(flags.has('n') ? groups.map(userName) : groups).join(' ')}\n`)
  else yield* process.out(`uid=${named(uid)} gid=${named(gid)} groups=${groups.map(named).join(',')}\n`)
  return 0
}

const expr: Program = function* (process, argv) {
  const words = argv.slice(1)
  const [left = '', operator, right = ''] = words
  let result: string
  if (words.length === 1) result = left
  else if (operator === ':' || left === 'match') {
    const [text, pattern] = left === 'match' ? [operator ?? '', right] : [left, right]
    const regex = new RegExp(`^(?:${posixRegex(pattern, 'basic').source})`)
    const found = bounded(regexSteps(regex, text.length), () => regex.exec(text))
    result = found === null ? '0' : (found[1] ?? String(found[0].length))
  } else if (left === 'length') result = String((operator ?? '').length)
  else if (operator === '=' || operator === '!=') result = (left === right) === (operator === '=') ? '1' : '0'
  else
    try {
      result = String(evaluate(words.join(' '), { get: () => '0', set: () => undefined }))
    } catch {
      return yield* complain(process, 'expr', 'syntax error', 2)
    }
  yield* process.out(`${result}\n`)
  return result === '' || result === '0' ? 1 : 0
}

const dd: Program = function* (process, argv) {
  const settings = new Map(argv.slice(1).map((word) => word.split(/=(.*)/s) as [string, string]))
  const size = (name: string, otherwise: number) => {
    const found = /^(\d+)([kKMG]?)B?$/.exec(settings.get(name) ?? '')
    return found === null
      ? otherwise
      : Number(found[1]) * ({ k: 1024, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[found[2] ?? ''] ?? 1)
  }
  const block = size('bs', 512)
  const count = size('count', Number.POSITIVE_INFINITY)
  const from = settings.get('if')
  const to = settings.get('of')
  const source =
    from === undefined
      ? process.fd(0).share()
      : process.files.open(from, process.cwd, { read: true }, process)
  const keeps = (settings.get('conv') ?? '').includes('notrunc')
  const target =
    to === undefined
      ? process.fd(1).share()
      : process.files.open(
          to,
          process.cwd,
          { write: true, create: true, truncate: !keeps, mode: 0o666 & ~process.umask },
          process,
        )
  let full = 0
  let part = 0
  let bytes = 0
  try {
    while (full + part < count) {
      yield* process.machine.breathe()
      const chunk = yield* source.read(Math.min(block, 1024 * 1024))
      if (chunk === '') break
      if (chunk.length === block) full += 1
      else part += 1
      bytes += chunk.length
      yield* target.write(chunk)
    }
  } finally {
    source.close()
    target.close()
  }
  yield* process.warn(`${full}+${part} records in\n${full}+${part} records out\n`)
  if (settings.get('status') !== 'noxfer')
    yield* process.warn(`${bytes} bytes (${bytes}B) copied, 0.000100 seconds, ${bytes}B/s\n`)
  return 0
}

const yes: Program = function* (process, argv) {
  const line = `${argv.slice(1).join(' ') || 'y'}\n`
  for (;;) {
    yield* process.out(line)
    yield* process.machine.breathe()
  }
}

const says = (text: (process: Process, argv: readonly string[]) => string): Program =>
  function* (process, argv) {
    yield* process.out(`${text(process, argv)}\n`)
    return 0
  }
const ends = (code: number): Program =>
  // biome-ignore lint/correctness/useYield: it just ends
  function* () {
    return code
  }

const testProgram: Program = function* (process, argv) {
  const operands = argv[0]?.endsWith('[') ? argv.slice(1, -1) : argv.slice(1)
  try {
    return test(process, operands) ? 0 : 1
  } catch (error) {
    if (!(error instanceof TestError)) throw error
    return yield* complain(process, 'test', error.message, 2)
  }
}

const echo: Program = function* (process, argv) {
  const flags = /^-[neE]+$/.test(argv[1] ?? '') ? (argv[1] ?? '') : ''
  const plain = argv.slice(flags === '' ? 1 : 2).join(' ')
  const { text, stop } = flags.includes('e') ? unescaped(plain, 'echo') : { text: plain, stop: false }
  yield* process.out(flags.includes('n') || stop ? text : `${text}\n`)
  return 0
}

const which: Program = function* (process, argv) {
  let status = 0
  for (const name of argv.slice(1)) {
    const dir = (process.env.get('PATH') ?? '')
      .split(':')
      .find((each) => process.files.peek(`${each}/${name}`) !== null)
    if (dir === undefined) status = 1
    else yield* process.out(`${dir}/${name}\n`)
  }
  return status
}

const pidof: Program = function* (process, argv) {
  const found = [...process.machine.processes.values()].filter(({ argv: words }) =>
    argv.slice(1).includes(words[0]?.split('/').at(-1) ?? ''),
  )
  if (found.length > 0)
    yield* process.out(
      `${found
        .map(({ pid }) => pid)
        .reverse()
        .join(' ')}\n`,
    )
  return found.length > 0 ? 0 : 1
}

const baseName: Program = says((_, [, path = '', suffix = '']) => {
  const base = path.replace(/\/+$/, '').split('/').at(-1) || '/'
  return suffix !== '' && base !== suffix && base.endsWith(suffix) ? base.slice(0, -suffix.length) : base
})
const dirName: Program = says((_, [, path = '']) => {
  const at = path.replace(/\/+$/, '').lastIndexOf('/')
  return at < 0 ? '.' : at === 0 ? '/' : path.slice(0, at)
})

export const SYSTEM: ReadonlyMap<string, Program> = new Map([
  ['sleep', sleep],
  ['date', date],
  ['hostname', hostname],
  ['ps', ps],
  ['id', id],
  ['expr', expr],
  ['dd', dd],
  ['yes', yes],
  ['true', ends(0)],
  ['false', ends(1)],
  ['sync', ends(0)],
  ['test', testProgram],
  ['[', testProgram],
  ['echo', echo],
  ['which', which],
  ['pidof', pidof],
  ['basename', baseName],
  ['dirname', dirName],
  ['whoami', says(({ uid }) => userName(uid))],
  ['pwd', says(({ cwd }) => cwd)],
  ['nproc', says(() => '2')],
  ['arch', says(() => 'x86_64')],
  [
    'uname',
    says((process, argv) => {
      const facts: Readonly<Record<string, string>> = {
        s: 'Linux',
        n: process.machine.hostname,
        r: '6.1.0',
        v: '#1 SMP',
        m: 'x86_64',
        o: 'GNU/Linux',
      }
      const letters = [...argv.slice(1).join('').replaceAll('-', '')]
      return (letters.includes('a') ? [...'snrvmo'] : letters.length === 0 ? ['s'] : letters)
        .map((letter) => facts[letter] ?? '')
        .join(' ')
    }),
  ],
  ['kill', (process, argv) => kill({ process, prefix: '' }, argv.slice(1))],
  [
    'printf',
    function* (process, [, format = '', ...values]) {
      const { text, errors } = printf(format, values)
      yield* process.out(text)
      return errors.length === 0 ? 0 : 1
    },
  ],
])
