import { type HeldClock, heldClock } from '../../../../src/embedded/clock.ts'
import { imageOf, referenceOf } from '../../../../src/embedded/node/image/images.ts'
import type { Answer } from '../../../../src/embedded/node/net/cluster-dns.ts'
import { Network } from '../../../../src/embedded/node/net/network.ts'
import { Files } from '../../../../src/embedded/node/os/files.ts'
import { PipeReader, PipeWriter, SinkHandle } from '../../../../src/embedded/node/os/handle.ts'
import { Machine } from '../../../../src/embedded/node/os/machine.ts'
import { Pipe } from '../../../../src/embedded/node/os/pipe.ts'
import type { Exit, Process } from '../../../../src/embedded/node/os/process.ts'
import { programNamed } from '../../../../src/embedded/node/programs/index.ts'

export interface Container {
  readonly clock: HeldClock
  readonly machine: Machine
  readonly started: Process
  out: string
  err: string
  exit: Exit | null
}

const NOBODY: Answer = { code: 'NXDOMAIN', records: [] }
const aNetwork = (): Network =>
  new Network({ balance: () => null, resolve: () => NOBODY, dnsIp: '10.96.0.10' })

/** A container without a cluster: its first process is the command. */
export function aContainer(
  command: readonly string[],
  options: {
    readonly image?: string
    readonly input?: string
    readonly clock?: HeldClock
    readonly network?: Network
  } = {},
): Container {
  const clock = options.clock ?? heldClock()
  const reference = referenceOf(options.image ?? 'busybox:1.36')
  const image = reference === null ? null : imageOf(reference)
  if (image === null) throw new Error(`no image ${options.image}`)
  const machine = new Machine({
    clock,
    files: new Files(image.rootFs(clock)),
    sandbox: (options.network ?? aNetwork()).join('10.244.0.2', null),
    programs: programNamed,
    hostname: 'box',
    version: image.version,
  })
  const state = { clock, machine, out: '', err: '', exit: null as Exit | null }
  const input = new Pipe()
  const program = programNamed((command[0] ?? '').split('/').at(-1) ?? '')
  if (program === null) throw new Error(`no program ${command[0]}`)
  const started = machine.spawn(null, command, (process) => program(process, command), {
    prepare: (process) => {
      const writer = new PipeWriter(input)
      process.setFd(0, new PipeReader(input))
      void input.feed(options.input ?? '')
      writer.close()
      process.setFd(
        1,
        new SinkHandle((text) => {
          state.out += text
        }),
      )
      process.setFd(
        2,
        new SinkHandle((text) => {
          state.err += text
        }),
      )
      process.env = new Map([
        ['PATH', '/bin:/usr/sbin:/usr/bin'],
        ['HOME', '/root'],
        ['HOSTNAME', 'box'],
      ])
    },
    ended: (exit) => {
      state.exit = exit
    },
  })
  return Object.assign(state, { started })
}

/** Runs a script to its end, or for so long. */
export function run(
  script: string,
  options: Parameters<typeof aContainer>[1] & { readonly forMs?: number } = {},
): Container {
  const container = aContainer(['sh', '-c', script], options)
  container.clock.advance(options.forMs ?? 60_000)
  return container
}
