import { usageError } from '../errors.ts'
import type { Cluster, KubeObject, ManifestDocument, ObjectRef } from '../ports.ts'
import { MANAGED_LABELS } from './session.ts'

/** On everything that belongs to a lab: in its manifests, and so on what a student applies too. */
export const LAB_LABEL = 'sts-lab.dev/lab'

export const labLabels = (lab: string): Readonly<Record<string, string>> => ({
  ...MANAGED_LABELS,
  [LAB_LABEL]: lab,
})

/** The same for what the recording knows of an object. */
export const factsBelongToLab = (
  { labels, uid }: { readonly labels: Readonly<Record<string, string>>; readonly uid: string },
  lab: string,
  known: ReadonlySet<string>,
): boolean => labels[LAB_LABEL] === lab || known.has(uid)

/** Whose object it is: labelled as this lab's, or made under our eyes while a step was waiting for it. */
export function belongsToLab(
  object: Pick<KubeObject, 'metadata'>,
  lab: string,
  known: ReadonlySet<string>,
): boolean {
  const { labels, uid } = object.metadata
  return labels?.[LAB_LABEL] === lab || (uid !== undefined && known.has(uid))
}

export const refOf = ({ object }: ManifestDocument): ObjectRef => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  name: object.metadata.name,
  ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
})

/**
 * Stops before anything is changed that has the lab's names and is not the lab's.
 * A namespace is shared: somebody else's is used and never touched.
 *
 * @throws LabError 'not-ours' (usage).
 */
export async function refuseForeign(
  cluster: Cluster,
  documents: readonly ManifestDocument[],
  lab: string,
  known: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  for (const document of documents) {
    const ref = refOf(document)
    if (ref.kind === 'Namespace') continue
    const found = await cluster.get(ref, signal)
    if (found === null || belongsToLab(found, lab, known)) continue
    const where = ref.namespace === undefined ? '' : ` in namespace ${ref.namespace}`
    throw usageError(
      'not-ours',
      `${ref.kind} ${ref.name}${where} exists already, and it is not this lab's`,
      `sts-lab start ${lab} --namespace another-name   (or remove it: kubectl -n ${ref.namespace ?? ''} delete ${ref.kind.toLowerCase()} ${ref.name})`,
    )
  }
}
