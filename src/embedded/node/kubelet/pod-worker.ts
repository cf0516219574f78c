import { timestamp } from '../../clock.ts'
import { at } from '../../object.ts'
import type { Pod } from '../../shapes.ts'
import { StatusError } from '../../status.ts'
import { DOMAIN } from '../net/cluster-dns.ts'
import type { Sandbox } from '../net/network.ts'
import { type Fiber, Gate, sleep, start, type Task } from '../os/fiber.ts'
import { ContainerLife } from './container-life.ts'
import { formerLives } from './former-life.ts'
import { mountVolumes } from './mount-volumes.ts'
import type { PodContext } from './pod-context.ts'
import { isSame, type PodReport, phaseOf, statusOf } from './pod-status.ts'
import { stopContainers, stopSidecars } from './stop-pod.ts'
import { PodVolumes } from './volumes.ts'
import type { WorkerHost } from './worker-host.ts'

const SANDBOX_MS = 150
/** What a pod gets that is deleted without any grace. */
const LEAST_GRACE_MS = 2_000
/** How often settings that changed reach the files of a running pod. */
const REFRESH_MS = 60_000

/** One pod on the node, from its binding to its end. */
export class PodWorker {
  readonly #host: WorkerHost
  readonly #volumes: PodVolumes
  readonly #startTime: string
  #pod: Pod
  #context: PodContext | null = null
  #sandbox: Sandbox | null = null
  inits: readonly ContainerLife[] = []
  containers: readonly ContainerLife[] = []
  #failed: PodReport['failed'] = null
  #ending = false
  #over = false
  #ended = false
  #deadlineMs = Number.POSITIVE_INFINITY
  #dirty = false
  #removed = false
  readonly #fibers: Fiber<void>[] = []
  readonly #news = new Gate()
  #callOffs: (() => void)[] = []

  constructor(host: WorkerHost, pod: Pod) {
    this.#host = host
    this.#pod = pod
    this.#volumes = new PodVolumes(host.client, host.volumes)
    this.#startTime = pod.status?.startTime ?? timestamp(host.client.clock.nowMs())
  }

  get pod(): Pod {
    return this.#pod
  }

  find(container: string): ContainerLife | null {
    return [...this.inits, ...this.containers].find(({ spec }) => spec.name === container) ?? null
  }

