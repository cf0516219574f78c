import type { Criterion, CriterionId } from './criterion.ts'
import { dnsResolution } from './dns-resolution.ts'
import { identityPersistence } from './identity-persistence.ts'
import { orderedScaleDown } from './ordered-scale-down.ts'
import { orderedScaleUp } from './ordered-scale-up.ts'
import { persistentStorage } from './persistent-storage.ts'
import { podNaming } from './pod-naming.ts'
import { pvcRetention } from './pvc-retention.ts'
import { pvcReuse } from './pvc-reuse.ts'
import { sequentialCreation } from './sequential-creation.ts'
import { storageContent } from './storage-content.ts'

/** The ten success criteria, in order. */
export const criteria: readonly Criterion[] = [
  podNaming,
  sequentialCreation,
  persistentStorage,
  storageContent,
  dnsResolution,
  identityPersistence,
  orderedScaleUp,
  orderedScaleDown,
  pvcRetention,
  pvcReuse,
]

/** By id: every id has its criterion. */
export const byId: Readonly<Record<CriterionId, Criterion>> = {
  'pod-naming': podNaming,
  'sequential-creation': sequentialCreation,
  'persistent-storage': persistentStorage,
  'storage-content': storageContent,
  'dns-resolution': dnsResolution,
  'identity-persistence': identityPersistence,
  'ordered-scale-up': orderedScaleUp,
  'ordered-scale-down': orderedScaleDown,
  'pvc-retention': pvcRetention,
  'pvc-reuse': pvcReuse,
}
