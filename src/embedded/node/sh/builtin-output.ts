import type { Task } from '../os/fiber.ts'
import type { Builtin } from './builtins.ts'
import { printf, unescaped } from './printf.ts'
import type { Runner } from './run.ts'
import { TestError, test } from './test-expression.ts'

export function* echo({ process }: Runner, args: readonly string[]): Task<number> {
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

export function* printfCommand({ process, prefix }: Runner, args: readonly string[]): Task<number> {
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

export const testCommand = (name: 'test' | '['): Builtin =>
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
