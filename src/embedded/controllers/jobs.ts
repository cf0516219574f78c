import type { Client } from '../client.ts'
import { timestamp } from '../clock.ts'
import { at, sameJson } from '../object.ts'
import type { Condition, Pod, Workload } from '../shapes.ts'
import { selectorOf } from '../store/selector.ts'
import { claimMembers } from './claim-members.ts'
import type { World } from './objects.ts'
import { controllerOf, isTerminating } from './owners.ts'
import { isReady } from './pod-conditions.ts'
import { podFromTemplate } from './pod-template.ts'
import { WorkQueue } from './work-queue.ts'

const FIRST_RETRY_MS = 10_000
const LAST_RETRY_MS = 6 * 60_000

/**
 * Runs each Job's pods until as many as it asks for have succeeded, or one too many has failed. Not known here: indexed
 * completion, success and failure policies.
 * @returns a function that ends it
 */
export function startJobs(client: Client, world: World): () => void {
  const pods = world.of<Pod>('pods')
  const jobs = world.of<Workload>('jobs')
  const { clock } = client

  const queue = new WorkQueue(clock, (key) => {
    const [namespace = '', name = ''] = key.split('/')
    const job = jobs.get(namespace, name)
    if (job === null || isTerminating(job)) return
    const selects = selectorOf(job.spec.selector)
    const own = claimMembers(client, 'pods', job, pods, ({ metadata }) => selects(metadata.labels ?? {}))
    if (verdictOf(job) === null) work(key, job, own)
    else forget(key, job)
  })

  const work = (key: string, job: Workload, own: readonly Pod[]): void => {
    const spec = job.spec as Workload['spec'] & JobSpec
    const inPhase = (phase: string) => own.filter(({ status }) => status?.phase === phase)
    const active = own.filter(
      (pod) => !isTerminating(pod) && !['Succeeded', 'Failed'].includes(pod.status?.phase ?? ''),
    )
    const succeeded = inPhase('Succeeded').length
    const failed = inPhase('Failed').length
    const restarts = active.reduce((sum, { status }) => sum + restartsOf(status?.containerStatuses), 0)
    const started = String(at(job, 'status', 'startTime') ?? timestamp(clock.nowMs()))
    const deadlineMs = (spec.activeDeadlineSeconds ?? Number.POSITIVE_INFINITY) * 1000
    const ranMs = clock.sinceMs(Date.parse(started))
    const verdict: Verdict | null =
      failed > spec.backoffLimit || (restarts > 0 && restarts >= spec.backoffLimit)
        ? FAILED
        : ranMs >= deadlineMs
          ? LATE
          : succeeded >=
              (spec.completions ?? (active.length === 0 && succeeded > 0 ? 1 : Number.POSITIVE_INFINITY))
            ? COMPLETE
            : null
    const suspended = spec.suspend === true
    if (verdict !== null || suspended) {
      if (verdict !== COMPLETE)
        for (const pod of active) {
          client.remove('pods', pod)
          client.record(job, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)
        }
    } else {
      const wanted = Math.min(spec.parallelism, (spec.completions ?? Number.POSITIVE_INFINITY) - succeeded)
      const waitMs = retryInMs(own, failed)
      if (waitMs > 0 && active.length < wanted) queue.addAfter(key, waitMs)
      else
        for (let count = active.length; count < wanted; count += 1) {
          const { metadata } = client.create<Pod>('pods', podFromTemplate(job))
          client.record(job, 'Normal', 'SuccessfulCreate', `Created pod: ${metadata.name}`)
        }
      if (Number.isFinite(deadlineMs)) queue.addAfter(key, Math.max(0, deadlineMs - ranMs))
    }
    write(job, { active: verdict === null ? active : [], succeeded, failed, started, verdict, suspended })
  }

  /** When the next attempt after a failure may begin: each time after twice as long. */
  const retryInMs = (own: readonly Pod[], failed: number): number => {
    if (failed === 0) return 0
    const last = Math.max(...own.map(endedAtMs))
    return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failed - 1)) - clock.sinceMs(last)
  }

  const write = (
    job: Workload,
    now: {
      readonly active: readonly Pod[]
      readonly succeeded: number
      readonly failed: number
      readonly started: string
      readonly verdict: Verdict | null
      readonly suspended: boolean
    },
  ): void => {
    const time = timestamp(clock.nowMs())
    const before = (job.status ?? {}) as Record<string, unknown> & { conditions?: readonly Condition[] }
    const ready = now.active.filter(isReady).length
    const conditions = [
      ...(before.conditions ?? []),
      ...(now.verdict === null
        ? []
        : now.verdict.conditions.map((condition) => ({
            ...condition,
            status: 'True',
            lastProbeTime: time,
            lastTransitionTime: time,
          }))),
    ]
    const status = {
      ...(now.active.length > 0 ? { active: now.active.length } : {}),
      ...(now.succeeded > 0 ? { succeeded: now.succeeded } : {}),
      ...(now.failed > 0 ? { failed: now.failed } : {}),
      ready,
      terminating: 0,
      uncountedTerminatedPods: {},
      ...(now.suspended ? {} : { startTime: now.started }),
      ...(now.verdict === COMPLETE ? { completionTime: time } : {}),
      ...(conditions.length === 0 ? {} : { conditions }),
    }
    if (sameJson(before, status)) return
    client.changeStatus<Workload>('jobs', job, (copy) => {
      Object.assign(copy, { status })
    })
    if (now.verdict === null) return
    const { event } = now.verdict
    client.record(job, event.type, event.reason, event.message)
  }

  /** ttlSecondsAfterFinished: it goes by itself. */
  const forget = (key: string, job: Workload): void => {
    const seconds = at(job, 'spec', 'ttlSecondsAfterFinished')
    const since = Date.parse(verdictOf(job)?.lastTransitionTime ?? '')
    if (typeof seconds !== 'number' || Number.isNaN(since)) return
    const leftMs = seconds * 1000 - clock.sinceMs(since)
    if (leftMs > 0) queue.addAfter(key, leftMs)
    else client.remove('jobs', job, { propagation: 'Background' })
  }

  const add = ({ metadata }: Workload) => queue.add(`${metadata.namespace}/${metadata.name}`)
  const addOwner = (pod: Pod): void => {
    const { kind, uid = '' } = controllerOf(pod) ?? {}
    const job = kind === 'Job' ? jobs.withUid(uid) : null
    if (job !== null) add(job)
  }
  const stops = [
    client.watch<Workload>('jobs', { added: add, changed: add }),
    client.watch<Pod>('pods', { added: addOwner, changed: addOwner, removed: addOwner }),
  ]
  return () => {
    for (const stop of stops) stop()
    queue.close()
  }
}

