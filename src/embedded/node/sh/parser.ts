import { type Assignment, BadSyntax, type Command, type Redirection, type Word } from './syntax.ts'
import { Tokens } from './tokens.ts'

const MAX_DEPTH = 100

/** Reads shell commands, one line at a time. */
export class Parser extends Tokens {
  protected override readonly parseSubstitution = parseSubstitution
  #depth = 0

  /** The commands of the next line; null at the end. @throws BadSyntax */
  next(): Command | null {
    for (;;) {
      const token = this.peek()
      if (token.token === 'end') return null
      if (token.token !== 'operator' || token.text !== '\n') break
      this.take()
    }
    const list = this.#list(true)
    const token = this.peek()
    if (token.token === 'operator' && token.text === '\n') this.take()
    else if (token.token !== 'end') throw this.unexpected()
    return list
  }

  /** Everything up to the ')' of a substitution. */
  substitution(): { readonly body: Command; readonly end: number } {
    const body = this.#list(false, true)
    const token = this.peek()
    if (token.token === 'end') throw new BadSyntax('unexpected end of file (expecting ")")', true)
    if (token.token !== 'operator' || token.text !== ')') throw this.unexpected('")"')
    return { body, end: this.start }
  }

  #list(oneLine: boolean, mayBeEmpty = false): Command {
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw new BadSyntax('too deep')
    const items: { command: Command; background: boolean }[] = []
    for (;;) {
      if (!oneLine) this.skipNewlines()
      if (!this.#beginsCommand()) break
      const command = this.#andOr()
      const separator = this.peek()
      const text = separator.token === 'operator' ? separator.text : ''
      items.push({ command, background: text === '&' })
      if (text === '&' || text === ';') this.take()
      else if (text === '\n' && !oneLine) continue
      else break
    }
    this.#depth -= 1
    if (items.length === 0 && !mayBeEmpty) throw this.unexpected()
    const [only] = items
    if (only !== undefined && items.length === 1 && !only.background) return only.command
    return { type: 'list', items, redirections: [] }
  }

