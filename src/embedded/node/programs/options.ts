import type { Task } from '../os/fiber.ts'
import type { Process } from '../os/process.ts'

export interface Options {
  readonly flags: ReadonlySet<string>
  /** Of the letters that take a value, the last one given. */
  readonly values: ReadonlyMap<string, string>
  readonly operands: readonly string[]
}

/** An option that the program does not have. */
export class BadOption extends Error {}

/**
 * As getopt reads them. @param spec 'ab:c': b takes a value; a leading '+' stops at the first operand
 * @throws BadOption
 */
export function optionsOf(
  argv: readonly string[],
  spec: string,
  long: Readonly<Record<string, string>> = {},
): Options {
  const stops = spec.startsWith('+')
  const flags = new Set<string>()
  const values = new Map<string, string>()
  const operands: string[] = []
  let next = 1
  const take = () => argv[next++]
  const keepRest = () => {
    for (let word = take(); word !== undefined; word = take()) operands.push(word)
  }
  for (let word = take(); word !== undefined; word = take()) {
    if (word === '--') {
      keepRest()
      break
    }
    if (!word.startsWith('-') || word === '-') {
      operands.push(word)
      if (stops) {
        keepRest()
        break
      }
      continue
    }
    if (word.startsWith('--')) {
      const [name = '', value] = word.slice(2).split(/=(.*)/s)
      const letter = long[name]
      if (letter === undefined) throw new BadOption(`unrecognized option: ${name}`)
      flags.add(letter)
      if (spec.includes(`${letter}:`)) values.set(letter, value ?? take() ?? '')
      continue
    }
    for (let at = 1; at < word.length; at += 1) {
      const letter = word[at] ?? ''
      const known = letter === ':' || letter === '+' ? -1 : spec.indexOf(letter)
      if (known < 0) throw new BadOption(`unrecognized option: ${letter}`)
      flags.add(letter)
      if (spec[known + 1] !== ':') continue
      const value = at + 1 < word.length ? word.slice(at + 1) : take()
      if (value === undefined) throw new BadOption(`option requires an argument: ${letter}`)
      values.set(letter, value)
      break
    }
  }
  return { flags, values, operands }
}

/** "name: message" on standard error. @returns 1, the usual exit code */
export function* complain(process: Process, name: string, message: string, code = 1): Task<number> {
  yield* process.warn(`${name}: ${message}\n`)
  return code
}
