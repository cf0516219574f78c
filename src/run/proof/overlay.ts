import type { Clock, Cluster, ManifestDocument } from '../../ports.ts'
import type { Self } from '../journal.ts'
import type { Play } from './plays.ts'

/** What playing labs needs of the world. */
export interface PlayDependencies {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly self: Self
  readonly version: string
  readonly newRunId: () => string
  readonly probeImage: string
  readonly signal: AbortSignal
  /** Folder of a lab's manifests. */
  readonly manifests: (lab: string) => string
  readonly loadManifest: (file: string) => Promise<readonly ManifestDocument[]>
  readonly isFile: (file: string) => Promise<boolean>
}

/** On the namespace of a play, so that a later run finds what a killed one left. */
export const PROOF_LABEL = 'sts-lab.dev/proof'
/** Whose play it is: JSON of host, pid and birth. */
export const PROOF_OWNER = 'sts-lab.dev/proof-owner'

/** Files of the play's overlay take the place of the lab's own with the same name. */
export function overlaid(
  { lab, overlay }: Play,
  { manifests, loadManifest, isFile, self }: PlayDependencies,
): (file: string) => Promise<readonly ManifestDocument[]> {
  const folder = manifests(lab.id)
  return async (file) => {
    const other = overlay === null ? null : `${folder}/${overlay}${file.slice(folder.length)}`
    const documents = await loadManifest(other !== null && (await isFile(other)) ? other : file)
    return documents.map((document) => marked(document, self))
  }
}

function marked(document: ManifestDocument, { host, pid, birth }: Self): ManifestDocument {
  const { object } = document
  if (object.kind !== 'Namespace') return document
  const { labels, annotations } = object.metadata
  const owner = JSON.stringify({ host, pid, birth })
  const metadata = {
    ...object.metadata,
    labels: { ...labels, [PROOF_LABEL]: 'true' },
    annotations: { ...annotations, [PROOF_OWNER]: owner },
  }
  return { ...document, object: { ...object, metadata } }
}
