import { randomBytes } from 'node:crypto'
import type { ExecEnd, ExecRequest, LogRequest, PodRuntime } from '../../pod-runtime.ts'
import { badRequest, StatusError } from '../../status.ts'
import type { Network } from '../net/network.ts'
import { PipeReader, PipeWriter, SlowSinkHandle } from '../os/handle.ts'
import { Pipe } from '../os/pipe.ts'
import { connectTo } from './connection.ts'
import type { ContainerLife } from './container-life.ts'
import { bytesOf } from './environment.ts'
import type { RunningContainer } from './running-container.ts'
import { Terminal } from './terminal.ts'

/** Finds the container that a request means. */
export type FindContainer = (uid: string, name: string) => ContainerLife | null

/** Who is attached and lets more bytes than this wait is let go: the container is not to wait for them. */
const MOST_ON_THE_WAY = 1024 * 1024

const toBuffer = (text: string): Buffer => Buffer.from(text, 'latin1')

/** The kubelet's side of exec, attach and log. */
export function podRuntime(find: FindContainer, network: Network): PodRuntime {
  const runningOf = ({ pod, container }: Omit<ExecRequest, 'command'>): RunningContainer => {
    const running = find(pod.metadata.uid ?? '', container)?.running ?? null
    if (running === null)
      throw new StatusError(
        500,
        'InternalError',
        `unable to upgrade connection: container not found ("${container}")`,
      )
    return running
  }
  return {
    async exec(request, io) {
      const container = runningOf(request)
      const terminal = request.tty
        ? new Terminal((text) => io.stdout(toBuffer(text)), container.machine)
        : null
      const input = terminal?.input ?? new Pipe()
      const writer = new PipeWriter(input)
      if (io.stdin === null) writer.close()
      else
        void pump(
          io.stdin,
          (text) => (terminal === null ? input.feed(text) : terminal.type(text)),
          () => writer.close(),
        )
      return new Promise<ExecEnd>((resolve) => {
        const started = container.exec(request.command.map(bytesOf), {
          ...(terminal === null ? { stdin: new PipeReader(input) } : { terminal }),
          stdout: new SlowSinkHandle((text) => io.stdout(toBuffer(text))),
          stderr: new SlowSinkHandle((text) => io.stderr(toBuffer(text))),
          ended: ({ code }) => resolve({ exitCode: code }),
        })
        if ('failure' in started) {
          resolve({
            failure: `failed to exec in container: failed to start exec "${randomBytes(32).toString('hex')}": OCI runtime exec failed: exec failed: unable to start container process: ${started.failure}`,
          })
          return
        }
        terminal?.attach(started.process)
        io.signal.addEventListener('abort', () => {
          // Who asked is gone. What was started goes on, as in a real container, but nobody types any more.
          if (request.tty) container.machine.signal(started.process, 'HUP')
        })
      })
    },
    async attach(request, io) {
      const container = runningOf(request)
      const { input } = container
      if (io.stdin !== null && input !== null)
        void pump(
          io.stdin,
          (text) => input.feed(text),
          () => undefined,
        )
      let onTheWay = 0
      let cutOff = (): void => undefined
      const listen = (stream: 'stdout' | 'stderr', text: string) => {
        onTheWay += text.length
        const taken = () => {
          onTheWay -= text.length
        }
        io[stream](toBuffer(text)).then(taken, taken)
        if (onTheWay > MOST_ON_THE_WAY) cutOff()
      }
      container.attached.add(listen)
      await new Promise<void>((resolve) => {
        cutOff = resolve
        io.signal.addEventListener('abort', () => resolve())
        container.whenEnded(resolve)
      })
      container.attached.delete(listen)
      return { exitCode: 0 }
    },
    connect: (request) => connectTo(network, request),
    async *logs(request: LogRequest) {
      const life = find(request.pod.metadata.uid ?? '', request.container)
      const { name } = request.pod.metadata
      const log = request.previous ? (life?.previousLog ?? null) : (life?.log ?? null)
      if (log === null) throw badRequest(whyNoLog(request, life, name))
      yield* log.read(request)
    },
  }
}

function whyNoLog({ previous, container }: LogRequest, life: ContainerLife | null, pod: string): string {
  if (previous) return `previous terminated container "${container}" in pod "${pod}" not found`
  const state = life?.report.state
  const reason = state !== undefined && 'waiting' in state ? state.waiting.reason : 'ContainerCreating'
  const why =
    reason === 'ErrImagePull'
      ? "image can't be pulled"
      : reason === 'ImagePullBackOff'
        ? 'trying and failing to pull image'
        : reason
  return `container "${container}" in pod "${pod}" is waiting to start: ${why}`
}

async function pump(
  from: AsyncIterable<Buffer>,
  feed: (text: string) => Promise<void> | void,
  ended: () => void,
): Promise<void> {
  try {
    for await (const chunk of from) await feed(chunk.toString('latin1'))
  } finally {
    ended()
  }
}
