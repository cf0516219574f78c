import type { Cluster } from '../ports.ts'
import { eachAtOnce, RUN_LABEL } from './session.ts'

/** Removes the helper pods of runs that were killed: known by their label, so that no other run's are touched. */
export async function removeLeftoverPods(
  cluster: Cluster,
  namespace: string,
  runs: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const kind = { apiVersion: 'v1', kind: 'Pod', namespace }
  for (const run of runs) {
    const pods = await cluster.list(kind, { labelSelector: `${RUN_LABEL}=${run}`, signal })
    await eachAtOnce(pods, ({ metadata }) =>
      cluster.remove({ ...kind, name: metadata.name }, { gracePeriodSeconds: 2, signal }),
    )
  }
}
