import { isClaimOf } from './lab-action.ts'
import type { LabRun } from './lab-run.ts'

/**
 * Keeps in progress what the broken system has, now that it stands there with its symptom: in a later sitting a claim
 * that was made anew meanwhile looks like the one that was there.
 */
export async function rememberBroken(run: LabRun): Promise<void> {
  const { statefulsets, claims } = run.sitting.session.state
  const set = statefulsets.get(run.statefulSet)
  if (set === undefined) return
  const own = [...claims.values()].filter(({ name }) => isClaimOf(run.statefulSet, name))
  const uids = Object.fromEntries(own.map(({ name, uid }) => [name, uid]))
  run.broken = { replicas: set.replicas, claims: uids }
  const { broken } = run
  await run.change((progress) => ({ ...progress, broken }))
}
