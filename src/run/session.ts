import type { Clock, Cluster, Recording } from '../ports.ts'
import type { StreamName } from '../timeline/observation.ts'
import type { ClusterState } from '../timeline/state.ts'
import { Timeline } from '../timeline/timeline.ts'
import { followState } from './await-state.ts'
import { CostMeter } from './cost-meter.ts'

/** What the parts of one run share. `signal` ends the run; clean-up brings a signal of its own. */
export interface Session {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly timeline: Timeline
  readonly state: ClusterState
  readonly recording: Recording
  /** How many seconds pass in the cluster while one passes here (see `waitForCluster`). */
  readonly pace: number
  readonly meter: CostMeter
  readonly namespace: string
  /** Short and unique: part of the names of everything this run creates. */
  readonly runId: string
  readonly probeImage: string
  readonly signal: AbortSignal
  /** Says what is being waited for; null when nothing is. */
  readonly tell: (reason: string | null) => void
}

export interface SessionOptions
  extends Pick<Session, 'cluster' | 'clock' | 'namespace' | 'runId' | 'probeImage' | 'signal' | 'tell'> {
  /** What to record; default: all. */
  readonly streams?: readonly StreamName[]
  /** The recording goes on when `signal` is aborted, because the clean-up waits on it: until it is stopped. */
  readonly recordsOn?: boolean
}

/** A new recording of a namespace and what goes with it; resolves once everything there has been listed. */
export async function openSession({ streams, recordsOn, ...options }: SessionOptions): Promise<Session> {
  const { cluster, clock, namespace } = options
  const meter = new CostMeter(clock)
  const timeline = new Timeline(() => clock.now())
  // Before the first observation.
  const state = followState(timeline)
  // First: a recording that nobody is given would not be stopped by anybody.
  const pace = await cluster.pace(options.signal)
  const recording = await cluster.record({
    namespace,
    timeline,
    ...(streams === undefined ? {} : { streams }),
    signal: recordsOn === true ? new AbortController().signal : options.signal,
  })
  return { ...options, timeline, state, recording, pace, meter }
}

/** Labels on everything sts-lab creates for a run. */
export const MANAGED_LABELS = { 'app.kubernetes.io/managed-by': 'sts-lab' } as const
export const RUN_LABEL = 'sts-lab.dev/run'

/** Runs `work` on every item at once; all have settled before it returns or throws the first failure. */
export async function eachAtOnce<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const settled = await Promise.allSettled(items.map(work))
  const results: R[] = []
  for (const outcome of settled) {
    if (outcome.status === 'rejected') throw outcome.reason
    results.push(outcome.value)
  }
  return results
}
