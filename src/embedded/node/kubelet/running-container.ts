import type { ClusterClock } from '../../clock.ts'
import type { Container } from '../../shapes.ts'
import type { Sandbox } from '../net/network.ts'
import { Errno } from '../os/errno.ts'
import { type Handle, PipeReader, PipeWriter, SinkHandle } from '../os/handle.ts'
import type { Machine } from '../os/machine.ts'
import { Pipe } from '../os/pipe.ts'
import type { Exit, Process } from '../os/process.ts'
import { findProgram, runProgram } from '../sh/find-program.ts'
import type { ContainerLog } from './logs.ts'

/** Where a command that is run in a container reads and writes. */
export interface CommandIo {
  readonly stdin?: Handle
  readonly stdout: Handle
  readonly stderr: Handle
  readonly ended: (exit: Exit) => void
  readonly terminal?: Handle
}

/** A container that has been started. */
export interface RunningContainer {
  readonly clock: ClusterClock
  readonly spec: Container
  readonly machine: Machine
  readonly sandbox: Sandbox
  readonly hostIp: string
  readonly log: ContainerLog
  /** What its first process reads; null without `stdin: true`. */
  readonly input: Pipe | null
  /** Who is attached to it hears what it prints. */
  /** Calls back when its first process has ended. */
  whenEnded(callback: () => void): void
  readonly attached: Set<(stream: 'stdout' | 'stderr', text: string) => void>
  exec(
    command: readonly string[],
    io: CommandIo,
  ): { readonly process: Process } | { readonly failure: string }
}

export interface Identity {
  readonly uid: number
  readonly gid: number
  readonly groups: readonly number[]
  readonly cwd: string
  readonly env: ReadonlyMap<string, string>
}

const ENDED = 'cannot exec in a stopped container'

/** Starts a container's command. @returns why it could not, in runc's words */
export function startContainer(
  options: Pick<RunningContainer, 'clock' | 'spec' | 'machine' | 'sandbox' | 'hostIp' | 'log'> & {
    readonly command: readonly string[]
    readonly identity: Identity
    readonly wantsInput: boolean
    readonly ended: (exit: Exit) => void
  },
): { readonly container: RunningContainer } | { readonly failure: string } {
  const { machine, identity, command, log } = options
  const attached: RunningContainer['attached'] = new Set()
  const print = (stream: 'stdout' | 'stderr') => (text: string) => {
    log.write(stream, text)
    for (const tell of attached) tell(stream, text)
  }
  const input = options.wantsInput ? new Pipe() : null
  // Held open: input that is not there yet is no end of it.
  if (input !== null) input.writers += 1
  const waiting: (() => void)[] = []
  let over = false
  const started = run(machine, identity, command, {
    ...(input === null ? {} : { stdin: new PipeReader(input) }),
    stdout: new SinkHandle(print('stdout')),
    stderr: new SinkHandle(print('stderr')),
    ended: (exit) => {
      over = true
      options.ended(exit)
      for (const tell of waiting.splice(0)) tell()
    },
  })
  if ('failure' in started) return started
  return {
    container: {
      ...options,
      input,
      attached,
      whenEnded: (callback) => {
        if (over) callback()
        else waiting.push(callback)
      },
      exec: (words, io) =>
        machine.processes.has(1) ? run(machine, identity, words, io) : { failure: ENDED },
    },
  }
}

function run(
  machine: Machine,
  { uid, gid, groups, cwd, env }: Identity,
  command: readonly string[],
  io: CommandIo,
): { readonly process: Process } | { readonly failure: string } {
  const [name = ''] = command
  let failure: string | null = null
  try {
    const process = machine.spawn(
      null,
      command,
      (self) => {
        const found = findProgram(self, name, env.get('PATH') ?? '')
        if (typeof found !== 'number') return runProgram(found, self, command)
        failure = `exec: ${JSON.stringify(name)}: ${problemWith(self, name, found)}: unknown`
        return never()
      },
      {
        prepare: (self) => {
          self.uid = uid
          self.gid = gid
          self.groups = groups
          self.cwd = cwd
          self.env = new Map(env)
          if (io.terminal === undefined) {
            self.setFd(0, io.stdin ?? emptyInput())
            self.setFd(1, io.stdout)
            self.setFd(2, io.stderr)
          } else for (const fd of [0, 1, 2]) self.setFd(fd, fd === 0 ? io.terminal : io.terminal.share())
        },
        ended: (exit) => {
          if (failure === null) io.ended(exit)
        },
      },
    )
    return failure === null ? { process } : { failure }
  } catch (error) {
    if (error instanceof Errno) return { failure: `fork/exec ${name}: ${error.message.toLowerCase()}` }
    throw error
  }
}

// biome-ignore lint/correctness/useYield: it ends at once
function* never(): Generator<never, number, void> {
  return 127
}

function problemWith(process: Process, name: string, code: 126 | 127): string {
  if (code === 126) return 'permission denied'
  if (!name.includes('/')) return 'executable file not found in $PATH'
  return process.files.peek(name, process.cwd) === null
    ? `stat ${name}: no such file or directory`
    : 'permission denied'
}

function emptyInput(): Handle {
  const pipe = new Pipe()
  const reader = new PipeReader(pipe)
  new PipeWriter(pipe).close()
  return reader
}
