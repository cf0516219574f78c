import { manifestsOf } from '../lab/actions.ts'
import type { Lab, LabAction } from '../lab/lab.ts'
import type { ManifestDocument } from '../ports.ts'

/** Where a lab's manifests come from, and which namespace they are to mean. */
export interface ManifestSetting {
  readonly load: (file: string) => Promise<readonly ManifestDocument[]>
  /** Absolute path of the lab's folder. */
  readonly folder: string
  /** The namespace that the files name, and the one in use. */
  readonly labNamespace: string
  readonly namespace: string
}

/** The documents of an apply action, as they are to be applied. */
export async function documentsOf(
  action: Extract<LabAction, { do: 'apply' }>,
  setting: ManifestSetting,
): Promise<readonly ManifestDocument[]> {
  const documents: ManifestDocument[] = []
  for (const file of action.manifests)
    for (const document of await setting.load(`${setting.folder}/${file}`))
      documents.push(withLastApplied(movedDocument(document, setting)))
  return documents
}

/**
 * With the annotation in which `kubectl apply` keeps what it applied last. A student who goes on with kubectl where
 * sts-lab began would otherwise merge: what the next manifest leaves out would stay, such as the old handler of a probe.
 */
function withLastApplied(document: ManifestDocument): ManifestDocument {
  const { object } = document
  const { metadata } = object
  const annotations = { ...metadata.annotations, [LAST_APPLIED]: `${JSON.stringify(object)}\n` }
  return { ...document, object: { ...object, metadata: { ...metadata, annotations } } }
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** Every object that the lab may put on a cluster, each once: the broken one and the repaired one are the same object. */
export async function labDocuments(lab: Lab, setting: ManifestSetting): Promise<readonly ManifestDocument[]> {
  const found = new Map<string, ManifestDocument>()
  // A file with blanks names its object already.
  const toFill = lab.steps.flatMap(({ action }) => (action?.do === 'fill' ? [action.file] : []))
  const manifests = [...manifestsOf(lab), ...toFill]
  for (const document of await documentsOf({ do: 'apply', manifests }, setting)) {
    const { kind, metadata } = document.object
    const key = `${kind}/${metadata.namespace ?? ''}/${metadata.name}`
    if (!found.has(key)) found.set(key, document)
  }
  return [...found.values()]
}

/** Only what names the lab's own namespace is moved; a manifest may well speak of another. */
export function movedDocument(
  document: ManifestDocument,
  { labNamespace, namespace }: Pick<ManifestSetting, 'labNamespace' | 'namespace'>,
): ManifestDocument {
  const { object } = document
  const { metadata } = object
  if (object.kind === 'Namespace' && metadata.name === labNamespace)
    return { ...document, object: { ...object, metadata: { ...metadata, name: namespace } } }
  if (metadata.namespace === labNamespace)
    return { ...document, object: { ...object, metadata: { ...metadata, namespace } } }
  return document
}
