import { at, listAt, textAt } from '../../object.ts'
import type { Container, Probe } from '../../shapes.ts'
import { type Fiber, sleep, start, type Task } from '../os/fiber.ts'
import { SinkHandle } from '../os/handle.ts'
import type { Exit } from '../os/process.ts'
import type { RunningContainer } from './running-container.ts'

export type ProbeKind = 'startup' | 'liveness' | 'readiness'

export interface ProbeResult {
  readonly ok: boolean
  readonly message: string
}

/** Asks a container once. */
function* probeOnce(container: RunningContainer, probe: Probe, timeoutMs: number): Task<ProbeResult> {
  const { sandbox, spec } = container
  if (probe.exec !== undefined) {
    const command = probe.exec.command ?? []
    const { exit, output } = yield* runFor(container, command, timeoutMs)
    if (exit === 'late') return { ok: false, message: `command "${command.join(' ')}" timed out` }
    if (exit === 'unstarted') return { ok: false, message: output }
    return { ok: exit.code === 0, message: output }
  }
  const action = probe.httpGet ?? probe.tcpSocket ?? probe.grpc
  if (action === undefined) return { ok: true, message: '' }
  const port = portOf(spec, action.port)
  if (port === null) return { ok: false, message: `couldn't find port: ${String(action.port)}` }
  const host = textAt(action, 'host') || sandbox.ip
  const reached = sandbox.network.reach(sandbox, host, port)
  const path = probe.httpGet === undefined ? '' : (probe.httpGet.path ?? '/')
  const url = `http://${host}:${port}${path.startsWith('/') ? path : `/${path}`}`
  const told = (text: string) => (probe.httpGet === undefined ? text : `Get "${url}": ${text}`)
  if (reached.how === 'lost') {
    yield* sleep(container.clock, timeoutMs)
    return {
      ok: false,
      message:
        probe.httpGet === undefined
          ? `dial tcp ${host}:${port}: i/o timeout`
          : told('context deadline exceeded (Client.Timeout exceeded while awaiting headers)'),
    }
  }
  if (reached.how === 'refused')
    return { ok: false, message: told(`dial tcp ${host}:${port}: connect: connection refused`) }
  if (probe.httpGet === undefined) return { ok: true, message: '' }
  const { status } = reached.listener.respond({
    method: 'GET',
    path,
    host: `${host}:${port}`,
    agent: 'kube-probe/1.34',
    from: container.hostIp,
  })
  return status >= 200 && status < 400
    ? { ok: true, message: '' }
    : { ok: false, message: `HTTP probe failed with statuscode: ${status}` }
}

const portOf = ({ ports = [] }: Container, port: number | string): number | null => {
  if (typeof port === 'number') return port
  return ports.find(({ name }) => name === port)?.containerPort ?? (/^\d+$/.test(port) ? Number(port) : null)
}

const OUTPUT_BYTES = 10 * 1024

/** Runs a command in a container and waits for its end, for so long. */
function* runFor(
  container: RunningContainer,
  command: readonly string[],
  timeoutMs: number,
): Task<{ readonly exit: Exit | 'late' | 'unstarted'; readonly output: string; readonly errors: string }> {
  let output = ''
  let errors = ''
  let exit: Exit | null = null
  let wake: () => void = () => undefined
  const take = (text: string) => {
    if (output.length < OUTPUT_BYTES) output += text
  }
  const started = container.exec(command, {
    stdout: new SinkHandle(take),
    stderr: new SinkHandle((text) => {
      take(text)
      if (errors.length < OUTPUT_BYTES) errors += text
    }),
    ended: (how) => {
      exit = how
      wake()
    },
  })
  if ('failure' in started) return { exit: 'unstarted', output: started.failure, errors }
  const until = container.clock.elapsedMs() + timeoutMs
  const ended = () => exit as Exit | null
  while (ended() === null) {
    const left = until - container.clock.elapsedMs()
    if (left <= 0) {
      container.machine.signal(started.process, 'KILL', 'outside')
      return { exit: 'late', output, errors }
    }
    yield (resume) => {
      wake = resume
      const callOff = container.clock.setTimer(left, resume)
      return () => {
        wake = () => undefined
        callOff()
      }
    }
  }
  return { exit: ended() ?? 'late', output, errors }
}

