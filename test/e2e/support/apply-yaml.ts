import { parseAllDocuments } from 'yaml'
import { ApiError } from '../../../src/kube/api-errors.ts'
import type { E2eConnection } from './connect.ts'

/**
 * Creates each object of a YAML text in the namespace, or merges it into the one there, as another tool than
 * sts-lab would. A namespace in the text gives way. (No server-side apply: Kubernetes 1.20 refuses ports
 * without a protocol in it.)
 */
export async function applyYaml(api: E2eConnection, namespace: string, text: string): Promise<void> {
  for (const document of parseAllDocuments(text)) {
    const object: unknown = document.toJS()
    if (object === null) continue
    const { apiVersion, kind, metadata } = object as ManifestHead
    const namespaced = !CLUSTER_SCOPED.includes(kind)
    const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
    const path = `${base}${namespaced ? `/namespaces/${namespace}` : ''}/${pluralOf(kind)}`
    const body = namespaced ? { ...object, metadata: { ...metadata, namespace } } : object
    try {
      await api.send({ method: 'POST', path, body })
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 409)) throw error
      const contentType = 'application/merge-patch+json'
      await api.send({ method: 'PATCH', path: `${path}/${metadata.name}`, contentType, body })
    }
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
