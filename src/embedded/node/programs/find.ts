import { Errno } from '../os/errno.ts'
import type { Task } from '../os/fiber.ts'
import { namesIn } from '../os/files.ts'
import { type Node, sizeOf } from '../os/inode.ts'
import type { Program } from '../os/machine.ts'
import { matches } from '../sh/pattern.ts'
import { complain } from './options.ts'

type Test = (path: string, node: Node, depth: number) => Task<boolean>

export const find: Program = function* (process, argv) {
  const words = argv.slice(1)
  const starts: string[] = []
  while (words[0] !== undefined && !/^[-!(]/.test(words[0])) starts.push(words.shift() ?? '')
  const settings = {
    maxDepth: Number.POSITIVE_INFINITY,
    minDepth: 0,
    xdev: false,
    depthFirst: false,
    acts: false,
    pruned: false,
    status: 0,
  }
  const now = process.machine.clock.nowMs()
  const compare = (text: string, value: number) =>
    text.startsWith('+')
      ? value > Number(text.slice(1))
      : text.startsWith('-')
        ? value < Number(text.slice(1))
        : value === Number(text)
  const or = (): Test => {
    let left = and()
    while (words[0] === '-o' || words[0] === '-or') {
      words.shift()
      const [first, second] = [left, and()]
      left = function* (path, node, depth) {
        return (yield* first(path, node, depth)) || (yield* second(path, node, depth))
      }
    }
    return left
  }
  const and = (): Test => {
    let left = primary()
    while (words.length > 0 && words[0] !== '-o' && words[0] !== '-or' && words[0] !== ')') {
      if (words[0] === '-a') words.shift()
      const [first, second] = [left, primary()]
      left = function* (path, node, depth) {
        return (yield* first(path, node, depth)) && (yield* second(path, node, depth))
      }
    }
    return left
  }
  const plain = (check: (path: string, node: Node, depth: number) => boolean): Test =>
    // biome-ignore lint/correctness/useYield: a check that never waits
    function* (path, node, depth) {
      return check(path, node, depth)
    }
  const primary = (): Test => {
    const word = words.shift() ?? ''
    const value = () => words.shift() ?? ''
    switch (word) {
      case '!':
      case '-not': {
        const inner = primary()
        return function* (path, node, depth) {
          return !(yield* inner(path, node, depth))
        }
      }
      case '(': {
        const inner = or()
        words.shift()
        return inner
      }
      case '-name':
      case '-iname': {
        const pattern = word === '-iname' ? value().toLowerCase() : value()
        return plain((path) => {
          const base = path.split('/').at(-1) ?? ''
          return matches(pattern, word === '-iname' ? base.toLowerCase() : base)
        })
      }
      case '-path': {
        const pattern = value()
        return plain((path) => matches(pattern, path))
      }
      case '-type': {
        const kind = { f: 'file', d: 'dir', l: 'link', p: 'fifo', c: 'char' }[value()]
        return plain((_, node) => node.kind === kind)
      }
      case '-maxdepth':
        settings.maxDepth = Number(value())
        return plain(() => true)
      case '-mindepth':
        settings.minDepth = Number(value())
        return plain(() => true)
      case '-xdev':
        settings.xdev = true
        return plain(() => true)
      case '-depth':
        settings.depthFirst = true
        return plain(() => true)
      case '-size': {
        const text = value()
        const unit = text.endsWith('c') ? 1 : text.endsWith('k') ? 1024 : 512
        return plain((_, node) => compare(text.replace(/[ck]$/, ''), Math.ceil(sizeOf(node) / unit)))
      }
      case '-mmin':
      case '-mtime': {
        const text = value()
        return plain((_, node) =>
          compare(text, Math.floor((now - node.mtimeMs) / (word === '-mmin' ? 60_000 : 86_400_000))),
        )
      }
      case '-newer': {
        const than = process.files.peek(value(), process.cwd)?.mtimeMs ?? 0
        return plain((_, node) => node.mtimeMs > than)
      }
      case '-empty':
        return plain((_, node) => (node.kind === 'dir' ? node.entries.size === 0 : sizeOf(node) === 0))
      case '-prune':
        return plain(() => {
          settings.pruned = true
          return true
        })
      case '-print':
      case '-print0':
        settings.acts = true
        return function* (path) {
          yield* process.out(path + (word === '-print' ? '\n' : '\0'))
          return true
        }
      case '-delete':
        settings.acts = true
        settings.depthFirst = true
        // biome-ignore lint/correctness/useYield: files answer at once
        return function* (path, node) {
          process.files.remove(path, process.cwd, node.kind === 'dir', process)
          return true
        }
      case '-exec': {
        settings.acts = true
        const end = words.findIndex((each) => each === ';' || each === '+')
        const command = words.splice(0, end + 1).slice(0, -1)
        return function* (path) {
          const program = process.machine.programs((command[0] ?? '').split('/').at(-1) ?? '')
          if (program === null) return false
          const args = command.map((each) => each.replaceAll('{}', path))
          const child = process.machine.spawn(process, args, (self) => program(self, args))
          return (yield* process.waitFor(child))?.code === 0
        }
      }
      default:
        throw new FindError(`unrecognized: ${word}`)
    }
  }
  let test: Test
  try {
    test = words.length === 0 ? plain(() => true) : or()
  } catch (error) {
    if (!(error instanceof FindError)) throw error
    return yield* complain(process, 'find', error.message)
  }
  const visit = function* (path: string, depth: number, device: number | null): Task<void> {
    yield* process.machine.breathe()
    const node = process.files.at(path, process.cwd, false)
    settings.pruned = false
    const hit = function* (): Task<void> {
      if (depth >= settings.minDepth && (yield* test(path, node, depth)) && !settings.acts)
        yield* process.out(`${path}\n`)
    }
    if (!settings.depthFirst) yield* hit()
    const otherDevice = settings.xdev && device !== null && node.device.id !== device
    if (node.kind === 'dir' && depth < settings.maxDepth && !settings.pruned && !otherDevice)
      for (const name of namesIn(node))
        yield* visit(path.endsWith('/') ? path + name : `${path}/${name}`, depth + 1, node.device.id)
    if (settings.depthFirst) yield* hit()
  }
  for (const start of starts.length === 0 ? ['.'] : starts)
    try {
      yield* visit(start, 0, null)
    } catch (error) {
      if (!(error instanceof Errno)) throw error
      settings.status = yield* complain(process, 'find', `${start}: ${error.message}`)
    }
  return settings.status
}

class FindError extends Error {}