  #beginsCommand(): boolean {
    const token = this.peek()
    if (token.token === 'end') return false
    if (token.token === 'operator') return token.text === '('
    if (token.token === 'redirect') return true
    return !['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}'].includes(token.plain ?? '')
  }

  #andOr(): Command {
    let left = this.#pipeline()
    for (;;) {
      const token = this.peek()
      const text = token.token === 'operator' ? token.text : ''
      if (text !== '&&' && text !== '||') return left
      this.take()
      this.skipNewlines()
      left = { type: text === '&&' ? 'and' : 'or', left, right: this.#pipeline(), redirections: [] }
    }
  }

  #pipeline(): Command {
    const negated = this.takeWord('!')
    const commands = [this.#command()]
    while (this.takeOperator('|')) {
      this.skipNewlines()
      commands.push(this.#command())
    }
    const [only] = commands
    if (only !== undefined && commands.length === 1 && !negated) return only
    return { type: 'pipeline', commands, negated, redirections: [] }
  }

  #command(): Command {
    const token = this.peek()
    if (token.token === 'operator' && token.text === '(') {
      this.take()
      const body = this.#list(false)
      this.expectOperator(')')
      return { type: 'subshell', body, redirections: this.#redirections() }
    }
    if (token.token === 'word')
      switch (token.plain) {
        case '{': {
          this.take()
          const body = this.#list(false)
          this.expectWord('}')
          return { type: 'group', body, redirections: this.#redirections() }
        }
        case 'if':
          return this.#if()
        case 'while':
        case 'until': {
          this.take()
          const condition = this.#list(false)
          const body = this.#doGroup()
          return {
            type: 'while',
            until: token.plain === 'until',
            condition,
            body,
            redirections: this.#redirections(),
          }
        }
        case 'for':
          return this.#for()
        case 'case':
          return this.#case()
      }
    return this.#simple()
  }

  #if(): Command {
    const clauses: { condition: Command; body: Command }[] = []
    let otherwise: Command | null = null
    this.take()
    for (;;) {
      const condition = this.#list(false)
      this.expectWord('then')
      clauses.push({ condition, body: this.#list(false) })
      if (this.takeWord('elif')) continue
      if (this.takeWord('else')) otherwise = this.#list(false)
      this.expectWord('fi')
      return { type: 'if', clauses, otherwise, redirections: this.#redirections() }
    }
  }

  #for(): Command {
    this.take()
    const variable = this.take()
    const name = variable.token === 'word' ? variable.plain : null
    if (name === null || !/^[A-Za-z_]\w*$/.test(name)) throw new BadSyntax('bad for loop variable')
    this.skipNewlines()
    let words: Word[] | null = null
    if (this.takeWord('in')) {
      words = []
      for (let token = this.peek(); token.token === 'word'; token = this.peek()) {
        words.push(token.word)
        this.take()
      }
      if (!this.takeOperator(';')) this.takeOperator('\n')
    } else this.takeOperator(';')
    return { type: 'for', name, words, body: this.#doGroup(), redirections: this.#redirections() }
  }

  #doGroup(): Command {
    this.skipNewlines()
    this.expectWord('do')
    const body = this.#list(false)
    this.expectWord('done')
    return body
  }

  #case(): Command {
    this.take()
    const subject = this.take()
    if (subject.token !== 'word') throw this.unexpected()
    this.skipNewlines()
    this.expectWord('in')
    const arms: { patterns: Word[]; body: Command }[] = []
    for (;;) {
      this.skipNewlines()
      if (this.takeWord('esac')) break
      this.takeOperator('(')
      const patterns: Word[] = []
      do {
        const pattern = this.take()
        if (pattern.token !== 'word') throw this.unexpected()
        patterns.push(pattern.word)
      } while (this.takeOperator('|'))
      this.expectOperator(')')
      arms.push({ patterns, body: this.#list(false, true) })
      this.skipNewlines()
      if (!this.takeOperator(';;')) {
        this.expectWord('esac')
        break
      }
    }
    return { type: 'case', word: subject.word, arms, redirections: this.#redirections() }
  }

  #simple(): Command {
    const assignments: Assignment[] = []
    const words: Word[] = []
    const redirections: Redirection[] = []
    for (;;) {
      const token = this.peek()
      if (token.token === 'redirect') redirections.push(this.#redirection())
      else if (token.token === 'word') {
        const assigned = words.length === 0 ? assignmentOf(token.word) : null
        if (assigned !== null) assignments.push(assigned)
        else words.push(token.word)
        this.take()
        if (words.length === 1 && assignments.length === 0 && this.takeOperator('(')) {
          this.expectOperator(')')
          this.skipNewlines()
          return { type: 'function', name: token.plain ?? '', body: this.#command(), redirections: [] }
        }
      } else break
    }
    if (assignments.length + words.length + redirections.length === 0) throw this.unexpected()
    return { type: 'simple', assignments, words, redirections }
  }

  #redirections(): Redirection[] {
    const found: Redirection[] = []
    while (this.peek().token === 'redirect') found.push(this.#redirection())
    return found
  }

  #redirection(): Redirection {
    const token = this.take()
    const target = this.take()
    if (token.token !== 'redirect') throw this.unexpected()
    if (target.token !== 'word') {
      this.ahead = target
      throw this.unexpected()
    }
    const fd = token.fd ?? (token.text.startsWith('<') ? 0 : 1)
    if (token.text !== '<<' && token.text !== '<<-')
      return { fd, operator: token.text as Exclude<Redirection['operator'], 'here'>, target: target.word }
    const redirection = { fd, operator: 'here' as const, target: [] as Word }
    const delimiter = target.word.map((part) => (part.part === 'text' ? part.text : '')).join('')
    const literal = target.word.some((part) => part.part === 'text' && part.quoted)
    this.hereDocuments.push({ delimiter, strips: token.text === '<<-', literal, redirection })
    return redirection
  }
}

const parseSubstitution = (text: string, from: number) => new Parser(text, from).substitution()

function assignmentOf(word: Word): Assignment | null {
  const [first, ...rest] = word
  if (first?.part !== 'text' || first.quoted) return null
  const name = /^([A-Za-z_]\w*)=/.exec(first.text)
  if (name === null) return null
  const value = first.text.slice(name[0].length)
  if (value === '~' || value.startsWith('~/'))
    return {
      name: name[1] ?? '',
      word: [{ part: 'tilde', user: '' }, { ...first, text: value.slice(1) }, ...rest],
    }
  return { name: name[1] ?? '', word: value === '' ? rest : [{ ...first, text: value }, ...rest] }
}
