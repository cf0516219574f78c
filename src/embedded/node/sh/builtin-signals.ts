import type { Task } from '../os/fiber.ts'
import { numberOf, SIGNALS, signalNamed } from '../os/signals.ts'
import { quoted } from './quoted.ts'
import type { Runner } from './run.ts'

export function* trap({ process, shell, prefix }: Runner, args: readonly string[]): Task<number> {
  const operands = args[0] === '--' ? args.slice(1) : args
  const [action, ...names] = operands
  if (action === undefined || action === '-l') {
    for (const [signal, command] of shell.traps) yield* process.out(`trap -- ${quoted(command)} ${signal}\n`)
    return 0
  }
  const resets = names.length === 0 || action === '-'
  for (const name of names.length === 0 ? [action] : names) {
    const signal = name === 'EXIT' || name === '0' ? ('EXIT' as const) : signalNamed(name)
    if (signal === null) {
      yield* process.warn(`${prefix}trap: ${name}: invalid signal specification\n`)
      return 1
    }
    shell.setTrap(signal, resets ? null : action)
  }
  return 0
}

export function* wait({ process, shell }: Runner, args: readonly string[]): Task<number> {
  const interrupted = () => shell.pending.length > 0
  const signalled = () => 128 + numberOf(shell.pending[0] ?? 'TERM')
  if (args.length === 0) {
    for (const child of [...process.children.values()])
      if ((yield* process.waitFor(child, interrupted)) === null) return signalled()
    return 0
  }
  let status = 0
  for (const operand of args) {
    const child =
      process.children.get(Number(operand.replace(/^%/, ''))) ??
      (operand.startsWith('%') ? shell.lastBackground : null)
    if (child === null || child === undefined) {
      status = 127
      continue
    }
    const exit = yield* process.waitFor(child, interrupted)
    if (exit === null) return signalled()
    if (exit.signal === 'TERM' || exit.signal === 'KILL')
      yield* process.warn(exit.signal === 'TERM' ? 'Terminated\n' : 'Killed\n')
    status = exit.code
  }
  return status
}

/** Shared with the program of the same name. */
export function* kill(
  { process, prefix }: Pick<Runner, 'process' | 'prefix'>,
  args: readonly string[],
): Task<number> {
  if (args[0] === '-l') {
    yield* process.out(
      SIGNALS.map((signal) => `${String(numberOf(signal)).padStart(2)}) ${signal}\n`).join(''),
    )
    return 0
  }
  const rest = [...args]
  let name = 'TERM'
  if (rest[0] === '-s') [, name = ''] = rest.splice(0, 2)
  else if (/^-./.test(rest[0] ?? '') && rest[0] !== '--') name = rest.shift()?.slice(1) ?? ''
  if (rest[0] === '--') rest.shift()
  const signal = name === '0' ? null : signalNamed(name)
  if (signal === null && name !== '0') {
    yield* process.warn(`${prefix}kill: bad signal name '${name}'\n`)
    return 1
  }
  if (rest.length === 0) {
    yield* process.warn(`${prefix}kill: you need to specify whom to kill\n`)
    return 1
  }
  let status = 0
  for (const operand of rest) {
    const pid = Number(operand)
    const all = [...process.machine.processes.values()]
    const targets =
      pid === -1
        ? all.filter((each) => each.pid > 1 && each !== process)
        : all.filter((each) => each.pid === Math.abs(pid))
    if (targets.length === 0) {
      yield* process.warn(`${prefix}can't kill pid ${operand}: No such process\n`)
      status = 1
    }
    if (signal !== null) for (const target of targets) process.machine.signal(target, signal)
  }
  return status
}
