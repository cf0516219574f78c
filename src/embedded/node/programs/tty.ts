import type { Program } from '../os/machine.ts'

/** Whether somebody types, and where. */
export const tty: Program = function* (process) {
  const typed = process.fds.get(0)?.isTerminal === true
  yield* process.out(typed ? '/dev/pts/0\n' : 'not a tty\n')
  return typed ? 0 : 1
}
