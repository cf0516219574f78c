import { bounded, regexSteps } from '../os/bounded-work.ts'
import type { Task } from '../os/fiber.ts'
import { OutOfMemory } from '../os/memory.ts'
import { ArithmeticError, evaluate } from './arithmetic.ts'
import { type Field, Fields, MAX_FIELDS } from './fields.ts'
import { globbed } from './file-names.ts'
import { fittingLength, patternSource, quotedForPattern } from './pattern.ts'
import { type Shell, ShellError } from './shell.ts'
import type { Command, Part, Word } from './syntax.ts'

/** Runs a command for what it prints. */
export type Substitute = (shell: Shell, body: Command) => Task<string>

/** About what a word takes that is kept. */
const WORD_BYTES = 50

/** Expands words as a shell does. */
export class Expander {
  readonly #shell: Shell
  readonly #substitute: Substitute

  constructor(shell: Shell, substitute: Substitute) {
    this.#shell = shell
    this.#substitute = substitute
  }

  /** The arguments that words become. */
  *fields(words: readonly Word[]): Task<string[]> {
    const result: string[] = []
    for (const word of words) {
      const [only] = word
      if (word.length === 1 && only?.part === 'text' && (only.quoted || !/[*?[]/.test(only.text))) {
        result.push(only.text)
        continue
      }
      const fields = new Fields()
      yield* this.#parts(word, fields, true)
      fields.end()
      for (const field of fields.done) result.push(...this.#paths(field))
    }
    if (result.length > MAX_FIELDS) throw new OutOfMemory()
    // Each may be kept: as an argument of a function or of the shell itself.
    if (result.length > 1_000) this.#shell.process.machine.memory.take(result.length * WORD_BYTES)
    return result
  }

  /** One text: no splitting, no file names. */
  *text(word: Word): Task<string> {
    return (yield* this.#whole(word)).map(({ text }) => text).join('')
  }

  /** A pattern: what was quoted has no special meaning. */
  *pattern(word: Word): Task<string> {
    return patternOf(yield* this.#whole(word))
  }

  *#whole(word: Word): Task<Field> {
    const fields = new Fields()
    yield* this.#parts(word, fields, false)
    fields.end()
    return fields.done.flat()
  }

  *#parts(word: Word, fields: Fields, splits: boolean): Task<void> {
    for (const part of word) {
      if (part.part === 'text') fields.add(part.text, part.quoted)
      else if (part.part === 'tilde')
        fields.add(
          part.user === ''
            ? (this.#shell.get('HOME') ?? '~')
            : part.user === 'root'
              ? '/root'
              : `~${part.user}`,
          true,
        )
      else if (part.part === 'variable') yield* this.#variable(part, fields, splits)
      else {
        const text =
          part.part === 'command'
            ? (yield* this.#substitute(this.#shell, part.body)).replace(/\n+$/, '')
            : String(this.arithmetic(yield* this.text(part.word)))
        this.#put(text, part.quoted, fields, splits)
      }
    }
  }

  #put(text: string, quoted: boolean, fields: Fields, splits: boolean): void {
    if (text.length > this.#shell.process.machine.limits.textBytes) throw new ShellError('out of memory')
    this.#shell.process.machine.spend(text.length / 64)
    if (quoted || !splits) fields.add(text, quoted)
    else fields.split(text, this.#shell.get('IFS') ?? ' \t\n')
  }

  *#variable(part: Part & { part: 'variable' }, fields: Fields, splits: boolean): Task<void> {
    const { name, operator, word, quoted } = part
    const shell = this.#shell
    if (operator === '' && (name === '@' || name === '*')) {
      this.#positional(name, quoted, fields, splits)
      return
    }
    const value = this.value(name)
    const lacks = operator.startsWith(':') ? value === null || value === '' : value === null
    switch (operator) {
      case '':
        if (value === null && shell.options.has('u')) throw new ShellError(`${name}: parameter not set`)
        this.#put(value ?? '', quoted, fields, splits)
        return
      case 'length':
        this.#put(String(Buffer.from(value ?? '', 'latin1').toString('utf8').length), quoted, fields, splits)
        return
      case ':-':
      case '-':
        if (lacks) yield* this.#parts(word, fields, splits)
        else if (name === '@' || name === '*') this.#positional(name, quoted, fields, splits)
        else this.#put(value ?? '', quoted, fields, splits)
        return
      case ':+':
      case '+':
        if (!lacks) yield* this.#parts(word, fields, splits)
        return
      case ':=':
      case '=':
        if (lacks) shell.set(name, yield* this.text(word))
        this.#put(this.value(name) ?? '', quoted, fields, splits)
        return
      case ':?':
      case '?':
        if (lacks) throw new ShellError(`${name}: ${(yield* this.text(word)) || 'parameter not set'}`)
        this.#put(value ?? '', quoted, fields, splits)
        return
      case ':': {
        const [from = '', length] = splitOnce(yield* this.text(word), ':')
        this.#put(
          slice(value ?? '', this.arithmetic(from), length === undefined ? null : this.arithmetic(length)),
          quoted,
          fields,
          splits,
        )
        return
      }
      case '/':
      case '//': {
        const at = word.findIndex((each) => each.part === 'text' && !each.quoted && each.text.includes('/'))
        const [pattern, replacement] = cutAt(word, at)
        const source = patternSource(yield* this.pattern(pattern))
        const by = yield* this.text(replacement)
        const found = new RegExp(source === '' ? '(?!)' : source, operator === '//' ? 'g' : '')
        const text = value ?? ''
        this.#put(
          bounded(regexSteps(found, text.length), () => text.replace(found, () => by)),
          quoted,
          fields,
          splits,
        )
        return
      }
      default:
        this.#put(strip(value ?? '', operator, yield* this.pattern(word)), quoted, fields, splits)
    }
  }

  #positional(name: '@' | '*', quoted: boolean, fields: Fields, splits: boolean): void {
    const { positional } = this.#shell
    if (quoted && (name === '*' || !splits)) {
      const ifs = this.#shell.get('IFS')
      fields.add(positional.join(name === '@' || ifs === null ? ' ' : ifs.slice(0, 1)), true)
      return
    }
    for (const [index, each] of positional.entries()) {
      if (index > 0)
        if (splits) fields.end()
        else fields.add(' ', false)
      this.#put(each, quoted, fields, splits)
    }
  }

  value(name: string): string | null {
    const shell = this.#shell
    switch (name) {
      case '?':
        return String(shell.status)
      case '$':
        return String(shell.rootPid)
      case '!':
        return shell.lastBackgroundPid === null ? '' : String(shell.lastBackgroundPid)
      case '#':
        return String(shell.positional.length)
      case '0':
        return shell.name
      case '-':
        return [...shell.options].join('')
      case '@':
      case '*':
        return shell.positional.length === 0 ? null : shell.positional.join(' ')
      case 'RANDOM':
        return String(Math.floor(Math.random() * 32_768))
      default:
        return /^\d+$/.test(name) ? (shell.positional[Number(name) - 1] ?? null) : shell.get(name)
    }
  }

  arithmetic(text: string): bigint {
    try {
      return bounded(text.length * 1_000, () =>
        evaluate(text, {
          get: (name) => this.value(name) ?? '',
          set: (name, value) => this.#shell.set(name, value),
        }),
      )
    } catch (error) {
      if (error instanceof ArithmeticError) throw new ShellError(error.message)
      throw error
    }
  }

  #paths(field: Field): readonly string[] {
    const literal = field.map(({ text }) => text).join('')
    if (this.#shell.options.has('f') || !field.some(({ text, quoted }) => !quoted && /[*?[]/.test(text)))
      return [literal]
    const found = globbed(this.#shell.process, patternOf(field))
    return found.length === 0 ? [literal] : found
  }
}

const patternOf = (field: Field): string =>
  field.map(({ text, quoted }) => (quoted ? quotedForPattern(text) : text)).join('')

function strip(value: string, operator: string, pattern: string): string {
  const from = operator.startsWith('#') ? 'start' : 'end'
  const length = fittingLength(pattern, value, from, operator.length === 2 ? 'most' : 'least')
  if (length === null) return value
  return from === 'start' ? value.slice(length) : value.slice(0, value.length - length)
}

function slice(value: string, from: bigint, length: bigint | null): string {
  const begin = Number(from) < 0 ? Math.max(0, value.length + Number(from)) : Number(from)
  if (length === null) return value.slice(begin)
  return Number(length) < 0
    ? value.slice(begin, value.length + Number(length))
    : value.slice(begin, begin + Number(length))
}

const splitOnce = (text: string, by: string): readonly string[] => {
  const at = text.indexOf(by)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

function cutAt(word: Word, index: number): readonly [Word, Word] {
  const part = word[index]
  if (part?.part !== 'text') return [word, []]
  const at = part.text.indexOf('/')
  return [
    [...word.slice(0, index), { ...part, text: part.text.slice(0, at) }],
    [{ ...part, text: part.text.slice(at + 1) }, ...word.slice(index + 1)],
  ]
}
