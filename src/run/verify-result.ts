import { type LabError, undecidedError } from '../errors.ts'
import type { ClusterIdentity, VerifyResult } from '../result.ts'
import type { StatefulSetFacts } from '../timeline/facts.ts'
import type { Timeline } from '../timeline/timeline.ts'
import type { CostMeter } from './cost-meter.ts'
import { judge } from './judge.ts'
import type { VerifyDependencies, VerifyOptions } from './verify-contract.ts'

/** What the run came to, judged. */
export function toResult(run: {
  readonly options: VerifyOptions
  readonly dependencies: VerifyDependencies
  readonly identity: ClusterIdentity
  readonly set: StatefulSetFacts | null
  readonly startedAt: string
  readonly failure: LabError | null
  readonly timeline: Timeline
  readonly meter: CostMeter
}): VerifyResult {
  const { options, dependencies, set, failure, timeline } = run
  const timing = run.meter.read()
  const target = {
    namespace: options.namespace,
    name: set?.name ?? options.statefulSet ?? '',
    uid: set?.uid ?? null,
  }
  const error =
    failure ??
    (dependencies.signal.aborted ? undecidedError('interrupted', 'interrupted before the end') : null)
  return {
    schemaVersion: 1,
    tool: { name: 'sts-lab', version: dependencies.version },
    lab: options.lab,
    cluster: run.identity,
    target: {
      namespace: options.namespace,
      statefulSet: set?.name ?? options.statefulSet ?? null,
      uid: target.uid,
    },
    startedAt: run.startedAt,
    durationMs: timing.wallMs,
    timing,
    ...judge({ observations: timeline.observations, target }, options.only),
    error: error === null ? null : { code: error.code, message: error.message, hint: error.hint },
  }
}
