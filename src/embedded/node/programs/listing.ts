import { textOf } from '../os/errno.ts'
import type { Task } from '../os/fiber.ts'
import { namesIn } from '../os/files.ts'
import { type Node, sizeOf } from '../os/inode.ts'
import type { Program } from '../os/machine.ts'
import type { Process } from '../os/process.ts'
import { find } from './find.ts'
import { modeText, userName } from './mode.ts'
import { complain, optionsOf } from './options.ts'
import { strftime } from './strftime.ts'

const SIX_MONTHS_MS = 15_778_476_000

function longLine(process: Process, node: Node, shown: string, flags: ReadonlySet<string>): string {
  const recent = Math.abs(process.machine.clock.nowMs() - node.mtimeMs) < SIX_MONTHS_MS
  const time = strftime(recent ? '%b %e %H:%M' : '%b %e  %Y', node.mtimeMs)
  const owner = flags.has('n')
    ? `${String(node.uid).padEnd(8)} ${String(node.gid).padEnd(8)}`
    : `${userName(node.uid).padEnd(8)} ${userName(node.gid).padEnd(8)}`
  const size = flags.has('h') ? human(sizeOf(node)) : String(sizeOf(node))
  const arrow = node.kind === 'link' ? ` -> ${node.target}` : ''
  return `${modeText(node)} ${String(node.nlink).padStart(4)} ${owner} ${size.padStart(9)} ${time} ${shown}${arrow}`
}

const human = (bytes: number): string => {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < 4) {
    value /= 1024
    unit += 1
  }
  return unit === 0 ? String(bytes) : `${value.toFixed(1)}${'KMGT'[unit - 1]}`
}

const ls: Program = function* (process, argv) {
  const { flags, operands } = optionsOf(argv, '1AaCdFHhiklLnpqrRsStTuvwxXc', { color: '1', all: 'a' })
  const long = flags.has('l') || flags.has('n')
  let status = 0
  const line = (node: Node, shown: string) => {
    const suffix = (flags.has('F') || flags.has('p')) && node.kind === 'dir' ? '/' : ''
    const inode = flags.has('i') ? `${String(node.ino).padStart(7)} ` : ''
    const size = flags.has('s') ? `${String(Math.ceil(sizeOf(node) / 1024)).padStart(4)} ` : ''
    return `${inode}${size}${long ? longLine(process, node, shown + suffix, flags) : shown + suffix}\n`
  }
  const sorted = (entries: (readonly [string, Node])[]) => {
    if (flags.has('t')) entries.sort((a, b) => b[1].mtimeMs - a[1].mtimeMs)
    else if (flags.has('S')) entries.sort((a, b) => sizeOf(b[1]) - sizeOf(a[1]))
    return flags.has('r') ? entries.reverse() : entries
  }
  const files: (readonly [string, Node])[] = []
  const dirs: [string, Node & { kind: 'dir' }][] = []
  for (const path of operands.length === 0 ? ['.'] : operands)
    try {
      const follows = !long && !flags.has('d')
      const plain = process.files.at(path, process.cwd, follows)
      const node = plain.kind === 'link' && path.endsWith('/') ? process.files.at(path, process.cwd) : plain
      if (node.kind === 'dir' && !flags.has('d')) dirs.push([path, node])
      else files.push([path, node])
    } catch (error) {
      status = yield* complain(process, 'ls', `${path}: ${textOf(error)}`)
    }
  for (const [path, node] of sorted(files)) yield* process.out(line(node, path))
  const headed = dirs.length + files.length > 1 || flags.has('R') || operands.length > 1
  let first = files.length === 0
  const list = function* (path: string, dir: Node & { kind: 'dir' }): Task<void> {
    if (headed) yield* process.out(`${first ? '' : '\n'}${path}:\n`)
    first = false
    const hidden = flags.has('a') || flags.has('A')
    const at = (name: string) => process.files.peek(`${path}/${name}`, process.cwd, false)
    const entries = namesIn(dir).flatMap((name) => {
      const node = !hidden && name.startsWith('.') ? null : at(name)
      return node === null ? [] : [[name, node] as const]
    })
    const dots = flags.has('a')
      ? (['.', '..'] as const).flatMap((name) => [[name, at(name) ?? dir] as const])
      : []
    if (long)
      yield* process.out(
        `total ${[...dots, ...entries].reduce((sum, [, node]) => sum + (node.kind === 'link' ? 0 : Math.ceil(sizeOf(node) / 4096) * 4), 0)}\n`,
      )
    for (const [name, node] of [...dots, ...sorted(entries)]) yield* process.out(line(node, name))
    if (!flags.has('R')) return
    for (const [name, node] of entries) if (node.kind === 'dir') yield* list(`${path}/${name}`, node)
  }
  for (const [path, dir] of dirs.sort((a, b) => (a[0] < b[0] ? -1 : 1))) yield* list(path, dir)
  return status
}

const stat: Program = function* (process, argv) {
  const { flags, values, operands } = optionsOf(argv, 'c:Lft')
  let status = 0
  for (const path of operands)
    try {
      const node = process.files.at(path, process.cwd, flags.has('L'))
      const format = values.get('c')
      yield* process.out(format === undefined ? fullStat(path, node) : `${statFormat(format, path, node)}\n`)
    } catch (error) {
      status = yield* complain(process, 'stat', `can't stat '${path}': ${textOf(error)}`)
    }
  return status
}

