import { Errno, textOf } from '../os/errno.ts'
import type { Task } from '../os/fiber.ts'
import { namesIn } from '../os/files.ts'
import type { Program } from '../os/machine.ts'
import type { Process } from '../os/process.ts'
import { modeOf } from './mode.ts'
import { complain, optionsOf } from './options.ts'
import { OWNERSHIP } from './ownership.ts'

const baseName = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1) || '/'
const isDir = (process: Process, path: string): boolean =>
  process.files.peek(path, process.cwd)?.kind === 'dir'

/** Does something with each operand; what cannot be done is said, the rest is done. */
const forEach = (
  name: string,
  spec: string,
  act: (
    process: Process,
    path: string,
    flags: ReadonlySet<string>,
    values: ReadonlyMap<string, string>,
  ) => Task<void>,
  told: (path: string, text: string) => string = (path, text) => `${path}: ${text}`,
): Program =>
  function* (process, argv) {
    const { flags, operands, values } = optionsOf(argv, spec, { parents: 'p', recursive: 'R' })
    let status = 0
    if (operands.length === 0 && !flags.has('f')) return yield* complain(process, name, 'missing operand')
    for (const path of operands) {
      yield* process.machine.breathe()
      try {
        yield* act(process, path, flags, values)
      } catch (error) {
        status = yield* complain(process, name, told(path, textOf(error)))
      }
    }
    return status
  }

const mkdir = forEach(
  'mkdir',
  'pm:v',
  function* (process, path, flags, values) {
    const mode = values.has('m') ? modeOf(values.get('m') ?? '', 0, true) : 0o777 & ~process.umask
    if (flags.has('p')) {
      const parts = path.split('/')
      for (let count = 1; count < parts.length; count += 1) {
        const above = parts.slice(0, count).join('/')
        if (above === '' || above === '.') continue
        const node = process.files.peek(above, process.cwd)
        if (node === null)
          process.files.create(above, process.cwd, (device) => device.dir(0o777 & ~process.umask), process)
      }
      if (isDir(process, path)) return
    }
    process.files.create(path, process.cwd, (device) => device.dir(mode), process)
  },
  (path, text) => `can't create directory '${path}': ${text}`,
)

const rmdir = forEach(
  'rmdir',
  'p',
  // biome-ignore lint/correctness/useYield: files answer at once
  function* (process, path) {
    process.files.remove(path.replace(/(.)\/+$/, '$1'), process.cwd, true, process)
  },
  (path, text) => `'${path}': ${text}`,
)

function* removeTree(process: Process, path: string): Task<void> {
  yield* process.machine.breathe()
  const { node } = process.files.find(path, process.cwd, false)
  if (node?.kind === 'dir') for (const name of namesIn(node)) yield* removeTree(process, `${path}/${name}`)
  process.files.remove(path, process.cwd, node?.kind === 'dir', process)
}

const rm = forEach(
  'rm',
  'rRfiv',
  function* (process, path, flags) {
    const node = process.files.peek(path, process.cwd, false)
    if (node === null && flags.has('f')) return
    if (node?.kind === 'dir' && !flags.has('r') && !flags.has('R')) throw new Errno('EISDIR')
    yield* removeTree(process, path.replace(/(.)\/+$/, '$1'))
  },
  (path, text) =>
    text === 'Is a directory' ? `'${path}' is a directory` : `can't remove '${path}': ${text}`,
)

function* copy(process: Process, from: string, to: string, deep: boolean, keep: boolean): Task<void> {
  yield* process.machine.breathe()
  const node = process.files.at(from, process.cwd, !deep)
  if (node.kind === 'dir') {
    if (!isDir(process, to)) process.files.create(to, process.cwd, (device) => device.dir(node.mode), process)
    for (const name of namesIn(node)) yield* copy(process, `${from}/${name}`, `${to}/${name}`, deep, keep)
  } else if (node.kind === 'link')
    process.files.create(to, process.cwd, (device) => device.link(node.target), process, false)
  else {
    const text = yield* process.readFile(from)
    const handle = process.files.open(
      to,
      process.cwd,
      { write: true, create: true, truncate: true, mode: node.mode & ~process.umask },
      process,
    )
    yield* handle.write(text)
    if (keep && handle.node !== null) {
      handle.node.mtimeMs = node.mtimeMs
      handle.node.mode = node.mode
      handle.node.ctimeMs = handle.node.device.stamp()
    }
    handle.close()
  }
}