export interface ProbeListener {
  /** What a probe says of the container has changed. */
  changed(kind: ProbeKind, ok: boolean): void
  /** Each time that it does not like what it finds. */
  unhealthy(kind: ProbeKind, message: string): void
}

/** Asks a container again and again, as its probes say. @returns what ends it */
export function startProbes(container: RunningContainer, listener: ProbeListener): () => void {
  const { startupProbe, livenessProbe, readinessProbe } = container.spec
  const fibers: Fiber<void>[] = []
  const begin = (kind: ProbeKind, probe: Probe | undefined) => {
    if (probe !== undefined)
      fibers.push(
        start(container.clock, watch(container, kind, probe, listener, afterStartup), () => undefined),
      )
  }
  const afterStartup = () => {
    begin('liveness', livenessProbe)
    begin('readiness', readinessProbe)
  }
  if (startupProbe === undefined) afterStartup()
  else begin('startup', startupProbe)
  return () => {
    for (const fiber of fibers) fiber.stop()
  }
}

function* watch(
  container: RunningContainer,
  kind: ProbeKind,
  probe: Probe,
  listener: ProbeListener,
  startedUp: () => void,
): Task<void> {
  const {
    initialDelaySeconds = 0,
    periodSeconds = 10,
    timeoutSeconds = 1,
    successThreshold = 1,
    failureThreshold = 3,
  } = probe
  // The first look comes a moment after the start, as the kubelet's does.
  yield* sleep(container.clock, initialDelaySeconds > 0 ? initialDelaySeconds * 1000 : 100)
  let said: boolean | null = kind === 'readiness' ? false : kind === 'liveness' ? true : null
  let run = 0
  let last: boolean | null = null
  for (;;) {
    const before = container.clock.elapsedMs()
    const { ok, message } = yield* probeOnce(container, probe, timeoutSeconds * 1000)
    run = ok === last ? run + 1 : 1
    last = ok
    if (!ok) listener.unhealthy(kind, message)
    if (run >= (ok ? successThreshold : failureThreshold) && ok !== said) {
      said = ok
      listener.changed(kind, ok)
      if (kind === 'startup' && ok) {
        startedUp()
        return
      }
      if (kind !== 'readiness' && !ok) return
    }
    yield* sleep(container.clock, Math.max(1, periodSeconds * 1000 - (container.clock.elapsedMs() - before)))
  }
}

export type HookResult = { readonly ok: true } | { readonly ok: false; readonly message: string }

/** postStart or preStop. */
export function* runHook(
  container: RunningContainer,
  hook: unknown,
  timeoutMs: number,
  podText: string,
): Task<HookResult> {
  const command = listAt(hook, 'exec', 'command').map(String)
  const seconds = at(hook, 'sleep', 'seconds')
  if (typeof seconds === 'number') {
    yield* sleep(container.clock, Math.min(seconds * 1000, timeoutMs))
    return { ok: true }
  }
  if (command.length > 0) {
    const { exit, output, errors } = yield* runFor(container, command, timeoutMs)
    if (exit !== 'late' && exit !== 'unstarted' && exit.code === 0) return { ok: true }
    const how =
      exit === 'late' ? 'timed out' : exit === 'unstarted' ? output : `exited with ${exit.code}: ${errors}`
    return {
      ok: false,
      message: `Exec lifecycle hook ([${command.join(' ')}]) for Container "${container.spec.name}" in Pod "${podText}" failed - error: command '${command.join(' ')}' ${how}, message: ${JSON.stringify(output)}`,
    }
  }
  const httpGet = at(hook, 'httpGet')
  if (httpGet === undefined) return { ok: true }
  const { ok, message } = yield* probeOnce(
    container,
    { httpGet: httpGet as NonNullable<Probe['httpGet']> },
    timeoutMs,
  )
  return ok ? { ok } : { ok, message }
}
