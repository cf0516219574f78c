/** Reads and sets the variables of an expression. */
export interface Variables {
  get(name: string): string
  set(name: string, value: string): void
}

export class ArithmeticError extends Error {}

const BINARY: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]
const ASSIGN = ['<<=', '>>=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '=']
const TOKEN =
  /\s*(0[xX][0-9a-fA-F]+|\d+|[A-Za-z_]\w*|<<=|>>=|&&|\|\||==|!=|<=|>=|<<|>>|\+\+|--|[-+*/%&|^]=|[-+*/%&|^!~<>=?:(),])/y
const MAX_DEPTH = 100
/** Variables that hold expressions of variables: each level may double the work. */
const MAX_NESTED = 2_000

/** `$(( … ))`: whole numbers of 64 bits. @throws ArithmeticError */
export function evaluate(text: string, variables: Variables, nested = { left: MAX_NESTED }): bigint {
  nested.left -= 1
  if (nested.left < 0) throw new ArithmeticError('expression recursion loop detected')
  return new Expression(text, variables, nested).value()
}

class Expression {
  readonly #tokens: readonly string[]
  readonly #variables: Variables
  readonly #nested: { left: number }
  #at = 0
  #depth = 0

  constructor(text: string, variables: Variables, nested: { left: number }) {
    this.#nested = nested
    this.#tokens = tokensOf(text)
    this.#variables = variables
  }

  value(): bigint {
    if (this.#tokens.length === 0) return 0n
    const result = this.#comma(true)
    if (this.#at < this.#tokens.length) throw new ArithmeticError('arithmetic syntax error')
    return result
  }

  #comma(live: boolean): bigint {
    let result = this.#assignment(live)
    while (this.#take(',')) result = this.#assignment(live)
    return result
  }

  #assignment(live: boolean): bigint {
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw new ArithmeticError('expression recursion loop detected')
    try {
      const name = this.#tokens[this.#at] ?? ''
      const operator = this.#tokens[this.#at + 1] ?? ''
      if (!/^[A-Za-z_]/.test(name) || !ASSIGN.includes(operator)) return this.#ternary(live)
      this.#at += 2
      const right = this.#assignment(live)
      const result = operator === '=' ? right : apply(operator.slice(0, -1), this.#read(name), right, live)
      if (live) this.#variables.set(name, String(result))
      return result
    } finally {
      this.#depth -= 1
    }
  }

  #ternary(live: boolean): bigint {
    const condition = this.#binary(0, live)
    if (!this.#take('?')) return condition
    const yes = this.#assignment(live && condition !== 0n)
    if (!this.#take(':')) throw new ArithmeticError('malformed ?: operator')
    const no = this.#assignment(live && condition === 0n)
    return condition !== 0n ? yes : no
  }

  #binary(level: number, live: boolean): bigint {
    const operators = BINARY[level]
    if (operators === undefined) return this.#unary(live)
    let left = this.#binary(level + 1, live)
    for (;;) {
      const operator = operators.find((each) => this.#tokens[this.#at] === each)
      if (operator === undefined) return left
      this.#at += 1
      const decided = (operator === '&&' && left === 0n) || (operator === '||' && left !== 0n)
      const right = this.#binary(level + 1, live && !decided)
      left = apply(operator, left, right, live && !decided)
    }
  }

  #unary(live: boolean): bigint {
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw new ArithmeticError('expression recursion loop detected')
    try {
      if (this.#take('!')) return this.#unary(live) === 0n ? 1n : 0n
      if (this.#take('~')) return ~this.#unary(live)
      if (this.#take('-')) return whole(-this.#unary(live))
      if (this.#take('+')) return this.#unary(live)
      for (const [operator, step] of [
        ['++', 1n],
        ['--', -1n],
      ] as const)
        if (this.#take(operator)) return this.#step(this.#tokens[this.#at++] ?? '', step, live)
      return this.#primary(live)
    } finally {
      this.#depth -= 1
    }
  }

  #primary(live: boolean): bigint {
    if (this.#take('(')) {
      const inner = this.#comma(live)
      if (!this.#take(')')) throw new ArithmeticError('arithmetic syntax error')
      return inner
    }
    const token = this.#tokens[this.#at]
    if (token === undefined || !/^\w/.test(token)) throw new ArithmeticError('arithmetic syntax error')
    this.#at += 1
    if (/^\d/.test(token)) return numberOf(token)
    for (const [operator, step] of [
      ['++', 1n],
      ['--', -1n],
    ] as const)
      if (this.#take(operator)) return whole(this.#step(token, step, live) - step)
    return this.#read(token)
  }

  #step(name: string, by: bigint, live: boolean): bigint {
    const result = whole(this.#read(name) + by)
    if (live) this.#variables.set(name, String(result))
    return result
  }

  #read(name: string): bigint {
    const text = this.#variables.get(name).trim()
    if (text === '') return 0n
    if (/^[-+]?(0[xX][0-9a-fA-F]+|\d+)$/.test(text)) {
      const negative = text.startsWith('-')
      const value = numberOf(text.replace(/^[-+]/, ''))
      return negative ? -value : value
    }
    this.#depth += 1
    if (this.#depth > MAX_DEPTH / 2) throw new ArithmeticError('expression recursion loop detected')
    const value = evaluate(
      text,
      { get: (inner) => (inner === name ? '' : this.#variables.get(inner)), set: () => undefined },
      this.#nested,
    )
    this.#depth -= 1
    return value
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false
    this.#at += 1
    return true
  }
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = []
  const end = text.trimEnd().length
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < end) {
    const found = TOKEN.exec(text)
    if (found === null) throw new ArithmeticError('arithmetic syntax error')
    tokens.push(found[1] ?? '')
  }
  return tokens
}

function numberOf(token: string): bigint {
  if (/^0[0-7]+$/.test(token)) return BigInt(`0o${token.slice(1)}`)
  if (/^0[89]|^\d+[A-Za-z_]/.test(token) && !/^0[xX]/.test(token))
    throw new ArithmeticError('arithmetic syntax error')
  return whole(BigInt(token))
}

const whole = (value: bigint): bigint => BigInt.asIntN(64, value)
const truth = (value: boolean): bigint => (value ? 1n : 0n)

function apply(operator: string, left: bigint, right: bigint, live: boolean): bigint {
  switch (operator) {
    case '||':
      return truth(left !== 0n || right !== 0n)
    case '&&':
      return truth(left !== 0n && right !== 0n)
    case '|':
      return left | right
    case '^':
      return left ^ right
    case '&':
      return left & right
    case '==':
      return truth(left === right)
    case '!=':
      return truth(left !== right)
    case '<=':
      return truth(left <= right)
    case '>=':
      return truth(left >= right)
    case '<':
      return truth(left < right)
    case '>':
      return truth(left > right)
    case '<<':
      return whole(left << (right & 63n))
    case '>>':
      return left >> (right & 63n)
    case '+':
      return whole(left + right)
    case '-':
      return whole(left - right)
    case '*':
      return whole(left * right)
    default:
      if (right === 0n) {
        if (live) throw new ArithmeticError('divide by zero')
        return 0n
      }
      return operator === '/' ? whole(left / right) : left % right
  }
}
