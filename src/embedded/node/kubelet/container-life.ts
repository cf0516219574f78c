import { randomBytes } from 'node:crypto'
import { timestamp } from '../../clock.ts'
import { at } from '../../object.ts'
import type { Container } from '../../shapes.ts'
import type { Image } from '../image/images.ts'
import { Gate, sleep, start, type Task } from '../os/fiber.ts'
import type { Exit } from '../os/process.ts'
import { startError, terminatedOf } from './ended-container.ts'
import type { FormerLife } from './former-life.ts'
import { ImagePuller } from './image-puller.ts'
import { ContainerLog } from './logs.ts'
import { goDuration, type PodContext, podText } from './pod-context.ts'
import type { ContainerReport, ContainerRole, State, Terminated } from './pod-status.ts'
import { prepareAtLast } from './prepared-container.ts'
import { runHook, startProbes } from './probes.ts'
import { RestartBackOff } from './restart-backoff.ts'
import { type RunningContainer, startContainer } from './running-container.ts'
import { stopContainer } from './stop-container.ts'

/** What a postStart hook may take. */
const HOOK_MS = 300_000
/** Until the kubelet notices that a container has ended; how long it takes to start one. */
const NOTICE_MS = 500
const START_MS = 150

/** One container of a pod, through all its restarts. */
export class ContainerLife {
  spec: Container
  readonly role: ContainerRole
  readonly #context: PodContext
  readonly #news = new Gate()
  #state: State
  #lastState: { readonly terminated: Terminated } | null
  #ready = false
  #started = false
  #restarts: number
  readonly #ranBefore: boolean
  #imageName: string
  #imageId = ''
  #id: string | null
  #running: RunningContainer | null = null
  #exit: Exit | null = null
  #stopping = false
  log: ContainerLog | null = null
  previousLog: ContainerLog | null = null
  readonly #backOffs = new RestartBackOff()
  #image: Image | null = null
  readonly #images: ImagePuller

