import { randomUUID } from 'node:crypto'
import type { PersistentVolumeClaim } from '../../shapes.ts'

/** How a provisioner that this cluster plays makes a volume. */
export interface Provisioner {
  /** Runs inside the controller manager, which then says nothing of waiting for it. */
  readonly inTree: boolean
  /** Why it will not make a volume for the claim; null when it will. */
  refusal(claim: PersistentVolumeClaim): string | null
  /** Annotations and the source of the volume. */
  volume(
    claim: PersistentVolumeClaim,
    node: string,
  ): {
    readonly annotations: Readonly<Record<string, string>>
    readonly source: Readonly<Record<string, unknown>>
  }
}

const anyClaim = (): null => null

/** By the name in `provisioner` of a StorageClass. A class with another name waits for ever, as it does anywhere. */
export const PROVISIONERS: ReadonlyMap<string, Provisioner> = new Map([
  [
    // Of the controller manager itself, for tests on one node. It gives whatever access is asked for.
    'kubernetes.io/host-path',
    {
      inTree: true,
      refusal: anyClaim,
      volume: () => ({
        annotations: { 'kubernetes.io/createdby': 'hostpath-dynamic-provisioner' },
        source: { hostPath: { path: `/tmp/hostpath_pv/${randomUUID()}`, type: '' } },
      }),
    },
  ],
  [
    // Of kind and k3s.
    'rancher.io/local-path',
    {
      inTree: false,
      refusal: ({ spec }: PersistentVolumeClaim) => {
        const shared = (spec.accessModes ?? []).some((mode) => !mode.startsWith('ReadWriteOnce'))
        return shared
          ? 'NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes'
          : null
      },
      volume: ({ metadata }: PersistentVolumeClaim, node: string) => ({
        annotations: { 'local.path.provisioner/selected-node': node },
        source: {
          hostPath: {
            path: `/var/local-path-provisioner/pvc-${metadata.uid}_${metadata.namespace}_${metadata.name}`,
            type: 'DirectoryOrCreate',
          },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] },
              ],
            },
          },
        },
      }),
    },
  ],
  [
    // Of minikube. Like the first it never looks at access modes.
    'k8s.io/minikube-hostpath',
    {
      inTree: false,
      refusal: anyClaim,
      volume: ({ metadata }: PersistentVolumeClaim) => ({
        annotations: { hostPathProvisionerIdentity: 'sts-lab' },
        source: {
          hostPath: { path: `/tmp/hostpath-provisioner/${metadata.namespace}/${metadata.name}`, type: '' },
        },
      }),
    },
  ],
])
