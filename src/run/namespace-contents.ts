import type { Cluster, KubeObject } from '../ports.ts'
import { isClaimOf } from './lab-action.ts'
import { belongsToLab } from './lab-ownership.ts'

/** Kinds that somebody may have put into a namespace and would miss. */
const KINDS = [
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
  { apiVersion: 'v1', kind: 'ConfigMap' },
  { apiVersion: 'v1', kind: 'Secret' },
  { apiVersion: 'v1', kind: 'Pod' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'batch/v1', kind: 'Job' },
] as const

/** What is in a namespace that is neither the lab's nor Kubernetes' own: `Service/web` and so on. */
export async function othersIn(
  cluster: Cluster,
  namespace: string,
  owner: { readonly lab: string; readonly statefulSet: string; readonly known: ReadonlySet<string> },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const lists = await Promise.all(
    KINDS.map(async ({ apiVersion, kind }) => {
      const objects = await cluster.list({ apiVersion, kind, namespace }, { signal })
      return objects
        .filter((object) => isForeign(kind, object, owner))
        .map((object) => `${kind}/${object.metadata.name}`)
    }),
  )
  return lists.flat()
}

function isForeign(
  kind: (typeof KINDS)[number]['kind'],
  object: KubeObject,
  { lab, statefulSet, known }: { lab: string; statefulSet: string; known: ReadonlySet<string> },
): boolean {
  const { name, labels, deletionTimestamp, ownerReferences } = object.metadata
  if (deletionTimestamp !== undefined || belongsToLab(object, lab, known)) return false
  if (labels?.['app.kubernetes.io/managed-by'] === 'sts-lab') return false
  // What something else made goes with it, and that is counted itself.
  if (Array.isArray(ownerReferences) && ownerReferences.length > 0) return false
  switch (kind) {
    case 'PersistentVolumeClaim':
      return !isClaimOf(statefulSet, name)
    case 'ConfigMap':
      return name !== 'kube-root-ca.crt'
    case 'Secret':
      return object.type !== 'kubernetes.io/service-account-token'
    default:
      return true
  }
}