interface JobSpec {
  readonly parallelism: number
  readonly completions?: number
  readonly backoffLimit: number
  readonly activeDeadlineSeconds?: number
  readonly suspend?: boolean
}

/** How a job ended, and how that is told. */
interface Verdict {
  readonly conditions: readonly { readonly type: string; readonly reason: string; readonly message: string }[]
  readonly event: { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string }
}

const failedFor = (reason: string, message: string): Verdict => ({
  conditions: ['FailureTarget', 'Failed'].map((type) => ({ type, reason, message })),
  event: { type: 'Warning', reason, message },
})
const FAILED = failedFor('BackoffLimitExceeded', 'Job has reached the specified backoff limit')
const LATE = failedFor('DeadlineExceeded', 'Job was active longer than specified deadline')
const COMPLETE: Verdict = {
  conditions: ['SuccessCriteriaMet', 'Complete'].map((type) => ({
    type,
    reason: 'CompletionsReached',
    message: 'Reached expected number of succeeded pods',
  })),
  event: { type: 'Normal', reason: 'Completed', message: 'Job completed' },
}

const verdictOf = (job: Workload): Condition | null =>
  ((at(job, 'status', 'conditions') ?? []) as readonly Condition[]).find(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  ) ?? null

const restartsOf = (containers: readonly { readonly restartCount: number }[] | undefined): number =>
  (containers ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0)

const endedAtMs = ({ status }: Pod): number =>
  Math.max(
    0,
    ...(status?.containerStatuses ?? []).map(
      ({ state }) => Date.parse(state?.terminated?.finishedAt ?? '') || 0,
    ),
  )
