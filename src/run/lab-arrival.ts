import { usageError } from '../errors.ts'
import { isClaimOf } from './lab-action.ts'
import { adoptMended } from './lab-created.ts'
import { labDocuments } from './lab-manifests.ts'
import { belongsToLab, refuseForeign } from './lab-ownership.ts'
import type { LabRun } from './lab-run.ts'

/**
 * Looks at the namespace before anything is changed, and stops where the lab would touch what is not its own.
 *
 * @param fresh nothing of the lab was done yet, so what has its names was there before.
 * @throws LabError 'terminating', 'not-ours' (usage).
 */
export async function arrive(run: LabRun, fresh: boolean): Promise<void> {
  const { cluster, conversation, signal } = run.deps
  const state = await run.namespaceWatch.look(signal)
  run.namespaceMissingAtStart = state === 'gone'
  if (state === 'gone') return
  if (state === 'terminating')
    throw usageError(
      'terminating',
      `namespace ${run.namespace} is being deleted`,
      `wait until it is gone, then sts-lab start ${run.lab.id}`,
    )
  if (run.lab.guidance === 'fix' && !run.keepNamespace) await adoptMended(run)
  const documents = await labDocuments(run.lab, run.manifests())
  await refuseForeign(cluster, documents, run.lab.id, run.known, signal)
  if (!run.keepNamespace) return
  if (fresh) await refuseForeignClaims(run)
  conversation.tell({
    say: 'note',
    text: `Namespace ${run.namespace} was there before and is not the lab's: it is used, and will not be deleted.`,
  })
}

/** Claims carry no label of ours, and data in one that was there before is somebody's. */
async function refuseForeignClaims(run: LabRun): Promise<void> {
  const { cluster, signal } = run.deps
  const { namespace, statefulSet } = run
  const sets = await cluster.list({ apiVersion: 'apps/v1', kind: 'StatefulSet', namespace }, { signal })
  const own = sets.find(({ metadata }) => metadata.name === statefulSet)
  if (own !== undefined && belongsToLab(own, run.lab.id, run.known)) return
  const kind = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace }
  const claims = await cluster.list(kind, { signal })
  const found = claims.map(({ metadata }) => metadata.name).filter((name) => isClaimOf(statefulSet, name))
  if (found.length === 0) return
  throw usageError(
    'not-ours',
    `claims that the lab's set would take over are in namespace ${namespace} already: ${found.join(', ')}`,
    `sts-lab start ${run.lab.id} --namespace another-name`,
  )
}
