import type { Client } from '../../client.ts'
import type { ApiObject } from '../../object.ts'
import type { PersistentVolumeClaim, Pod } from '../../shapes.ts'
import { keyOf } from '../../store/store.ts'
import type { World } from '../objects.ts'
import { isTerminating } from '../owners.ts'
import { WorkQueue } from '../work-queue.ts'
import type { PersistentVolume } from './persistent-volume.ts'

const CLAIM_PROTECTION = 'kubernetes.io/pvc-protection'
const VOLUME_PROTECTION = 'kubernetes.io/pv-protection'

/** The claims that a pod mounts, by name. */
export const claimNamesOf = ({ spec }: Pod): readonly string[] =>
  (spec.volumes ?? []).flatMap((volume) => {
    const { claimName } = (volume.persistentVolumeClaim ?? {}) as { claimName?: string }
    return claimName === undefined ? [] : [claimName]
  })

/** Lets claims that are being deleted go when no pod uses them any more, and volumes when no claim does. */
export function startVolumeProtection(client: Client, world: World): () => void {
  const pods = world.of<Pod>('pods')
  const claims = world.of<PersistentVolumeClaim>('persistentvolumeclaims')
  const volumes = world.of<PersistentVolume>('persistentvolumes')

  const letGo = (resource: string, object: ApiObject, finalizer: string): void => {
    if (!(object.metadata.finalizers ?? []).includes(finalizer)) return
    client.change<ApiObject>(resource, object, (copy) => {
      copy.metadata.finalizers = (copy.metadata.finalizers ?? []).filter((name) => name !== finalizer)
    })
  }
  const claimQueue = new WorkQueue(client.clock, (key) => {
    const [namespace = '', name = ''] = key.split('/')
    const claim = claims.get(namespace, name)
    if (claim === null || !isTerminating(claim)) return
    // A pod without a node has not begun to use it, and no node will start one with a claim that is going.
    const used = pods
      .in(namespace)
      .some((pod) => (pod.spec.nodeName ?? '') !== '' && claimNamesOf(pod).includes(name))
    if (!used) letGo('persistentvolumeclaims', claim, CLAIM_PROTECTION)
  })
  const volumeQueue = new WorkQueue(client.clock, (name) => {
    const volume = volumes.get(undefined, name)
    if (volume === null || !isTerminating(volume) || volume.status?.phase === 'Bound') return
    letGo('persistentvolumes', volume, VOLUME_PROTECTION)
  })

  const addClaim = ({ metadata }: PersistentVolumeClaim) => {
    if (metadata.deletionTimestamp !== undefined) claimQueue.add(keyOf(metadata.namespace, metadata.name))
  }
  const addVolume = ({ metadata }: PersistentVolume) => {
    if (metadata.deletionTimestamp !== undefined) volumeQueue.add(metadata.name)
  }
  const stops = [
    client.watch<PersistentVolumeClaim>('persistentvolumeclaims', { added: addClaim, changed: addClaim }),
    client.watch<PersistentVolume>('persistentvolumes', { added: addVolume, changed: addVolume }),
    client.watch<Pod>('pods', {
      removed: (pod) => {
        for (const name of claimNamesOf(pod)) claimQueue.add(keyOf(pod.metadata.namespace, name))
      },
    }),
  ]
  return () => {
    for (const stop of stops) stop()
    claimQueue.close()
    volumeQueue.close()
  }
}
