import type { CriterionId } from '../../../src/criteria/criterion.ts'
import type { Clock } from '../../../src/ports.ts'
import type { Self } from '../../../src/run/holder.ts'
import { verify } from '../../../src/run/verify.ts'
import type { Verification } from '../../../src/run/verify-contract.ts'
import { NAMESPACE } from '../../helpers/builders.ts'
import type { VerifiedCluster } from '../../helpers/verified-cluster.ts'

/** Sleeping takes no time of ours, but all of the clock's. */
function hurriedClock(): Clock {
  let ms = 0
  return {
    now: () => new Date(Date.UTC(2026, 0, 1) + ms),
    monotonicMs: () => ms,
    sleep: (durationMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        ms += durationMs
        setImmediate(resolve)
      }),
  }
}

export const SELF: Self = { host: 'here', pid: 7, birth: 'b', isAlive: () => true }

export interface Run {
  readonly only?: readonly CriterionId[]
  readonly statefulSet?: string
  readonly keepGoing?: boolean
  readonly signal?: AbortSignal
  readonly self?: Self
  /** Called when the clean-up asks for its signal. */
  readonly onCleanUp?: () => void
  /** Hears the lines for the person. */
  readonly say?: (line: string) => void
}

export function runVerify(cluster: VerifiedCluster, run: Run = {}): Promise<Verification> {
  return verify(
    {
      lab: 'tiny',
      namespace: NAMESPACE,
      statefulSet: run.statefulSet,
      only: run.only ?? null,
      keepGoing: run.keepGoing ?? false,
      podTimeoutMs: undefined,
      probeImage: 'busybox:1.36',
    },
    {
      cluster,
      clock: hurriedClock(),
      self: run.self ?? SELF,
      runId: 'run1',
      version: '1.0.0',
      listener: {
        attach: () => undefined,
        phase: () => undefined,
        waiting: () => undefined,
        say: run.say ?? (() => undefined),
      },
      signal: run.signal ?? new AbortController().signal,
      cleanupSignal: () => {
        run.onCleanUp?.()
        return new AbortController().signal
      },
    },
  )
}

/** `grow: reached`, for each phase that ended. */
export const phasesOf = ({ observations }: Verification): string[] =>
  observations.flatMap((observation) =>
    observation.type === 'phase' && observation.boundary === 'end'
      ? `${observation.phase}: ${observation.outcome}`
      : [],
  )

export const verdictsOf = ({ result }: Verification): Readonly<Record<string, string>> =>
  Object.fromEntries(result.criteria.map(({ id, verdict }) => [id, verdict]))
