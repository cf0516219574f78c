import { textOf } from '../os/errno.ts'
import type { Program } from '../os/machine.ts'
import { complain, optionsOf } from './options.ts'

const readlink: Program = function* (process, argv) {
  const { flags, operands } = optionsOf(argv, 'fnvem')
  for (const path of operands) {
    const node = process.files.peek(path, process.cwd, false)
    let shown: string | null = null
    if (!flags.has('f')) shown = node?.kind === 'link' ? node.target : null
    else
      try {
        shown = process.files.find(path, process.cwd).path
      } catch (error) {
        textOf(error)
      }
    if (shown === null) return 1
    yield* process.out(flags.has('n') ? shown : `${shown}\n`)
  }
  return 0
}

const realpath: Program = function* (process, argv) {
  let status = 0
  for (const path of argv.slice(1))
    try {
      yield* process.out(`${process.files.find(path, process.cwd).path}\n`)
    } catch (error) {
      status = yield* complain(process, 'realpath', `${path}: ${textOf(error)}`)
    }
  return status
}

export const PATHS: ReadonlyMap<string, Program> = new Map([
  ['readlink', readlink],
  ['realpath', realpath],
])
