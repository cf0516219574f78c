import { parseAllDocuments } from 'yaml'
import type { E2eConnection } from './connect.ts'

/** Applies each document of a YAML text in the namespace, as another tool than sts-lab would. A namespace in the text gives way. */
export async function applyYaml(api: E2eConnection, namespace: string, text: string): Promise<void> {
  for (const document of parseAllDocuments(text)) {
    const object: unknown = document.toJS()
    if (object === null) continue
    const { apiVersion, kind, metadata } = object as ManifestHead
    const namespaced = !CLUSTER_SCOPED.includes(kind)
    const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
    const scope = namespaced ? `/namespaces/${namespace}` : ''
    await api.send({
      method: 'PATCH',
      path: `${base}${scope}/${pluralOf(kind)}/${metadata.name}`,
      query: { fieldManager: 'e2e-test', force: true },
      contentType: 'application/apply-patch+yaml',
      body: namespaced ? { ...object, metadata: { ...metadata, namespace } } : object,
    })
  }
}

interface ManifestHead {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
}

const CLUSTER_SCOPED = [
  'Namespace',
  'Node',
  'PersistentVolume',
  'StorageClass',
  'ClusterRole',
  'ClusterRoleBinding',
]

/** English is regular enough for the kinds that tests use. */
function pluralOf(kind: string): string {
  const word = kind.toLowerCase()
  if (/(?:s|x|ch)$/.test(word)) return word === 'endpoints' ? word : `${word}es`
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`
}
