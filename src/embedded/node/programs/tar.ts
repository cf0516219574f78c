import { Errno, textOf } from '../os/errno.ts'
import type { Task } from '../os/fiber.ts'
import { namesIn } from '../os/files.ts'
import type { Program } from '../os/machine.ts'
import type { Process } from '../os/process.ts'
import { complain, optionsOf } from './options.ts'

const BLOCK = 512
/** An archive ends with zeros, in records of twenty blocks. */
const RECORD = 20 * BLOCK

/** tar c, x and t, from and to a pipe or a file: what `kubectl cp` runs at the other end. */
export const tar: Program = function* (process, argv) {
  // The first word may come without its dash.
  const [name = 'tar', first = '', ...rest] = argv
  const words = first.startsWith('-') ? argv : [name, `-${first}`, ...rest]
  const { flags, values, operands } = optionsOf(words, 'cxtvmopOhkf:C:', {
    'no-same-permissions': 'o',
    'no-same-owner': 'o',
    overwrite: 'o',
    file: 'f',
    directory: 'C',
  })
  const archive = values.get('f') ?? '-'
  const folder = values.get('C')
  if (folder !== undefined && process.files.peek(folder, process.cwd)?.kind !== 'dir')
    return yield* complain(process, 'tar', `can't change directory to '${folder}': No such file or directory`)
  const from = folder === undefined ? process.cwd : absolute(process, folder)
  if (flags.has('c')) return yield* create(process, archive, from, operands, flags)
  if (!flags.has('x') && !flags.has('t'))
    return yield* complain(process, 'tar', 'must specify one of: c, x, t')
  const bytes = archive === '-' ? yield* process.readAll(0) : yield* process.readFile(archive)
  return yield* unpack(process, bytes, from, flags)
}

const absolute = ({ cwd }: Process, path: string): string => (path.startsWith('/') ? path : `${cwd}/${path}`)

function* create(
  process: Process,
  archive: string,
  cwd: string,
  paths: readonly string[],
  flags: ReadonlySet<string>,
): Task<number> {
  if (paths.length === 0) return yield* complain(process, 'tar', 'empty archive')
  let packed = ''
  let failed = false
  let told = false
  const add = function* (path: string): Task<void> {
    yield* process.machine.breathe()
    const node = process.files.at(path, cwd, flags.has('h'))
    const stored = path.replace(/^\/+/, '')
    if (stored !== path && !told) {
      told = true
      yield* process.warn("tar: removing leading '/' from member names\n")
    }
    if (node.kind === 'dir') {
      packed += header(`${stored.replace(/\/*$/, '')}/`, node, '5')
      for (const name of namesIn(node)) yield* add(`${path.replace(/\/*$/, '')}/${name}`)
    } else if (node.kind === 'link') packed += header(stored, node, '2', 0, node.target)
    else if (node.kind === 'file') packed += header(stored, node, '0', node.text.length) + padded(node.text)
  }
  for (const path of paths)
    try {
      yield* add(path)
    } catch (error) {
      if (!(error instanceof Errno)) throw error
      failed = true
      yield* process.warn(`tar: ${path}: ${textOf(error)}\n`)
    }
  const end = packed + '\0'.repeat(2 * BLOCK)
  const whole = end + '\0'.repeat((RECORD - (end.length % RECORD)) % RECORD)
  if (archive === '-') yield* process.out(whole)
  else {
    const handle = process.files.open(
      archive,
      process.cwd,
      { write: true, create: true, truncate: true, mode: 0o666 & ~process.umask },
      process,
    )
    yield* handle.write(whole)
    handle.close()
  }
  return failed ? yield* complain(process, 'tar', 'error exit delayed from previous errors') : 0
}

interface Attributes {
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly mtimeMs: number
}

function header(name: string, node: Attributes, type: string, size = 0, target = ''): string {
  // A name that does not fit is the content of a member of its own, before.
  const long = name.length > 100 ? header('././@LongLink', { ...node, mtimeMs: 0 }, 'L', name.length + 1) : ''
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`
  const before =
    name.slice(0, 100).padEnd(100, '\0') +
    octal(node.mode & 0o7777, 8) +
    octal(node.uid, 8) +
    octal(node.gid, 8) +
    octal(size, 12) +
    octal(Math.floor(node.mtimeMs / 1000), 12)
  const after = `${type}${target.slice(0, 100).padEnd(100, '\0')}ustar  \0`
  // The sum is of the header with blanks in its own place.
  let sum = 8 * 32
  for (const character of before + after) sum += character.charCodeAt(0)
  const block = `${before}${sum.toString(8).padStart(6, '0')}\0 ${after}`.padEnd(BLOCK, '\0')
  return (long === '' ? '' : long + padded(`${name}\0`)) + block
}

const padded = (text: string): string => text + '\0'.repeat((BLOCK - (text.length % BLOCK)) % BLOCK)

function* unpack(process: Process, bytes: string, to: string, flags: ReadonlySet<string>): Task<number> {
  let longName: string | null = null
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    yield* process.machine.breathe()
    const head = bytes.slice(at, at + BLOCK)
    if (/^\0/.test(head)) return 0
    const text = (start: number, length: number) => head.slice(start, start + length).replace(/\0.*$/s, '')
    const size = Number.parseInt(text(124, 12).trim() || '0', 8)
    if (text(257, 5) !== 'ustar' || Number.isNaN(size))
      return yield* complain(process, 'tar', 'invalid tar magic')
    const content = bytes.slice(at + BLOCK, at + BLOCK + size)
    if (content.length < size) return yield* complain(process, 'tar', 'short read')
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
    const type = head[156] ?? '0'
    if (type === 'L') longName = content.replace(/\0.*$/s, '')
    else if (type === 'x') longName = /\d+ path=(.*)\n/.exec(content)?.[1] ?? longName
    else if (type !== 'g') {
      const prefix = head.slice(257, 263) === 'ustar\0' ? text(345, 155) : ''
      const name: string = longName ?? (prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`)
      longName = null
      if (flags.has('t') || flags.has('v')) yield* process.out(`${name}\n`)
      if (flags.has('t')) continue
      if (name.split('/').includes('..'))
        return yield* complain(process, 'tar', `name with '..' in it: ${name}`)
      try {
        const mode = Number.parseInt(text(100, 8).trim() || '644', 8) & 0o777 & ~process.umask
        yield* put(process, `${to}/${name.replace(/^\/+/, '')}`, type, mode, content, text(157, 100))
      } catch (error) {
        if (!(error instanceof Errno)) throw error
        return yield* complain(process, 'tar', `can't open '${name}': ${textOf(error)}`)
      }
    }
  }
  return bytes.length === 0 ? yield* complain(process, 'tar', 'short read') : 0
}

function* put(
  process: Process,
  path: string,
  type: string,
  mode: number,
  content: string,
  target: string,
): Task<void> {
  const { files } = process
  const parts = path.split('/').filter((part) => part !== '')
  const folders = type === '5' ? parts : parts.slice(0, -1)
  for (let count = 1; count <= folders.length; count += 1) {
    const above = `/${folders.slice(0, count).join('/')}`
    if (files.peek(above, '/') === null)
      files.create(above, '/', (device) => device.dir(0o777 & ~process.umask), process)
  }
  if (type === '5') return
  if (type === '2') {
    if (files.peek(path, '/', false) !== null) files.remove(path, '/', false, process)
    files.create(path, '/', (device) => device.link(target), process, false)
    return
  }
  const handle = files.open(path, '/', { write: true, create: true, truncate: true, mode }, process)
  yield* handle.write(content)
  handle.close()
}
