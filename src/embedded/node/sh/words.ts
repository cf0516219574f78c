import { BadSyntax, type Command, type Part, type Word } from './syntax.ts'

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y
const SPECIAL = '@*#?-$!0123456789'
const OPERATORS = [':-', ':=', ':?', ':+', '##', '%%', '-', '=', '?', '+', '#', '%', '//', '/', ':'] as const

/** Parses the commands of a substitution from a position, up to its ')'. */
export type ParseCommands = (text: string, from: number) => { readonly body: Command; readonly end: number }

/** Reads words: quotes, variables, substitutions. */
export class WordReader {
  readonly text: string
  readonly #parseCommands: ParseCommands
  at: number

  constructor(text: string, at: number, parseCommands: ParseCommands) {
    this.text = text
    this.at = at
    this.#parseCommands = parseCommands
  }

  /** Up to an unquoted character that `ends`. */
  word(ends: (character: string, at: number) => boolean): Word {
    const parts: Part[] = []
    const add = (text: string, quoted: boolean) => {
      const last = parts.at(-1)
      if (last?.part === 'text' && last.quoted === quoted)
        parts[parts.length - 1] = { ...last, text: last.text + text }
      else parts.push({ part: 'text', text, quoted })
    }
    if (this.text[this.at] === '~') {
      const user = /~([A-Za-z0-9_-]*)(?=[/\s;&|)]|$)/y
      user.lastIndex = this.at
      const found = user.exec(this.text)
      if (found !== null) {
        parts.push({ part: 'tilde', user: found[1] ?? '' })
        this.at = user.lastIndex
      }
    }
    while (this.at < this.text.length) {
      const character = this.text[this.at] ?? ''
      if (character === "'") {
        const end = this.text.indexOf("'", this.at + 1)
        if (end < 0) throw new BadSyntax('unterminated quoted string', true)
        add(this.text.slice(this.at + 1, end), true)
        this.at = end + 1
      } else if (character === '"') {
        this.at += 1
        const inside = this.quoted('"')
        if (inside.length === 0) add('', true)
        parts.push(...inside)
        this.at += 1
      } else if (character === '\\') {
        const next = this.text[this.at + 1]
        this.at += 2
        if (next === undefined) add('\\', true)
        else if (next !== '\n') add(next, true)
      } else if (character === '$' || character === '`') {
        const part = this.#substitution(false)
        if (part === null) {
          add('$', false)
          this.at += 1
        } else parts.push(part)
      } else if (ends(character, this.at)) break
      else {
        add(character, false)
        this.at += 1
      }
    }
    return parts
  }

  /** Inside double quotes (or a here-document, where only the end of the text ends it). */
  quoted(close: '"' | null): Part[] {
    const parts: Part[] = []
    let text = ''
    const flush = () => {
      if (text !== '') parts.push({ part: 'text', text, quoted: true })
      text = ''
    }
    for (;;) {
      const character = this.text[this.at]
      if (character === undefined) {
        if (close !== null) throw new BadSyntax('unterminated quoted string', true)
        flush()
        return parts
      }
      if (character === close) {
        flush()
        return parts
      }
      if (character === '\\') {
        const next = this.text[this.at + 1] ?? ''
        if (next !== '\n') text += '$`\\'.includes(next) || next === close ? next : `\\${next}`
        this.at += 2
      } else if (character === '$' || character === '`') {
        const part = this.#substitution(true)
        if (part === null) {
          text += '$'
          this.at += 1
        } else {
          flush()
          parts.push(part)
        }
      } else {
        text += character
        this.at += 1
      }
    }
  }

  /** At a '$' or a backquote; null when it is just a dollar. */
  #substitution(quoted: boolean): Part | null {
    if (this.text[this.at] === '`') return this.#backquoted(quoted)
    const next = this.text[this.at + 1] ?? ''
    if (next === '(' && this.text[this.at + 2] === '(') {
      const arithmetic = this.#arithmetic(quoted)
      if (arithmetic !== null) return arithmetic
    }
    if (next === '(') {
      const { body, end } = this.#parseCommands(this.text, this.at + 2)
      this.at = end + 1
      return { part: 'command', body, quoted }
    }
    if (next === '{') return this.#braced(quoted)
    NAME.lastIndex = this.at + 1
    const name = NAME.exec(this.text)?.[0] ?? (next !== '' && SPECIAL.includes(next) ? next : null)
    if (name === null) return null
    this.at += 1 + name.length
    return { part: 'variable', name, operator: '', word: [], quoted }
  }

  #backquoted(quoted: boolean): Part {
    let inner = ''
    let at = this.at + 1
    for (; ; at += 1) {
      const character = this.text[at]
      if (character === undefined) throw new BadSyntax('EOF in backquote substitution', true)
      if (character === '`') break
      if (character === '\\') {
        const next = this.text[at + 1] ?? ''
        inner += '$`\\'.includes(next) || (quoted && next === '"') ? next : `\\${next}`
        at += 1
      } else inner += character
    }
    this.at = at + 1
    return { part: 'command', body: this.#parseCommands(`${inner}\n)`, 0).body, quoted }
  }

  /** null when it is `$( (…) )` after all. */
  #arithmetic(quoted: boolean): Part | null {
    let depth = 0
    let at = this.at + 3
    for (; at < this.text.length; at += 1) {
      const character = this.text[at]
      if (character === '(') depth += 1
      else if (character === ')') {
        if (depth > 0) depth -= 1
        else if (this.text[at + 1] === ')') break
        else return null
      }
    }
    if (at >= this.text.length) throw new BadSyntax('unterminated arithmetic expansion', true)
    const word = new WordReader(this.text.slice(this.at + 3, at), 0, this.#parseCommands).quoted(null)
    this.at = at + 2
    return { part: 'arithmetic', word, quoted }
  }

  #braced(quoted: boolean): Part {
    const begin = this.at + 2
    let at = begin
    const isLength = this.text[at] === '#' && !'}:-=?+%#'.includes(this.text[at + 1] ?? '}')
    if (isLength) at += 1
    NAME.lastIndex = at
    const digits = /\d+/y
    digits.lastIndex = at
    const name =
      NAME.exec(this.text)?.[0] ??
      digits.exec(this.text)?.[0] ??
      (SPECIAL.includes(this.text[at] ?? ' ') ? this.text[at] : undefined)
    if (name === undefined) throw new BadSyntax('bad substitution')
    at += name.length
    this.at = at
    if (isLength) {
      if (this.text[at] !== '}') throw new BadSyntax('bad substitution')
      this.at += 1
      return { part: 'variable', name, operator: 'length', word: [], quoted }
    }
    const operator = OPERATORS.find((each) => this.text.startsWith(each, at)) ?? ''
    this.at += operator.length
    const strips = operator.startsWith('#') || operator.startsWith('%') || operator.startsWith('/')
    const word = quoted && !strips ? this.#bracedQuoted() : this.word((character) => character === '}')
    if (this.text[this.at] === undefined) throw new BadSyntax("missing '}'", true)
    if (this.text[this.at] !== '}' || (operator === '' && word.length > 0))
      throw new BadSyntax('bad substitution')
    this.at += 1
    return { part: 'variable', name, operator, word, quoted }
  }

  /** The word of "${name-word}": quotes inside pair up, everything else is quoted already. */
  #bracedQuoted(): Word {
    const word = this.word((character) => character === '}')
    return word.map((part) => (part.part === 'tilde' ? part : { ...part, quoted: true }))
  }
}