  begin(): void {
    const { clock } = this.#host.client
    const { hostNetwork, hostname, subdomain, activeDeadlineSeconds } = this.#pod.spec
    const ip = hostNetwork === true ? this.#host.hostIp : this.#host.nextIp()
    const { hostIp } = this.#host
    const place = { ip, hostIp, hostname: (hostname ?? this.#pod.metadata.name).slice(0, 63) }
    const fqdn =
      subdomain === undefined
        ? null
        : `${place.hostname}.${subdomain}.${this.#pod.metadata.namespace ?? ''}.svc.${DOMAIN}`
    const sandbox = this.#host.network.join(ip, fqdn)
    const context: PodContext = {
      client: this.#host.client,
      clock,
      pod: () => this.#pod,
      place,
      sandbox,
      volumes: this.#volumes,
      memory: this.#host.memory,
      isEnding: () => this.#ending,
      isOver: () => this.#over,
      changed: () => this.#changed(),
      say: (type, reason, message, container) => this.#say(type, reason, message, container),
    }
    this.#context = context
    const initial = (this.#pod.spec.initContainers ?? []).length > 0 ? 'PodInitializing' : 'ContainerCreating'
    const former = formerLives(this.#pod, clock.nowMs())
    const roleOf = (spec: object) => (at(spec, 'restartPolicy') === 'Always' ? 'sidecar' : 'init')
    this.inits = (this.#pod.spec.initContainers ?? []).map(
      (spec) => new ContainerLife(context, spec, roleOf(spec), former.of(spec.name, 'PodInitializing')),
    )
    this.containers = this.#pod.spec.containers.map(
      (spec) => new ContainerLife(context, spec, 'main', former.of(spec.name, initial)),
    )
    const task = former.any ? this.#runAgain(context, sandbox) : this.#run(context, sandbox)
    this.#fibers.push(start(clock, task, () => undefined))
    if (activeDeadlineSeconds !== undefined)
      this.#callOffs.push(
        clock.setTimer(activeDeadlineSeconds * 1000, () => {
          const message = 'Pod was active on the node longer than the specified deadline'
          this.#failed ??= { reason: 'DeadlineExceeded', message }
          this.#say('Normal', 'DeadlineExceeded', message)
          this.#end(this.#graceMs())
        }),
      )
  }

  /** The pod as it is now. */
  update(pod: Pod): void {
    this.#pod = pod
    if (pod.metadata.deletionTimestamp !== undefined) {
      this.#end((pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000)
      return
    }
    for (const spec of [...(pod.spec.initContainers ?? []), ...pod.spec.containers])
      this.find(spec.name)?.changeTo(spec)
    // A condition that it waits for may have been set.
    if (at(pod.spec, 'readinessGates') !== undefined) this.#changed()
  }

  /** Nobody knows it any more: it ends, soon, and nothing more is said of it. */
  vanished(): void {
    if (this.#removed) return
    this.#removed = true
    this.#end(LEAST_GRACE_MS)
  }

  /** The node itself goes: everything at once. */
  kill(): void {
    this.#removed = true
    for (const fiber of this.#fibers) fiber.stop()
    for (const container of [...this.inits, ...this.containers]) container.kill()
    this.#finish()
  }

  /** The node was rebooted under it: what of it ran is dead, and begins anew where that is allowed. */
  *#runAgain(context: PodContext, sandbox: Sandbox): Task<void> {
    if (this.#pod.spec.restartPolicy === 'Never') return this.#ranToItsEnd()
    this.#say('Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.')
    yield* this.#run(context, sandbox)
  }

  *#run(context: PodContext, sandbox: Sandbox): Task<void> {
    const { clock } = context
    this.#changed()
    yield* mountVolumes(context)
    yield* sleep(clock, SANDBOX_MS)
    this.#sandbox = sandbox
    for (const init of this.inits) {
      this.#changed()
      if (init.role === 'sidecar') {
        this.#fibers.push(start(clock, init.live(), () => this.#changed()))
        while (!init.report.started) yield this.#news.wait
        continue
      }
      yield* init.live()
      if (
        init.report.state !== undefined &&
        !('terminated' in init.report.state && init.report.state.terminated.exitCode === 0)
      ) {
        this.#ranToItsEnd()
        return
      }
    }
    let running = this.containers.length
    for (const container of this.containers)
      this.#fibers.push(
        start(clock, container.live(), () => {
          running -= 1
          this.#changed()
          if (running === 0) this.#ranToItsEnd()
          this.#news.open()
        }),
      )
    this.#changed()
    for (;;) {
      yield* sleep(clock, REFRESH_MS)
      this.#volumes.setUp(this.#pod, context.place)
    }
  }

  /** No container of it will run again; the pod stays as a record. */
  #ranToItsEnd(): void {
    this.#over = true
    if (!this.#ending && this.inits.some(({ role, running }) => role === 'sidecar' && running !== null)) {
      const { clock } = this.#host.client
      const endMs = clock.elapsedMs() + this.#graceMs()
      start(
        clock,
        stopSidecars(this.inits, () => endMs),
        () => this.#ranToItsEnd(),
      )
      return
    }
    this.#changed()
    const phase = phaseOf(this.#pod, this.#report())
    if (phase === 'Succeeded' || phase === 'Failed') for (const callOff of this.#callOffs.splice(0)) callOff()
  }

  #graceMs(): number {
    return (this.#pod.spec.terminationGracePeriodSeconds ?? 30) * 1000
  }

  /** Ends its containers; a second call can only shorten the time. */
  #end(graceMs: number): void {
    const { clock } = this.#host.client
    const deadlineMs = clock.elapsedMs() + graceMs
    if (deadlineMs < this.#deadlineMs) this.#deadlineMs = deadlineMs
    if (this.#ending) {
      for (const container of [...this.inits, ...this.containers]) container.nudge()
      // It had ended by itself: now that it is deleted, it goes.
      if (this.#ended) this.#finish()
      return
    }
    this.#ending = true
    start(clock, this.#stopAll(), () => {
      this.#ended = true
      if (this.#removed || this.#pod.metadata.deletionTimestamp !== undefined) this.#finish()
      else this.#changed()
    })
  }

  *#stopAll(): Task<void> {
    const { clock } = this.#host.client
    const all = [...this.inits, ...this.containers]
    yield* stopContainers(clock, this, this.#news, () => this.#deadlineMs)
    // Those that were about to start do not; those that have ended say how.
    for (const fiber of this.#fibers) fiber.stop()
    for (const container of all) container.settle()
    yield* sleep(clock, SANDBOX_MS)
  }

  #finish(): void {
    for (const callOff of this.#callOffs.splice(0)) callOff()
    for (const fiber of this.#fibers) fiber.stop()
    if (this.#context !== null) this.#host.network.leave(this.#context.sandbox)
    if (!this.#removed) {
      this.#removed = true
      this.#write()
      this.#host.client.remove('pods', this.#pod, { gracePeriodSeconds: 0 })
    }
    this.#host.gone(this)
  }

  #report(): PodReport {
    return {
      inits: this.inits.map(({ report }) => report),
      containers: this.containers.map(({ report }) => report),
      ip: this.#sandbox?.ip ?? null,
      hostIp: this.#host.hostIp,
      startTime: this.#startTime,
      failed: this.#failed,
    }
  }

  #changed(): void {
    this.#news.open()
    if (this.#dirty || this.#removed) return
    this.#dirty = true
    this.#host.client.clock.soon(() => {
      this.#dirty = false
      if (!this.#removed) this.#write()
    })
  }

  #write(): void {
    const { client } = this.#host
    try {
      const current = client.get<Pod>('pods', this.#pod.metadata.namespace, this.#pod.metadata.name)
      if (current === null || current.metadata.uid !== this.#pod.metadata.uid) return
      const status = statusOf(current, this.#report(), client.clock.nowMs())
      if (isSame(status, current.status)) return
      this.#pod = client.changeStatus<Pod>('pods', current, (copy) => {
        copy.status = status
      })
    } catch (error) {
      // Gone meanwhile: there is nothing to say of it.
      if (!(error instanceof StatusError) || error.code !== 404) throw error
    }
  }

  #say(type: 'Normal' | 'Warning', reason: string, message: string, container?: string): void {
    if (this.#removed) return
    const isInit = container !== undefined && this.inits.some(({ spec }) => spec.name === container)
    const fieldPath =
      container === undefined ? undefined : `spec.${isInit ? 'initContainers' : 'containers'}{${container}}`
    this.#host.client.record(this.#pod, type, reason, message, {
      host: this.#host.nodeName,
      ...(fieldPath === undefined ? {} : { fieldPath }),
    })
  }
}