/** "2026-11-21 00:47:38.123456789 +0000" */
const stamp = (ms: number): string => {
  const nanoseconds = Math.round((ms - Math.floor(ms / 1000) * 1000) * 1e6)
  return `${strftime('%Y-%m-%d %H:%M:%S', ms)}.${String(nanoseconds).padStart(9, '0')} +0000`
}
const KIND_TEXT = {
  file: 'regular file',
  dir: 'directory',
  link: 'symbolic link',
  char: 'character special file',
  fifo: 'fifo',
} as const
const kindText = (node: Node): string =>
  node.kind === 'file' && node.text === '' && node.program === undefined
    ? 'regular empty file'
    : KIND_TEXT[node.kind]

function statFormat(format: string, path: string, node: Node): string {
  const seconds = (ms: number) => String(Math.floor(ms / 1000))
  return format.replace(/%(.)/g, (_, letter: string) => {
    switch (letter) {
      case 'n':
        return path
      case 'N':
        return node.kind === 'link' ? `'${path}' -> '${node.target}'` : path
      case 's':
        return String(sizeOf(node))
      case 'Y':
      case 'X':
        return seconds(node.mtimeMs)
      case 'Z':
        return seconds(node.ctimeMs)
      case 'y':
      case 'x':
        return stamp(node.mtimeMs)
      case 'z':
        return stamp(node.ctimeMs)
      case 'i':
        return String(node.ino)
      case 'a':
        return node.mode.toString(8)
      case 'A':
        return modeText(node)
      case 'u':
        return String(node.uid)
      case 'g':
        return String(node.gid)
      case 'U':
        return userName(node.uid)
      case 'G':
        return userName(node.gid)
      case 'h':
        return String(node.nlink)
      case 'd':
        return String(node.device.id)
      case 'F':
        return kindText(node)
      case 'b':
        return String(Math.ceil(sizeOf(node) / 4096) * 8)
      case 'B':
        return '512'
      case 'o':
        return '4096'
      case '%':
        return '%'
      default:
        return '?'
    }
  })
}

const fullStat = (path: string, node: Node): string =>
  statFormat(
    `  File: ${node.kind === 'link' ? `'%n' -> '${node.target}'` : '%n'}\n  Size: ${String(sizeOf(node)).padEnd(10)}\tBlocks: ${String(Math.ceil(sizeOf(node) / 4096) * 8).padEnd(10)} IO Block: 4096   %F\nDevice: ${node.device.id.toString(16)}h/${node.device.id}d\tInode: ${String(node.ino).padEnd(10)}  Links: %h\nAccess: (${node.mode.toString(8).padStart(4, '0')}/%A)  Uid: (${String(node.uid).padStart(5)}/${userName(node.uid).padStart(8)})   Gid: (${String(node.gid).padStart(5)}/${userName(node.gid).padStart(8)})\nAccess: %x\nModify: %y\nChange: %z\n`,
    path,
    node,
  )

const du: Program = function* (process, argv) {
  const { flags, operands } = optionsOf(argv, 'shkmacd:')
  const measure = function* (path: string, top: boolean): Task<number> {
    const node = process.files.at(path, process.cwd, false)
    let sum = Math.ceil(sizeOf(node) / 4096) * 4
    if (node.kind === 'dir') for (const name of namesIn(node)) sum += yield* measure(`${path}/${name}`, false)
    if (top || (node.kind === 'dir' && !flags.has('s')) || flags.has('a'))
      yield* process.out(`${flags.has('h') ? human(sum * 1024) : sum}\t${path}\n`)
    return sum
  }
  for (const path of operands.length === 0 ? ['.'] : operands) yield* measure(path, true)
  return 0
}

const df: Program = function* (process, argv) {
  const { flags, operands } = optionsOf(argv, 'hkmPTai')
  const shown = (bytes: number) => (flags.has('h') ? human(bytes) : String(Math.ceil(bytes / 1024)))
  yield* process.out(
    `Filesystem           ${flags.has('h') ? '     Size      Used Available' : '1K-blocks      Used Available'} Use% Mounted on\n`,
  )
  const root = { path: '/', node: process.files.device.root as Node, source: 'overlay' }
  const all = [root, ...process.files.mounts]
  const wanted =
    operands.length === 0
      ? all
      : operands.map((path) => {
          const { device } = process.files.at(path, process.cwd)
          return all.filter((mount) => mount.node.device === device).at(-1) ?? root
        })
  for (const { path, node, source } of wanted) {
    const { capacityBytes, usedBytes } = node.device
    const percent = Math.ceil((usedBytes / capacityBytes) * 100)
    yield* process.out(
      `${source.padEnd(20)} ${shown(capacityBytes).padStart(9)} ${shown(usedBytes).padStart(9)} ${shown(capacityBytes - usedBytes).padStart(9)} ${String(percent).padStart(3)}% ${path}\n`,
    )
  }
  return 0
}

const mount: Program = function* (process) {
  yield* process.out('overlay on / type overlay (rw,relatime)\n')
  for (const { path, readOnly, source } of process.files.mounts)
    yield* process.out(
      `${source} on ${path} type ${source === 'tmpfs' ? 'tmpfs' : 'ext4'} (${readOnly ? 'ro' : 'rw'},relatime)\n`,
    )
  return 0
}

export const LISTING: ReadonlyMap<string, Program> = new Map([
  ['ls', ls],
  ['stat', stat],
  ['find', find],
  ['du', du],
  ['df', df],
  ['mount', mount],
])
