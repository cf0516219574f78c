import type { Program } from '../os/machine.ts'
import { complain, optionsOf } from './options.ts'
import { contentOf, linesOf } from './read.ts'

const tr: Program = function* (process, argv) {
  const { flags, operands } = optionsOf(argv, '+cCds')
  const complement = flags.has('c') || flags.has('C')
  const from = charactersOf(operands[0] ?? '')
  const to = charactersOf(operands[1] ?? '')
  const set = new Set(from)
  const isIn = (character: string) => set.has(character) !== complement
  const squeezed = new Set(flags.has('s') ? (operands.length > 1 ? to : from) : [])
  const text = yield* process.readAll(0)
  let result = ''
  let last = ''
  for (const character of text) {
    let out = character
    if (isIn(character)) {
      if (flags.has('d')) continue
      if (to.length > 0)
        out = complement
          ? (to.at(-1) ?? character)
          : (to[Math.min(from.lastIndexOf(character), to.length - 1)] ?? character)
    }
    const squeezes = flags.has('s') && (operands.length > 1 || !complement ? squeezed.has(out) : isIn(out))
    if (squeezes && out === last) continue
    result += out
    last = out
  }
  yield* process.out(result)
  return 0
}

function charactersOf(set: string): string[] {
  const named: Readonly<Record<string, RegExp>> = {
    upper: /[A-Z]/,
    lower: /[a-z]/,
    digit: /\d/,
    alpha: /[A-Za-z]/,
    alnum: /[A-Za-z0-9]/,
    space: /\s/,
    punct: /[!-/:-@[-`{-~]/,
    blank: /[ \t]/,
    print: /[ -~]/,
  }
  const plain = set
    .replace(/\[:(\w+):\]/g, (_, name: string) =>
      Array.from({ length: 256 }, (_, code) => String.fromCharCode(code))
        .filter((each) => named[name]?.test(each))
        .join(''),
    )
    .replace(/\\([0-7]{1,3}|.)/g, (_, code: string) =>
      /^[0-7]/.test(code)
        ? String.fromCharCode(Number.parseInt(code, 8))
        : ({ n: '\n', t: '\t', r: '\r', '\\': '\\' }[code] ?? code),
    )
  const result: string[] = []
  for (let at = 0; at < plain.length; at += 1) {
    const begin = plain.charCodeAt(at)
    if (plain[at + 1] === '-' && at + 2 < plain.length) {
      for (let code = begin; code <= plain.charCodeAt(at + 2); code += 1)
        result.push(String.fromCharCode(code))
      at += 2
    } else result.push(plain[at] ?? '')
  }
  return result
}

const cut: Program = function* (process, argv) {
  const { values, operands, flags } = optionsOf(argv, 'b:c:f:d:sn')
  const list = values.get('f') ?? values.get('c') ?? values.get('b')
  if (list === undefined)
    return yield* complain(process, 'cut', 'expected a list of bytes, characters, or fields')
  const ranges = list.split(',').map((range) => {
    const [from = '', to] = range.split('-')
    return [
      from === '' ? 1 : Number(from),
      to === undefined ? Number(from) : to === '' ? Number.POSITIVE_INFINITY : Number(to),
    ] as const
  })
  const wanted = (index: number) => ranges.some(([from, to]) => index + 1 >= from && index + 1 <= to)
  const by = values.get('d') ?? '\t'
  let status = 0
  for (const path of operands.length === 0 ? ['-'] : operands) {
    const text = yield* contentOf(process, 'cut', path)
    if (text === null) status = 1
    for (const line of linesOf(text ?? ''))
      if (!values.has('f')) yield* process.out(`${[...line].filter((_, index) => wanted(index)).join('')}\n`)
      else if (line.includes(by))
        yield* process.out(
          `${line
            .split(by)
            .filter((_, index) => wanted(index))
            .join(by)}\n`,
        )
      else if (!flags.has('s')) yield* process.out(`${line}\n`)
  }
  return status
}

const sort: Program = function* (process, argv) {
  const { flags, values, operands } = optionsOf(argv, 'nrufk:t:bVhs')
  let text = ''
  for (const path of operands.length === 0 ? ['-'] : operands) {
    const more = yield* contentOf(process, 'sort', path)
    if (more === null) return 2
    text += more
  }
  const key = Number.parseInt(values.get('k') ?? '0', 10)
  const keyOf = (line: string) =>
    key > 0
      ? line
          .split(values.get('t') ?? /\s+/)
          .slice(key - 1)
          .join(values.get('t') ?? ' ')
      : line
  const numeric = flags.has('n') || /n/.test(values.get('k') ?? '')
  const compare = (a: string, b: string) => {
    const left = keyOf(a)
    const right = keyOf(b)
    const order = numeric ? (Number.parseFloat(left) || 0) - (Number.parseFloat(right) || 0) : 0
    return order !== 0 ? order : left < right ? -1 : left > right ? 1 : 0
  }
  let lines = linesOf(text).sort(compare)
  if (flags.has('r')) lines.reverse()
  if (flags.has('u'))
    lines = lines.filter((line, index) => index === 0 || compare(line, lines[index - 1] ?? '') !== 0)
  yield* process.out(lines.map((line) => `${line}\n`).join(''))
  return 0
}

const uniq: Program = function* (process, argv) {
  const { flags, operands } = optionsOf(argv, 'cdu')
  const text = yield* contentOf(process, 'uniq', operands[0] ?? '-')
  if (text === null) return 1
  const runs: { line: string; count: number }[] = []
  for (const line of linesOf(text)) {
    const last = runs.at(-1)
    if (last?.line === line) last.count += 1
    else runs.push({ line, count: 1 })
  }
  for (const { line, count } of runs)
    if ((!flags.has('d') || count > 1) && (!flags.has('u') || count === 1))
      yield* process.out(`${flags.has('c') ? `${String(count).padStart(7)} ` : ''}${line}\n`)
  return 0
}

export const COLUMNS: ReadonlyMap<string, Program> = new Map([
  ['tr', tr],
  ['cut', cut],
  ['sort', sort],
  ['uniq', uniq],
])
