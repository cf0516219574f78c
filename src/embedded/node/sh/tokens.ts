import { BadSyntax, type Word } from './syntax.ts'
import { type ParseCommands, WordReader } from './words.ts'

const OPERATORS = [
  '&&',
  '||',
  ';;',
  '<<-',
  '<<',
  '>>',
  '<&',
  '>&',
  '<>',
  '>|',
  '&',
  '|',
  ';',
  '<',
  '>',
  '(',
  ')',
  '\n',
]
const RESERVED = [
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'do',
  'done',
  'case',
  'esac',
  'while',
  'until',
  'for',
  '{',
  '}',
  '!',
  'in',
]
const META = ' \t\n;&|<>()'

type Token =
  | { readonly token: 'end' }
  | { readonly token: 'operator'; readonly text: string }
  | { readonly token: 'redirect'; readonly fd: number | null; readonly text: string }
  | { readonly token: 'word'; readonly word: Word; readonly plain: string | null }

interface HereDocument {
  readonly delimiter: string
  readonly strips: boolean
  readonly literal: boolean
  readonly redirection: { target: Word }
}

/** Reads the tokens of a script, here-documents included. */
export abstract class Tokens {
  readonly #text: string
  #at: number
  protected ahead: Token | null = null
  protected start = 0
  protected hereDocuments: HereDocument[] = []

  constructor(text: string, at = 0) {
    this.#text = text
    this.#at = at
  }

  /** Where the next line begins. */
  get position(): number {
    return this.ahead === null ? this.#at : this.start
  }

  /** Parses a substitution: the words know nothing of commands. */
  protected abstract readonly parseSubstitution: ParseCommands

  protected peek(): Token {
    this.ahead ??= this.#read()
    return this.ahead
  }

  protected take(): Token {
    const token = this.peek()
    this.ahead = null
    return token
  }

  #read(): Token {
    const text = this.#text
    for (;;) {
      const character = text[this.#at]
      if (character === ' ' || character === '\t') this.#at += 1
      else if (character === '\\' && text[this.#at + 1] === '\n') this.#at += 2
      else if (character === '#') while (this.#at < text.length && text[this.#at] !== '\n') this.#at += 1
      else break
    }
    this.start = this.#at
    if (this.#at >= text.length) {
      if (this.hereDocuments.length > 0) this.#readHereDocuments()
      return { token: 'end' }
    }
    const number = /\d+(?=[<>])/y
    number.lastIndex = this.#at
    const digits = number.exec(text)?.[0] ?? ''
    const operator = OPERATORS.find((each) => text.startsWith(each, this.#at + digits.length))
    if (operator !== undefined) {
      this.#at += digits.length + operator.length
      if (operator.startsWith('<') || operator.startsWith('>'))
        return { token: 'redirect', fd: digits === '' ? null : Number(digits), text: operator }
      if (operator === '\n') this.#readHereDocuments()
      return { token: 'operator', text: operator }
    }
    const reader = new WordReader(text, this.#at, this.parseSubstitution)
    const word = reader.word((character) => META.includes(character))
    this.#at = reader.at
    const [only] = word
    const plain = word.length === 1 && only?.part === 'text' && !only.quoted ? only.text : null
    return { token: 'word', word, plain }
  }

  #readHereDocuments(): void {
    for (const { delimiter, strips, literal, redirection } of this.hereDocuments) {
      let body = ''
      while (this.#at < this.#text.length) {
        const end = this.#text.indexOf('\n', this.#at)
        const raw = this.#text.slice(this.#at, end < 0 ? undefined : end)
        this.#at = end < 0 ? this.#text.length : end + 1
        const line = strips ? raw.replace(/^\t+/, '') : raw
        if (line === delimiter) break
        body += `${line}\n`
      }
      redirection.target = literal
        ? [{ part: 'text', text: body, quoted: true }]
        : new WordReader(body, 0, this.parseSubstitution).quoted(null)
    }
    this.hereDocuments = []
  }

  protected skipNewlines(): void {
    while (this.takeOperator('\n'));
  }

  protected takeOperator(text: string): boolean {
    const token = this.peek()
    if (token.token !== 'operator' || token.text !== text) return false
    this.take()
    return true
  }

  protected takeWord(text: string): boolean {
    const token = this.peek()
    if (token.token !== 'word' || token.plain !== text) return false
    this.take()
    return true
  }

  protected expectOperator(text: string): void {
    if (!this.takeOperator(text)) throw this.unexpected(`"${text}"`)
  }

  protected expectWord(text: string): void {
    if (!this.takeWord(text)) throw this.unexpected(`"${text}"`)
  }

  /** As ash complains of it. */
  protected unexpected(expected?: string): BadSyntax {
    const token = this.peek()
    const hint = expected === undefined ? '' : ` (expecting ${expected})`
    if (token.token === 'end') return new BadSyntax(`unexpected end of file${hint}`, true)
    if (token.token === 'word')
      return new BadSyntax(
        RESERVED.includes(token.plain ?? '')
          ? `unexpected "${token.plain}"${hint}`
          : `unexpected word${hint}`,
      )
    if (token.token === 'redirect') return new BadSyntax(`unexpected redirection${hint}`)
    return new BadSyntax(
      token.text === '\n' ? `unexpected newline${hint}` : `unexpected "${token.text}"${hint}`,
    )
  }
}
