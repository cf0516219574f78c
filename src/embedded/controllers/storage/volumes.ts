import type { Client } from '../../client.ts'
import type { PersistentVolumeClaim } from '../../shapes.ts'
import { keyOf } from '../../store/store.ts'
import type { World } from '../objects.ts'
import { WorkQueue } from '../work-queue.ts'
import { Binder } from './binder.ts'
import { CLAIMS, isBound, type PersistentVolume, type StorageClass, VOLUMES } from './persistent-volume.ts'

/**
 * Brings claims and volumes together: finds a volume for each claim or has one made, and lets volumes go with their
 * claims where they are to.
 * @param provisioningMs how long a provisioner takes to make a volume
 */
export function startVolumes(client: Client, world: World, provisioningMs: number): () => void {
  const claims = world.of<PersistentVolumeClaim>(CLAIMS)
  const volumes = world.of<PersistentVolume>(VOLUMES)
  const classes = world.of<StorageClass>('storageclasses')
  const binder = new Binder(client, claims, volumes, classes, (key) => making.addAfter(key, provisioningMs))

  const claimQueue = new WorkQueue(client.clock, (key) => withClaim(key, (claim) => binder.syncClaim(claim)))
  const making = new WorkQueue(client.clock, (key) => withClaim(key, (claim) => binder.provision(claim)))
  const volumeQueue = new WorkQueue(client.clock, (name) => {
    const volume = volumes.get(undefined, name)
    if (volume !== null) binder.syncVolume(volume)
  })
  const withClaim = (key: string, act: (claim: PersistentVolumeClaim) => void): void => {
    const [namespace = '', name = ''] = key.split('/')
    const claim = claims.get(namespace, name)
    if (claim !== null) act(claim)
  }
  const addClaim = ({ metadata }: PersistentVolumeClaim) =>
    claimQueue.add(keyOf(metadata.namespace, metadata.name))
  const addVolume = (volume: PersistentVolume) => volumeQueue.add(volume.metadata.name)
  /** A class or a volume may be what they wait for. */
  const addUnbound = () => {
    for (const claim of claims.all()) if (!isBound(claim)) addClaim(claim)
  }
  const addVolumeOf = ({ spec }: PersistentVolumeClaim) => {
    if ((spec.volumeName ?? '') !== '') volumeQueue.add(spec.volumeName ?? '')
  }

  const stops = [
    client.watch<PersistentVolumeClaim>(CLAIMS, {
      added: addClaim,
      changed: (claim) => {
        addClaim(claim)
        addVolumeOf(claim)
      },
      removed: addVolumeOf,
    }),
    client.watch<PersistentVolume>(VOLUMES, {
      added: (volume) => {
        addVolume(volume)
        if (volume.spec.claimRef === undefined) addUnbound()
      },
      changed: (volume, previous) => {
        addVolume(volume)
        if (volume.status?.phase === 'Available' && previous.status?.phase !== 'Available') addUnbound()
      },
      removed: ({ spec }) => {
        const { namespace, name } = spec.claimRef ?? {}
        const claim = name === undefined ? null : claims.get(namespace, name)
        if (claim !== null) addClaim(claim)
      },
    }),
    client.watch<StorageClass>('storageclasses', { added: addUnbound, changed: addUnbound }),
  ]
  return () => {
    for (const stop of stops) stop()
    for (const queue of [claimQueue, volumeQueue, making]) queue.close()
  }
}
