import { usageError } from '../errors.ts'
import type { Lab } from '../lab/lab.ts'
import type { Cluster, ManifestDocument } from '../ports.ts'
import { isClaimOf } from './lab-action.ts'
import { documentsOf, type ManifestSetting } from './lab-manifests.ts'
import { belongsToLab, labLabels, refuseForeign } from './lab-ownership.ts'

/** What applying a lab's solution needs. */
export interface SolutionSetting {
  readonly cluster: Cluster
  readonly lab: Lab
  readonly manifests: ManifestSetting
  /** UIDs of objects that are the lab's although they carry no label. */
  readonly known: ReadonlySet<string>
  readonly signal: AbortSignal
}

export interface AppliedSolution {
  /** The set it has. */
  readonly statefulSet: string
  /** "Service/keepers" and so on, with what became of it. */
  readonly objects: readonly {
    readonly name: string
    readonly change: 'created' | 'configured' | 'unchanged'
  }[]
  /** The namespace was there before and is not the lab's: it is used and never touched. */
  readonly foreignNamespace: boolean
}

/**
 * Applies our own solution of an independent lab, labelled as the lab's so that `clean` removes it. Changes nothing
 * where something of another's has its names.
 *
 * @throws LabError 'not-ours', 'terminating' (usage).
 */
export async function applySolution(setting: SolutionSetting): Promise<AppliedSolution> {
  const { cluster, lab, manifests, known, signal } = setting
  const { namespace } = manifests
  const documents = await documentsOf({ do: 'apply', manifests: lab.solution }, manifests)
  const set = documents.find(({ object }) => object.kind === 'StatefulSet')
  if (set === undefined) throw usageError('no-solution', `${lab.title} has no solution with a StatefulSet`)
  const statefulSet = set.object.metadata.name
  const space = await cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, signal)
  if (space?.metadata.deletionTimestamp !== undefined)
    throw usageError(
      'terminating',
      `namespace ${namespace} is being deleted`,
      `wait until it is gone, then sts-lab start ${lab.id} --yes`,
    )
  const foreignNamespace = space !== null && !belongsToLab(space, lab.id, known)
  if (space !== null) {
    await refuseForeign(cluster, documents, lab.id, known, signal)
    await refuseForeignClaims(setting, statefulSet)
  }
  const applied = await cluster.apply(
    documents.filter(({ object }: ManifestDocument) => object.kind !== 'Namespace' || !foreignNamespace),
    // What somebody changed by hand in the meantime goes back to what the manifest says.
    { labels: labLabels(lab.id), force: true, signal },
  )
  return {
    statefulSet,
    foreignNamespace,
    objects: applied.map(({ ref, change }) => ({ name: `${ref.kind}/${ref.name}`, change })),
  }
}

/** Data in a claim that was there before is somebody's, and the set would take it over by its name. */
async function refuseForeignClaims(
  { cluster, lab, manifests, known, signal }: SolutionSetting,
  statefulSet: string,
): Promise<void> {
  const { namespace } = manifests
  const claims = await cluster.list(
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace },
    { signal },
  )
  const foreign = claims
    .filter((claim) => isClaimOf(statefulSet, claim.metadata.name) && !belongsToLab(claim, lab.id, known))
    .map(({ metadata }) => metadata.name)
  if (foreign.length === 0) return
  throw usageError(
    'not-ours',
    `claims that the solution's set would take over are in namespace ${namespace} already: ${foreign.join(', ')}`,
    `sts-lab start ${lab.id} --yes --namespace another-name`,
  )
}
