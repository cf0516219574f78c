import type { Cluster, KubeObject } from '../../ports.ts'
import { type Finding, finding, listOrNull } from './finding.ts'

/** Is there one default StorageClass, and when does it bind? */
export async function storageFindings(cluster: Cluster, signal: AbortSignal): Promise<Finding[]> {
  const classes = await listOrNull(cluster, 'storage.k8s.io/v1', 'StorageClass', signal)
  if (classes === null)
    return [
      finding('storage-class', 'Default StorageClass', 'unknown', 'we may not list StorageClasses', null),
    ]
  const defaults = classes.filter(isDefaultClass)
  const chosen = defaults[0]
  if (chosen === undefined)
    return [
      finding(
        'storage-class',
        'Default StorageClass',
        'problem',
        classes.length === 0
          ? 'there is no StorageClass at all: claims will stay Pending'
          : `none of ${classes.map((each) => each.metadata.name).join(', ')} is the default: claims that name no class will stay Pending`,
        classes[0] === undefined
          ? 'install a provisioner, for example rancher/local-path-provisioner'
          : `kubectl annotate storageclass ${classes[0].metadata.name} storageclass.kubernetes.io/is-default-class=true`,
      ),
    ]
  const immediate = chosen.volumeBindingMode !== 'WaitForFirstConsumer'
  const detail = `${chosen.metadata.name} (${String(chosen.provisioner)}), ${
    immediate
      ? 'binds at once: a claim is Bound before its pod is scheduled'
      : 'waits for the first consumer: a claim is Pending until its pod is scheduled, which is normal'
  }`
  return [
    defaults.length > 1
      ? finding(
          'storage-class',
          'Default StorageClass',
          'note',
          `${defaults.length} are marked default (${defaults.map((each) => each.metadata.name).join(', ')}); the newest wins`,
          'leave the mark on one of them',
        )
      : finding('storage-class', 'Default StorageClass', 'ok', detail, null),
  ]
}

const isDefaultClass = (object: KubeObject): boolean =>
  ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'].some(
    (key) => object.metadata.annotations?.[key] === 'true',
  )
