import { parseBytes } from '../../lab/quantity.ts'
import type { ClaimFacts } from '../../timeline/facts.ts'
import { at, createdAt, deletionTimestamp, labels, owners, parseMetadata, text, texts } from './shape.ts'

/** A v1 PersistentVolumeClaim; null without name, UID and resourceVersion. */
export const parseClaim = (claim: unknown): ClaimFacts | null => {
  const metadata = parseMetadata(claim)
  if (metadata === null) return null
  const phase = at(claim, 'status', 'phase')
  return {
    kind: 'PersistentVolumeClaim',
    ...metadata,
    createdAt: createdAt(claim),
    labels: labels(claim),
    phase: phase === 'Bound' || phase === 'Lost' ? phase : 'Pending',
    volumeName: text(at(claim, 'spec', 'volumeName')),
    ...parseClaimSpec(at(claim, 'spec')),
    capacityBytes: parseBytes(at(claim, 'status', 'capacity', 'storage')),
    deletionTimestamp: deletionTimestamp(claim),
    owners: owners(claim),
  }
}

/** What a claim and a claim template have in common. Without a request: 0 bytes. */
export const parseClaimSpec = (
  spec: unknown,
): Pick<ClaimFacts, 'requestedBytes' | 'storageClass' | 'accessModes'> => ({
  requestedBytes: parseBytes(at(spec, 'resources', 'requests', 'storage')) ?? 0,
  storageClass: text(at(spec, 'storageClassName')),
  accessModes: texts(at(spec, 'accessModes')),
})
