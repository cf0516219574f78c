import { Errno } from '../os/errno.ts'
import type { Task } from '../os/fiber.ts'
import type { Program } from '../os/machine.ts'
import type { Process } from '../os/process.ts'

/** 127: not there; 126: may not be run. */
export function findProgram(process: Process, name: string, path: string): Program | 126 | 127 {
  const candidates = name.includes('/')
    ? [name]
    : path.split(':').map((dir) => `${dir === '' ? '.' : dir}/${name}`)
  let seen: 126 | 127 = 127
  for (const candidate of candidates) {
    const node = process.files.peek(candidate, process.cwd)
    if (node === null) continue
    if (node.kind === 'file' && node.program !== undefined) {
      // busybox is one program that goes by the name it is called.
      const base = name.slice(name.lastIndexOf('/') + 1)
      const program = process.machine.programs(node.program === 'busybox' ? base : node.program)
      if (program !== null) return program
    }
    if (node.kind === 'file' && (node.mode & 0o111) !== 0) return scriptAt(candidate)
    seen = 126
  }
  return seen
}

/** An executable text is run by a shell. */
const scriptAt =
  (path: string): Program =>
  (process, argv) => {
    const shell = process.machine.programs('sh')
    if (shell === null) throw new Errno('ENOENT')
    return shell(process, ['sh', path, ...argv.slice(1)])
  }

/** A program's own way with system calls that fail. */
export function* runProgram(program: Program, process: Process, argv: readonly string[]): Task<number> {
  try {
    return yield* program(process, argv)
  } catch (error) {
    if (!(error instanceof Errno)) throw error
    const [name = ''] = argv
    if (error.code !== 'EPIPE')
      yield* process.warn(`${name.slice(name.lastIndexOf('/') + 1)}: ${error.message}\n`)
    return 1
  }
}
