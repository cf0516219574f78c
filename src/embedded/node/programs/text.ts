import { createHash } from 'node:crypto'
import { textOf } from '../os/errno.ts'
import type { Handle } from '../os/handle.ts'
import type { Program } from '../os/machine.ts'
import { complain, optionsOf } from './options.ts'
import { contentOf, linesOf } from './read.ts'

const cat: Program = function* (process, argv) {
  const { flags, operands } = optionsOf(argv, 'uneAvtT')
  let status = 0
  let line = 0
  for (const path of operands.length === 0 ? ['-'] : operands) {
    let handle: Handle
    try {
      handle =
        path === '-' ? process.fd(0).share() : process.files.open(path, process.cwd, { read: true }, process)
    } catch (error) {
      status = yield* complain(process, 'cat', `can't open '${path}': ${textOf(error)}`)
      continue
    }
    try {
      for (let chunk = yield* handle.read(65_536); chunk !== ''; chunk = yield* handle.read(65_536)) {
        const shown = flags.has('n')
          ? linesOf(chunk)
              .map((each) => `${String(++line).padStart(6)}\t${each}\n`)
              .join('')
          : chunk
        yield* process.out(shown)
        yield* process.machine.breathe()
      }
    } catch (error) {
      status = yield* complain(process, 'cat', `read error: ${textOf(error)}`)
    } finally {
      handle.close()
    }
  }
  return status
}

const SUFFIX: Readonly<Record<string, number>> = { b: 512, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }
function sizeNamed(text: string): number | null {
  const found = /^([-+]?\d+)([bkmgBKMG])?[bB]?$/.exec(text)
  return found === null ? null : Number(found[1]) * (SUFFIX[found[2]?.toLowerCase() ?? ''] ?? 1)
}

/** head and tail also know `-5`. */
const withCount = (argv: readonly string[]): string[] => argv.map((word) => word.replace(/^-(\d+)$/, '-n$1'))

const head: Program = function* (process, argv) {
  const { values, operands, flags } = optionsOf(withCount(argv), 'n:c:qv')
  const count = sizeNamed(values.get('c') ?? values.get('n') ?? '10')
  if (count === null)
    return yield* complain(process, 'head', `invalid number '${values.get('c') ?? values.get('n')}'`)
  let status = 0
  const paths = operands.length === 0 ? ['-'] : operands
  for (const [index, path] of paths.entries()) {
    let handle: Handle
    try {
      handle =
        path === '-' ? process.fd(0).share() : process.files.open(path, process.cwd, { read: true }, process)
    } catch (error) {
      status = yield* complain(process, 'head', `${path}: ${textOf(error)}`)
      continue
    }
    try {
      if ((paths.length > 1 && !flags.has('q')) || flags.has('v'))
        yield* process.out(`${index > 0 ? '\n' : ''}==> ${path} <==\n`)
      if (count < 0) {
        let all = ''
        for (let chunk = yield* handle.read(65_536); chunk !== ''; chunk = yield* handle.read(65_536))
          all += chunk
        const lines = linesOf(all)
        yield* process.out(
          values.has('c')
            ? all.slice(0, count)
            : lines
                .slice(0, count)
                .map((line) => `${line}\n`)
                .join(''),
        )
        continue
      }
      // It takes no more than it needs: what follows on a pipe is somebody else's.
      for (let left = count; left > 0; ) {
        const chunk = yield* handle.read(values.has('c') ? left : 4096)
        if (chunk === '') break
        if (values.has('c')) {
          left -= chunk.length
          yield* process.out(chunk)
          continue
        }
        let end = 0
        while (left > 0 && end < chunk.length) {
          const at = chunk.indexOf('\n', end)
          end = at < 0 ? chunk.length : at + 1
          if (at >= 0) left -= 1
        }
        yield* process.out(chunk.slice(0, end))
      }
    } catch (error) {
      status = yield* complain(process, 'head', `${path}: ${textOf(error)}`)
    } finally {
      handle.close()
    }
  }
  return status
}

const tail: Program = function* (process, argv) {
  const { values, operands, flags } = optionsOf(withCount(argv), 'n:c:fFqvs:')
  const asked = values.get('c') ?? values.get('n') ?? '10'
  const count = Math.abs(sizeNamed(asked.replace('+', '')) ?? 10)
  let status = 0
  const paths = operands.length === 0 ? ['-'] : operands
  for (const path of paths) {
    const text = yield* contentOf(process, 'tail', path)
    if (text === null) {
      status = 1
      continue
    }
    if (paths.length > 1 && !flags.has('q')) yield* process.out(`==> ${path} <==\n`)
    const units = values.has('c') ? [...text] : (text.match(/[^\n]*\n|[^\n]+$/g) ?? [])
    const shown = asked.startsWith('+')
      ? units.slice(Math.max(0, count - 1))
      : count === 0
        ? []
        : units.slice(-count)
    yield* process.out(shown.join(''))
  }
  if ((!flags.has('f') && !flags.has('F')) || paths[0] === '-') return status
  const sizes = new Map(paths.map((path) => [path, textLength(process.files.peek(path, process.cwd))]))
  for (;;) {
    yield (wake) => process.machine.clock.setTimer(1000, wake)
    for (const path of paths) {
      const node = process.files.peek(path, process.cwd)
      const seen = sizes.get(path) ?? 0
      if (node?.kind === 'file' && node.text.length !== seen) {
        sizes.set(path, node.text.length)
        yield* process.out(node.text.slice(node.text.length > seen ? seen : 0))
      }
    }
  }
}
const textLength = (node: { readonly kind: string } | null): number =>
  node !== null && 'text' in node ? String(node.text).length : 0

