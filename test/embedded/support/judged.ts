import type { Client } from '../../../src/embedded/client.ts'
import type { EmbeddedClusterOptions } from '../../../src/embedded/cluster.ts'
import type { Misdeed } from '../../../src/embedded/controllers/misdeeds.ts'
import type { Faults } from '../../../src/embedded/http/faults.ts'
import { systemClock } from '../../../src/host/clock.ts'
import { openCluster } from '../../../src/kube/cluster.ts'
import type { Clock } from '../../../src/ports.ts'
import { verify } from '../../../src/run/verify.ts'
import type { Observation } from '../../../src/timeline/observation.ts'
import { type StudentSet, studentSet } from '../../e2e/support/student-set.ts'
import { onPractice } from './practice.ts'

/** When the run comes to a phase, and each time the recording has grown. */
export interface Story {
  readonly faults: Faults
  /** Somebody who may do anything. */
  readonly client: Client
  /** The revision that the cluster is at. */
  revision(): number
  /** Calls back when the phase begins. */
  at(phase: string, act: () => void): void
  /** Calls back at the first observation that fits. */
  when(fits: (observation: Observation) => boolean, act: () => void): void
  /** Calls back after so much of our time. */
  after(ms: number, act: () => void): void
}

export interface Trial {
  readonly set?: StudentSet
  readonly misdeeds?: readonly Misdeed[]
  readonly cluster?: EmbeddedClusterOptions
  /** What goes wrong between the run and the server. */
  readonly wire?: (story: Story) => void
  /** The run's own time runs so much faster: silence is noticed after 25 s of it. */
  readonly hurry?: number
}

export interface Judged {
  /** Numbers of criteria. */
  readonly failed: readonly number[]
  readonly undecided: readonly number[]
  /** A line for each that did not pass, and for what ended the run. */
  readonly reasons: readonly string[]
  readonly observations: readonly Observation[]
}

/**
 * What `verify` says of a set on a cluster of its own. In this process: what it costs is the run, and a test can act
 * at the very moment that matters.
 */
export const judged = (trial: Trial = {}): Promise<Judged> =>
  onPractice({ misdeeds: new Set(trial.misdeeds), ...trial.cluster }, async ({ cluster, client, create }) => {
    create('here', studentSet(trial.set))
    const clock = hurried(trial.hurry ?? 1)
    const opened = await openCluster({
      context: undefined,
      kubeconfig: cluster.kubeconfig ?? undefined,
      env: {},
      clock,
    })
    const phases: [string, () => void][] = []
    const sights: { fits: (observation: Observation) => boolean; act: () => void }[] = []
    const timers: NodeJS.Timeout[] = []
    trial.wire?.({
      faults: cluster.faults,
      client,
      revision: () => cluster.api.store.revision,
      at: (phase, act) => phases.push([phase, act]),
      when: (fits, act) => sights.push({ fits, act }),
      after: (ms, act) => timers.push(setTimeout(act, ms)),
    })
    try {
      const { result, observations } = await verify(
        {
          lab: 'section3',
          namespace: 'here',
          statefulSet: undefined,
          only: null,
          keepGoing: false,
          podTimeoutMs: undefined,
          probeImage: 'busybox:1.36',
        },
        {
          cluster: opened,
          clock,
          self: { host: 'here', pid: process.pid, birth: '', isAlive: () => true },
          runId: 'trial',
          version: '0',
          signal: new AbortController().signal,
          cleanupSignal: () => AbortSignal.timeout(10_000),
          listener: {
            attach: (timeline) => {
              timeline.subscribe((observation) => {
                for (const sight of [...sights]) {
                  if (!sight.fits(observation)) continue
                  sights.splice(sights.indexOf(sight), 1)
                  sight.act()
                }
              })
            },
            phase: (name) => {
              for (const [phase, act] of phases) if (phase === name) act()
            },
            waiting: () => undefined,
            say: () => undefined,
          },
        },
      )
      const numbers = (verdict: string) =>
        result.criteria.filter((each) => each.verdict === verdict).map(({ number }) => number)
      return {
        failed: numbers('fail'),
        undecided: numbers('inconclusive'),
        reasons: [
          ...result.criteria
            .filter(({ verdict }) => verdict !== 'pass')
            .map(({ number, verdict, reason }) => `${number} ${verdict}: ${reason}`),
          ...(result.error === null ? [] : [`${result.error.code}: ${result.error.message}`]),
        ],
        observations,
      }
    } finally {
      for (const timer of timers) clearTimeout(timer)
      opened.close()
    }
  })

const hurried = (times: number): Clock =>
  times === 1
    ? systemClock
    : {
        now: systemClock.now,
        monotonicMs: () => systemClock.monotonicMs() * times,
        sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
      }
