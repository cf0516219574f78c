import { may } from '../os/files.ts'
import { type Node, sizeOf } from '../os/inode.ts'
import type { Process } from '../os/process.ts'

export class TestError extends Error {}

/** What `test` and `[` find of their arguments. @throws TestError */
export function test(process: Process, args: readonly string[]): boolean {
  const [a = '', b = '', c = '', d = ''] = args
  // POSIX decides by the number of arguments first: a value may look like an operator.
  switch (args.length) {
    case 0:
      return false
    case 1:
      return a !== ''
    case 2:
      if (a === '!') return b === ''
      return unary(process, a, b) ?? fail(a)
    case 3: {
      const found = binary(process, a, b, c)
      if (found !== null) return found
      if (a === '!') return !test(process, [b, c])
      if (a === '(' && c === ')') return b !== ''
      break
    }
    case 4:
      if (a === '!') return !test(process, [b, c, d])
      break
  }
  return new Expression(process, args).value()
}

class Expression {
  readonly #process: Process
  readonly #args: readonly string[]
  #at = 0

  constructor(process: Process, args: readonly string[]) {
    this.#process = process
    this.#args = args
  }

  value(): boolean {
    const result = this.#or()
    if (this.#at < this.#args.length) fail(this.#args[this.#at] ?? '')
    return result
  }

  #or(): boolean {
    let left = this.#and()
    while (this.#args[this.#at] === '-o') {
      this.#at += 1
      left = this.#and() || left
    }
    return left
  }

  #and(): boolean {
    let left = this.#not()
    while (this.#args[this.#at] === '-a') {
      this.#at += 1
      left = this.#not() && left
    }
    return left
  }

  #not(): boolean {
    if (this.#args[this.#at] !== '!') return this.#primary()
    this.#at += 1
    return !this.#not()
  }

  #primary(): boolean {
    const [first, second, third] = this.#args.slice(this.#at)
    if (first === undefined) throw new TestError('argument expected')
    if (second !== undefined && third !== undefined) {
      const found = binary(this.#process, first, second, third)
      if (found !== null) {
        this.#at += 3
        return found
      }
    }
    if (first === '(') {
      this.#at += 1
      const inner = this.#or()
      if (this.#args[this.#at] !== ')') throw new TestError('closing paren expected')
      this.#at += 1
      return inner
    }
    if (second !== undefined) {
      const found = unary(this.#process, first, second)
      if (found !== null) {
        this.#at += 2
        return found
      }
    }
    this.#at += 1
    return first !== ''
  }
}

function unary(process: Process, operator: string, operand: string): boolean | null {
  if (operator === '-z') return operand === ''
  if (operator === '-n') return operand !== ''
  if (operator === '-t') return process.fds.get(Number(operand))?.isTerminal ?? false
  if (!/^-[edfrwxshLpbcSugkOG]$/.test(operator)) return null
  const link = operator === '-h' || operator === '-L'
  const node = process.files.peek(operand, process.cwd, !link)
  return node !== null && fits(process, operator, node)
}

function fits(process: Process, operator: string, node: Node): boolean {
  switch (operator) {
    case '-d':
      return node.kind === 'dir'
    case '-f':
      return node.kind === 'file'
    case '-h':
    case '-L':
      return node.kind === 'link'
    case '-p':
      return node.kind === 'fifo'
    case '-c':
      return node.kind === 'char'
    case '-s':
      return sizeOf(node) > 0
    case '-r':
      return may(node, process, 4)
    case '-w':
      return may(node, process, 2)
    case '-x':
      return (node.mode & 0o111) !== 0 && may(node, process, 1)
    case '-O':
      return node.uid === process.uid
    case '-G':
      return node.gid === process.gid
    case '-e':
      return true
    default:
      return false
  }
}

function binary(process: Process, left: string, operator: string, right: string): boolean | null {
  const node = (path: string) => process.files.peek(path, process.cwd)
  switch (operator) {
    case '=':
    case '==':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '>':
      return left > right
    case '-eq':
      return whole(left) === whole(right)
    case '-ne':
      return whole(left) !== whole(right)
    case '-gt':
      return whole(left) > whole(right)
    case '-ge':
      return whole(left) >= whole(right)
    case '-lt':
      return whole(left) < whole(right)
    case '-le':
      return whole(left) <= whole(right)
    case '-nt':
      return newer(node(left), node(right))
    case '-ot':
      return newer(node(right), node(left))
    case '-ef':
      return node(left) !== null && node(left) === node(right)
    case '-a':
      return left !== '' && right !== ''
    case '-o':
      return left !== '' || right !== ''
    default:
      return null
  }
}

const newer = (one: Node | null, other: Node | null): boolean =>
  one !== null && other !== null && one.mtimeMs > other.mtimeMs

function whole(text: string): bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new TestError(`${text}: bad number`)
  return BigInt(text.trim().replace(/^\+/, ''))
}

function fail(operator: string): never {
  throw new TestError(`${operator}: unknown operand`)
}