  constructor(context: PodContext, spec: Container, role: ContainerRole, former: FormerLife) {
    this.#context = context
    this.spec = spec
    this.role = role
    this.#imageName = spec.image ?? ''
    this.#images = new ImagePuller(
      context,
      () => this.spec,
      (reason, message) => this.#wait(reason, message),
    )
    this.#state = former.state
    this.#lastState = former.lastState
    this.#restarts = former.restarts ?? 0
    this.#id = former.id
    this.#ranBefore = former.restarts !== null
  }

  get report(): ContainerReport {
    return {
      name: this.spec.name,
      role: this.role,
      image: this.#imageName,
      imageID: this.#imageId,
      containerID: this.#id,
      state: this.#state,
      lastState: this.#lastState,
      ready: this.#ready,
      started: this.#started,
      restartCount: this.#restarts,
    }
  }

  get running(): RunningContainer | null {
    return this.#running
  }

  /** Runs it, again and again where the pod's policy says so. Ends when it is over for good. */
  *live(): Task<void> {
    const { clock } = this.#context
    if (this.#ranBefore && !this.#revive()) return
    for (;;) {
      const image = yield* this.#images.get()
      this.#image = image
      yield* sleep(clock, START_MS)
      const startedAtMs = clock.nowMs()
      const startedMs = clock.elapsedMs()
      if (yield* this.#run(image)) yield* this.#ended(startedAtMs)
      if (this.#context.isEnding() || !this.#restartsAfter()) return
      yield* sleep(clock, NOTICE_MS)
      yield* this.#backOff(clock.elapsedMs() - startedMs)
      this.#restarts += 1
    }
  }

  /** After a reboot of the node nothing has to wait. @returns false when it is not to run again */
  #revive(): boolean {
    // Those that prepare the pod do so again, whatever they came to.
    if (this.role !== 'init' && !this.#restartsAfter()) return false
    if ('terminated' in this.#state) this.#lastState = { terminated: this.#state.terminated }
    this.#restarts += 1
    return true
  }

  /** Asks it to end, and after its time makes it. @param deadlineMs may move closer meanwhile */
  *stop(message: string, deadlineMs: () => number): Task<void> {
    const container = this.#running
    if (container === null) return
    this.#context.say('Normal', 'Killing', message, this.spec.name)
    const hasEnded = () => this.#running !== container || this.#exit !== null
    yield* stopContainer(this.#context, container, this.#image?.stopSignal ?? 'TERM', {
      deadlineMs,
      hasEnded,
      news: this.#news,
    })
  }

  /** Somebody's deadline has moved. */
  nudge(): void {
    this.#news.open()
  }

  /** At once, and nobody is told. */
  kill(): void {
    this.#running?.machine.close()
  }

  /** What is said of one that is not to run any more, whose life was cut off. */
  settle(): void {
    if (this.#running !== null && this.#exit !== null && 'running' in this.#state)
      this.#terminated(this.#running, this.#exit, Date.parse(this.#state.running.startedAt))
    this.#ready = false
  }

  /** @returns false when it could not be started */
  *#run(image: Image): Task<boolean> {
    const { clock, say, sandbox, place, pod, volumes } = this.#context
    // Settings may have come or changed since the pod did.
    volumes.setUp(pod(), place)
    const refused = (reason: string, message: string) => this.#wait(reason, message)
    const prepared = yield* prepareAtLast(this.#context, this.spec, image, refused)
    const log = new ContainerLog(clock)
    this.previousLog = this.log
    this.log = log
    this.#exit = null
    this.#imageName = image.name
    this.#imageId = image.id
    this.#id = `containerd://${randomBytes(32).toString('hex')}`
    const { machine, identity, command } = prepared
    say('Normal', 'Created', `Created container ${this.spec.name}`, this.spec.name)
    const started = startContainer({
      clock,
      spec: this.spec,
      machine,
      sandbox,
      hostIp: place.hostIp,
      log,
      command,
      identity,
      wantsInput: at(this.spec, 'stdin') === true,
      ended: (exit) => {
        this.#exit = exit
        log.end()
        this.#news.open()
      },
    })
    if ('failure' in started) {
      const { message, terminated } = startError(started.failure, this.#id, clock.nowMs())
      say('Warning', 'Failed', `Error: ${message}`, this.spec.name)
      this.#lastState = { terminated }
      log.end()
      this.#wait('RunContainerError', message)
      return false
    }
    this.#running = started.container
    this.#state = { running: { startedAt: timestamp(clock.nowMs()) } }
    this.#started = this.spec.startupProbe === undefined
    this.#ready = this.role !== 'init' && this.#started && this.spec.readinessProbe === undefined
    say('Normal', 'Started', `Started container ${this.spec.name}`, this.spec.name)
    const postStart = at(this.spec.lifecycle, 'postStart')
    if (postStart !== undefined && this.#exit === null) {
      // Until the hook is done, the container is not said to run.
      const { running } = this.#state
      const wasReady = this.#ready
      this.#ready = false
      this.#state = { waiting: { reason: this.#restarts === 0 ? 'ContainerCreating' : 'CrashLoopBackOff' } }
      const result = yield* runHook(started.container, postStart, HOOK_MS, podText(pod()))
      this.#state = { running }
      this.#ready = wasReady
      if (!result.ok) {
        say('Warning', 'FailedPostStartHook', result.message, this.spec.name)
        const end = this.#graceEndMs()
        yield* this.stop('FailedPostStartHook', () => end)
      }
    }
    this.#context.changed()
    return true
  }

  #graceEndMs(): number {
    const seconds = this.#context.pod().spec.terminationGracePeriodSeconds ?? 30
    return this.#context.clock.elapsedMs() + seconds * 1000
  }

  /** From its start to its end. */
  *#ended(startedAtMs: number): Task<void> {
    const container = this.#running
    if (container === null) return
    const { say } = this.#context
    const stopProbes =
      this.#exit !== null
        ? () => undefined
        : startProbes(container, {
            changed: (kind, ok) => {
              if (kind === 'readiness') this.#ready = ok
              else if (kind === 'startup' && ok) {
                this.#started = true
                if (this.spec.readinessProbe === undefined) this.#ready = true
              } else if (!ok)
                this.#begin(`Container ${this.spec.name} failed ${kind} probe, will be restarted`)
              this.#context.changed()
            },
            unhealthy: (kind, message) => {
              const what = `${kind[0]?.toUpperCase()}${kind.slice(1)} probe failed: ${message}`
              if (!this.#stopping) say('Warning', 'Unhealthy', what, this.spec.name)
            },
          })
    try {
      while (this.#exit === null) yield this.#news.wait
    } finally {
      stopProbes()
    }
    this.#terminated(container, this.#exit, startedAtMs)
    this.#context.changed()
  }

  /** Its spec is another one now. */
  changeTo(spec: Container): void {
    const before = this.spec.image
    this.spec = spec
    if (before !== spec.image) this.#begin(`Container ${spec.name} definition changed, will be restarted`)
  }

  #begin(message: string): void {
    if (this.#stopping || this.#running === null) return
    this.#stopping = true
    const end = this.#graceEndMs()
    start(
      this.#context.clock,
      this.stop(message, () => end),
      () => {
        this.#stopping = false
      },
    )
  }

  #terminated(container: RunningContainer, exit: Exit, startedAtMs: number): void {
    const { clock } = this.#context
    this.#state = { terminated: terminatedOf(container, exit, this.#id, startedAtMs, clock.nowMs()) }
    this.#running = null
    this.#started = false
    this.#ready = this.role === 'init' && exit.code === 0
  }

  #restartsAfter(): boolean {
    if (this.role === 'sidecar') return !this.#context.isOver()
    const policy = this.#context.pod().spec.restartPolicy ?? 'Always'
    const failed = !('terminated' in this.#state) || this.#state.terminated.exitCode !== 0
    if (policy === 'Never') return false
    return policy === 'Always' && this.role === 'main' ? true : failed
  }

  /** The first restart is at once; then each waits twice as long as the one before. */
  *#backOff(ranMs: number): Task<void> {
    const { clock, say, pod } = this.#context
    if ('terminated' in this.#state) this.#lastState = { terminated: this.#state.terminated }
    const before = this.#backOffs.after(ranMs)
    if (before === 0) return
    say('Warning', 'BackOff', 'Back-off restarting failed container', this.spec.name)
    this.#wait(
      'CrashLoopBackOff',
      `back-off ${goDuration(before)} restarting failed container=${this.spec.name} pod=${podText(pod())}`,
    )
    yield* sleep(clock, Math.max(0, before - NOTICE_MS))
  }

  #wait(reason: string, message: string): void {
    this.#state = { waiting: { reason, message } }
    this.#ready = false
    this.#context.changed()
  }
}
