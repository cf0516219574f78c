import { copyFileSync, readFileSync, truncateSync } from 'node:fs'
import type { ApiObject } from '../object.ts'
import { keyOf, type StoreContents } from '../store/store.ts'
import { DeviceTree } from './device-tree.ts'
import { type Batch, type Header, readHeader } from './format.ts'
import { decodeRecords, type JournalText } from './records.ts'

/** A cluster as its journal tells it. */
export interface KeptState {
  readonly header: Header
  /** Cluster time when it was last heard of, milliseconds. */
  readonly atMs: number
  readonly contents: StoreContents
  readonly trees: ReadonlyMap<string, DeviceTree>
  readonly bytes: number
  readonly cut: JournalText['cut']
  readonly cutBytes: number
}

/**
 * Positions of before shall all be too old: some may have been given out that were not written down. As far as
 * etcd's own restore goes on.
 */
const BUMP = 1_000_000

/**
 * Reads a journal, null where there is none. What is behind its last good record is cut off; of one that is damaged
 * in the middle a copy is kept beside it.
 * @throws UnusableState; what the file system says
 */
export function readState(file: string): KeptState | null {
  const bytes = read(file)
  if (bytes === null || bytes.length === 0) return null
  const { records, goodBytes, cutBytes, cut } = decodeRecords(bytes)
  // Torn in its very first record: nothing had happened yet.
  if (records.length === 0 && cut === 'torn') return null
  const header = readHeader(records[0])
  if (cut === 'damaged') copyFileSync(file, damagedCopy(file))
  if (cut !== 'nothing') truncateSync(file, goodBytes)
  return { header, ...foldBatches(records.slice(1) as readonly Batch[]), bytes: goodBytes, cut, cutBytes }
}

export const damagedCopy = (file: string): string => `${file}.damaged`

function foldBatches(batches: readonly Batch[]): Pick<KeptState, 'atMs' | 'contents' | 'trees'> {
  const resources = new Map<string, Map<string, ApiObject>>()
  const trees = new Map<string, DeviceTree>()
  const objectsOf = (resource: string): Map<string, ApiObject> => {
    const known = resources.get(resource) ?? new Map<string, ApiObject>()
    resources.set(resource, known)
    return known
  }
  let atMs = 0
  let revision = 1
  for (const { at, revision: upTo, put = [], gone = [], devices = [], lost = [] } of batches) {
    atMs = Math.max(atMs, at)
    revision = Math.max(revision, upTo)
    for (const [resource, key] of gone) objectsOf(resource).delete(key)
    for (const [resource, object] of put)
      objectsOf(resource).set(keyOf(object.metadata.namespace, object.metadata.name), object)
    for (const key of lost) trees.delete(key)
    for (const record of devices) {
      const tree = trees.get(record.key) ?? new DeviceTree(record.key)
      trees.set(record.key, tree)
      tree.apply(record)
    }
  }
  return { atMs, contents: { resources, revision: revision + BUMP }, trees }
}

function read(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
