import type { Clock, Cluster, ManifestDocument } from '../../ports.ts'
import type { FillTools } from '../fill-tools.ts'
import type { Self } from '../holder.ts'
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
  readonly readText: (file: string) => Promise<string>
  readonly parse: (text: string, file: string) => Promise<readonly ManifestDocument[]>
  readonly isFile: (file: string) => Promise<boolean>
}

/** On the namespace of a play, so that a later run finds what a killed one left. */
export const PROOF_LABEL = 'sts-lab.dev/proof'
/** Whose play it is: JSON of host, pid and birth. */
export const PROOF_OWNER = 'sts-lab.dev/proof-owner'

/** The lab's files as a play has them: those of its overlay take the place of the lab's own with the same name. */
export function filesOf({ lab, overlay }: Play, deps: PlayDependencies): PlayFiles {
  const folder = deps.manifests(lab.id)
  const found = async (file: string): Promise<string> => {
    const other = overlay === null ? null : `${folder}/${overlay}${file.slice(folder.length)}`
    return other !== null && (await deps.isFile(other)) ? other : file
  }
  const marks = (documents: readonly ManifestDocument[]) => documents.map((each) => marked(each, deps.self))
  return {
    folder,
    load: async (file) => marks(await deps.loadManifest(await found(file))),
    fill: {
      template: async (file) => deps.readText(await found(`${folder}/${file}`)),
      parse: async (text, file) => marks(await deps.parse(text, file)),
      student: null,
      prompt: false,
    },
  }
}

export interface PlayFiles {
  /** Absolute path of the lab's manifests. */
  readonly folder: string
  readonly load: (file: string) => Promise<readonly ManifestDocument[]>
  readonly fill: FillTools
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