/** cp, mv and ln end with where to. */
const moves = (
  name: 'cp' | 'mv' | 'ln',
  spec: string,
  act: (process: Process, from: string, to: string, flags: ReadonlySet<string>) => Task<void>,
): Program =>
  function* (process, argv) {
    const { flags, operands } = optionsOf(argv, spec)
    const sources = operands.slice(0, -1)
    const [only] = operands
    const target =
      operands.length === 1 && name === 'ln' && only !== undefined ? baseName(only) : operands.at(-1)
    if (operands.length === 1 && name === 'ln' && only !== undefined) sources.push(only)
    if (target === undefined || sources.length === 0) return yield* complain(process, name, 'missing operand')
    const into =
      isDir(process, target) &&
      !(
        flags.has('T') ||
        (name === 'ln' && flags.has('n') && process.files.peek(target, process.cwd, false)?.kind === 'link')
      )
    if (sources.length > 1 && !into)
      return yield* complain(process, name, `target '${target}' is not a directory`)
    let status = 0
    for (const from of sources) {
      const to = into ? `${target.replace(/\/+$/, '')}/${baseName(from)}` : target
      try {
        yield* act(process, from, to, flags)
      } catch (error) {
        const text = textOf(error)
        const told =
          name === 'mv'
            ? `can't rename '${from}': ${text}`
            : name === 'ln'
              ? `${to}: ${text}`
              : process.files.peek(from, process.cwd) === null
                ? `can't stat '${from}': ${text}`
                : `can't create '${to}': ${text}`
        status = yield* complain(process, name, told)
      }
    }
    return status
  }

const cp = moves('cp', 'rRafpdPLHsiTuv', function* (process, from, to, flags) {
  const deep = flags.has('r') || flags.has('R') || flags.has('a')
  const node = process.files.at(from, process.cwd)
  if (node.kind === 'dir' && !deep) {
    yield* process.warn(`cp: omitting directory '${from}'\n`)
    throw new Errno('EISDIR')
  }
  yield* copy(process, from, to, deep, flags.has('p') || flags.has('a'))
})

const mv = moves('mv', 'fintTv', function* (process, from, to, flags) {
  if (flags.has('n') && process.files.peek(to, process.cwd) !== null) return
  try {
    process.files.rename(from, to, process.cwd, process)
  } catch (error) {
    if (!(error instanceof Errno) || error.code !== 'EXDEV') throw error
    yield* copy(process, from, to, true, true)
    yield* removeTree(process, from)
  }
})

const ln = moves('ln', 'sfnTv', function* (process, from, to, flags) {
  if (flags.has('f') && process.files.peek(to, process.cwd, false) !== null)
    process.files.remove(to, process.cwd, false, process)
  if (flags.has('s')) process.files.create(to, process.cwd, (device) => device.link(from), process, false)
  else process.files.hardLink(from, to, process.cwd, process)
})

// biome-ignore lint/correctness/useYield: files answer at once
const touch = forEach('touch', 'cmaht:d:r:', function* (process, path, flags, values) {
  const node = process.files.peek(path, process.cwd)
  if (node === null) {
    if (!flags.has('c'))
      process.files
        .open(path, process.cwd, { write: true, create: true, mode: 0o666 & ~process.umask }, process)
        .close()
    return
  }
  if (process.files.find(path, process.cwd).readOnly) throw new Errno('EROFS')
  const like = values.has('r')
    ? process.files.at(values.get('r') ?? '', process.cwd).mtimeMs
    : values.has('d')
      ? Date.parse(`${values.get('d')?.replace(' ', 'T')}Z`)
      : null
  node.ctimeMs = node.device.stamp()
  node.mtimeMs = like ?? node.ctimeMs
})

const mktemp: Program = function* (process, argv) {
  const { flags, values, operands } = optionsOf(argv, 'dqup:t')
  const template = operands[0] ?? 'tmp.XXXXXX'
  const base = values.get('p') ?? (operands.length === 0 ? '/tmp' : '')
  const name = template.replace(/X{3,}$/, (xs) =>
    Array.from(xs, () => 'abcdefghijkmnpqrstuvwxyz23456789'[Math.floor(Math.random() * 32)]).join(''),
  )
  const path = base === '' ? name : `${base}/${name}`
  process.files.create(
    path,
    process.cwd,
    (device) => (flags.has('d') ? device.dir(0o700) : device.file('', 0o600)),
    process,
  )
  yield* process.out(`${path}\n`)
  return 0
}

const mkfifo = forEach('mkfifo', 'm:', function* (process, path) {
  process.files.create(path, process.cwd, (device) => device.fifo(0o666 & ~process.umask), process)
})

const truncate = forEach('truncate', 'cs:', function* (process, path, _, values) {
  const handle = process.files.open(path, process.cwd, { write: true, create: true }, process)
  const { node } = handle
  handle.close()
  const size = Number(values.get('s') ?? 0)
  if (node?.kind !== 'file' || size > 16 * 1024 * 1024) throw new Errno('EFBIG')
  const growth = size - node.text.length
  if (growth > 0 && !node.device.hasRoomFor(growth)) throw new Errno('ENOSPC')
  node.device.usedBytes += growth
  node.text = node.text.slice(0, size).padEnd(size, '\0')
  node.mtimeMs = node.ctimeMs = node.device.stamp()
  yield* process.machine.breathe()
})

export const FILES: ReadonlyMap<string, Program> = new Map([
  ...OWNERSHIP,
  ['mkdir', mkdir],
  ['rmdir', rmdir],
  ['rm', rm],
  ['cp', cp],
  ['mv', mv],
  ['ln', ln],
  ['touch', touch],
  ['mktemp', mktemp],
  ['mkfifo', mkfifo],
  ['truncate', truncate],
])
