import type { PersistentVolumeClaim } from '../../shapes.ts'
import { selectorOf } from '../../store/selector.ts'
import { quantityValue } from '../../validate/quantity.ts'
import { isFor, type PersistentVolume } from './persistent-volume.ts'

const sizeOf = (text: string | undefined): number => quantityValue(text ?? '0') ?? 0

/** The smallest volume that would do for a claim; one that is kept for it comes first. */
export function bestVolume(
  volumes: readonly PersistentVolume[],
  claim: PersistentVolumeClaim,
): PersistentVolume | null {
  const candidates = volumes.filter((volume) => fits(volume, claim))
  const kept = candidates.find((volume) => volume.spec.claimRef !== undefined)
  if (kept !== undefined) return kept
  const size = ({ spec }: PersistentVolume) => sizeOf(spec.capacity?.storage)
  return [...candidates].sort((a, b) => size(a) - size(b))[0] ?? null
}

function fits(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { spec, status, metadata } = volume
  if (metadata.deletionTimestamp !== undefined) return false
  if (spec.claimRef !== undefined && !isFor(volume, claim)) return false
  if (spec.claimRef === undefined && status?.phase !== 'Available') return false
  const modes = spec.accessModes ?? []
  return (
    (spec.storageClassName ?? '') === (claim.spec.storageClassName ?? '') &&
    (spec.volumeMode ?? 'Filesystem') === (claim.spec.volumeMode ?? 'Filesystem') &&
    (claim.spec.accessModes ?? []).every((mode) => modes.includes(mode)) &&
    sizeOf(spec.capacity?.storage) >= sizeOf(claim.spec.resources?.requests?.storage) &&
    (claim.spec.selector === undefined || selectorOf(claim.spec.selector)(metadata.labels ?? {}))
  )
}
