import type { Task } from '../os/fiber.ts'
import type { Runner } from './run.ts'
import { ExitShell, LoopJump, Return, ShellError } from './shell.ts'

/** Runs a shell's body, then its EXIT trap. @returns the exit code */
export function* toItsEnd(runner: Runner, body: (runner: Runner) => Task<number>): Task<number> {
  const { shell } = runner
  const { memory } = shell.process.machine
  memory.add(shell)
  try {
    return yield* lived(runner, body)
  } finally {
    memory.drop(shell)
  }
}

function* lived(runner: Runner, body: (runner: Runner) => Task<number>): Task<number> {
  const { shell } = runner
  const guarded = function* (act: () => Task<number>): Task<number> {
    try {
      return yield* act()
    } catch (error) {
      if (error instanceof ExitShell || error instanceof Return) return error.status
      if (error instanceof LoopJump) return 0
      if (error instanceof ShellError) {
        yield* shell.process.warn(`${runner.prefix}${error.message}\n`)
        return error.status
      }
      throw error
    }
  }
  const status = yield* guarded(() => body(runner))
  const last = shell.traps.get('EXIT')
  if (last === undefined || last === '') return status
  shell.traps.delete('EXIT')
  shell.status = status
  let exited: number | null = null
  const after = yield* guarded(function* () {
    try {
      yield* runner.source(last)
    } catch (error) {
      if (error instanceof ExitShell) exited = error.status
      else throw error
    }
    return status
  })
  return exited ?? after
}
