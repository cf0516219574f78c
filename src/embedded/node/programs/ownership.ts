import { Errno, textOf } from '../os/errno.ts'
import type { Task } from '../os/fiber.ts'
import { namesIn } from '../os/files.ts'
import type { Node } from '../os/inode.ts'
import type { Program } from '../os/machine.ts'
import type { Process } from '../os/process.ts'
import { modeOf } from './mode.ts'
import { complain, optionsOf } from './options.ts'

const chmod: Program = function* (process, argv) {
  const [mode = '', ...paths] = argv.slice(1).filter((word) => !/^-[RcvfrR]+$/.test(word))
  const deep = argv.some((word) => /^-\w*R/.test(word))
  const act = function* (path: string): Task<void> {
    const { node, readOnly } = process.files.find(path, process.cwd)
    if (node === null) throw new Errno('ENOENT')
    if (readOnly) throw new Errno('EROFS')
    if (!process.isRoot && node.uid !== process.uid) throw new Errno('EPERM')
    node.mode = modeOf(mode, node.mode, node.kind === 'dir')
    node.ctimeMs = node.device.stamp()
    if (deep && node.kind === 'dir') for (const name of namesIn(node)) yield* act(`${path}/${name}`)
  }
  return yield* actOnEach(process, 'chmod', paths, act)
}

const chown: Program = function* (process, argv) {
  const { flags, operands } = optionsOf(argv, 'Rhcvf')
  const [owner = '', ...paths] = operands
  const [user, group] = owner
    .split(/[:.]/)
    .map((name) => ({ root: 0, nobody: 65_534, nginx: 101, '': -1 })[name] ?? Number(name))
  const act = function* (path: string): Task<void> {
    const node: Node = process.files.at(path, process.cwd)
    if (!process.isRoot) throw new Errno('EPERM')
    if (user !== undefined && user >= 0) node.uid = user
    if (group !== undefined && group >= 0) node.gid = group
    node.ctimeMs = node.device.stamp()
    if (flags.has('R') && node.kind === 'dir') for (const name of namesIn(node)) yield* act(`${path}/${name}`)
  }
  return yield* actOnEach(process, 'chown', paths, act)
}

/** Complains of each that it could not be done to. */
function* actOnEach(
  process: Process,
  name: string,
  paths: readonly string[],
  act: (path: string) => Task<void>,
): Task<number> {
  let status = 0
  for (const path of paths)
    try {
      yield* act(path)
    } catch (error) {
      status = yield* complain(process, name, `${path}: ${textOf(error)}`)
    }
  return status
}

export const OWNERSHIP: ReadonlyMap<string, Program> = new Map([
  ['chmod', chmod],
  ['chown', chown],
])