const wc: Program = function* (process, argv) {
  const { flags, operands } = optionsOf(argv, 'lwcmL')
  const all = flags.size === 0
  const totals = [0, 0, 0]
  let status = 0
  const paths = operands.length === 0 ? [''] : operands
  const show = (counts: readonly number[], name: string) => {
    const shown = ['l', 'w', 'c'].flatMap((flag, index) =>
      all || flags.has(flag) || (flag === 'c' && flags.has('m')) ? [counts[index] ?? 0] : [],
    )
    const alone = shown.length === 1 && paths.length === 1
    return `${shown.map((count) => (alone ? String(count) : String(count).padStart(9))).join(' ')}${name === '' ? '' : ` ${name}`}\n`
  }
  for (const path of paths) {
    const text = yield* contentOf(process, 'wc', path === '' ? '-' : path)
    if (text === null) {
      status = 1
      continue
    }
    const counts = [
      text.split('\n').length - 1,
      text.split(/\s+/).filter((word) => word !== '').length,
      text.length,
    ]
    for (const [index, count] of counts.entries()) totals[index] = (totals[index] ?? 0) + count
    yield* process.out(show(counts, path))
  }
  if (paths.length > 1) yield* process.out(show(totals, 'total'))
  return status
}

const tee: Program = function* (process, argv) {
  const { flags, operands } = optionsOf(argv, 'ai')
  const how = flags.has('a') ? { append: true, create: true } : { write: true, create: true, truncate: true }
  const handles: Handle[] = []
  let status = 0
  for (const path of operands)
    try {
      handles.push(process.files.open(path, process.cwd, how, process))
    } catch (error) {
      status = yield* complain(process, 'tee', `${path}: ${textOf(error)}`)
    }
  try {
    for (
      let chunk = yield* process.fd(0).read(65_536);
      chunk !== '';
      chunk = yield* process.fd(0).read(65_536)
    ) {
      yield* process.out(chunk)
      for (const handle of handles) yield* handle.write(chunk)
    }
  } finally {
    for (const handle of handles) handle.close()
  }
  return status
}

const base64: Program = function* (process, argv) {
  const { flags, values, operands } = optionsOf(argv, 'dw:')
  const text = yield* contentOf(process, 'base64', operands[0] ?? '-')
  if (text === null) return 1
  if (flags.has('d')) {
    yield* process.out(Buffer.from(text, 'base64').toString('latin1'))
    return 0
  }
  const width = Number(values.get('w') ?? 76)
  const encoded = Buffer.from(text, 'latin1').toString('base64')
  yield* process.out(
    width === 0
      ? encoded
      : (encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).map((line) => `${line}\n`).join(''),
  )
  return 0
}

const sum = (name: string, algorithm: string): Program =>
  function* (process, argv) {
    const { operands } = optionsOf(argv, 'csw')
    let status = 0
    for (const path of operands.length === 0 ? ['-'] : operands) {
      const text = yield* contentOf(process, name, path)
      if (text === null) status = 1
      else
        yield* process.out(
          `${createHash(algorithm).update(Buffer.from(text, 'latin1')).digest('hex')}  ${path}\n`,
        )
    }
    return status
  }

const seq: Program = function* (process, argv) {
  const { operands, values } = optionsOf(
    argv.map((word) => (/^-\d/.test(word) ? `\0${word}` : word)),
    '+ws:',
  )
  const numbers = operands.map((word) => Number(word.replace('\0', '')))
  const [from = 1, step = 1, to = 1] =
    numbers.length === 1 ? [1, 1, numbers[0]] : numbers.length === 2 ? [numbers[0], 1, numbers[1]] : numbers
  if (step === 0 || numbers.some(Number.isNaN)) return yield* complain(process, 'seq', 'invalid number')
  const shown: number[] = []
  for (let at = from; step > 0 ? at <= to : at >= to; at += step) {
    shown.push(at)
    if (shown.length > 1_000_000) break
  }
  if (shown.length > 0) yield* process.out(`${shown.join(values.get('s') ?? '\n')}\n`)
  return 0
}

const rev: Program = function* (process, argv) {
  const text = (yield* contentOf(process, 'rev', argv[1] ?? '-')) ?? ''
  yield* process.out(
    linesOf(text)
      .map((line) => `${[...line].reverse().join('')}\n`)
      .join(''),
  )
  return 0
}

const tac: Program = function* (process, argv) {
  const text = (yield* contentOf(process, 'tac', argv[1] ?? '-')) ?? ''
  yield* process.out(
    linesOf(text)
      .reverse()
      .map((line) => `${line}\n`)
      .join(''),
  )
  return 0
}

export const TEXT: ReadonlyMap<string, Program> = new Map([
  ['cat', cat],
  ['head', head],
  ['tail', tail],
  ['wc', wc],
  ['tee', tee],
  ['base64', base64],
  ['md5sum', sum('md5sum', 'md5')],
  ['sha1sum', sum('sha1sum', 'sha1')],
  ['sha256sum', sum('sha256sum', 'sha256')],
  ['sha512sum', sum('sha512sum', 'sha512')],
  ['seq', seq],
  ['rev', rev],
  ['tac', tac],
])
