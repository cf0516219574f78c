import type { PodFacts } from './facts.ts'
import type { Change, Observation } from './observation.ts'
import { byOrdinal, isReady, ordinalOf } from './state.ts'

/**
 * One pod from creation to removal. A life is its UID: a pod that comes back under the same name is another
 * life. Every position is the `seq` of an observation in the pod stream, null where it was not seen.
 */
export interface Life {
  readonly pod: string
  readonly uid: string
  /** UID of the set that controls (or controlled) it; null for a bare pod. */
  readonly controllerUid: string | null
  readonly controllerKind: string | null
  /** Position in its controller's naming; null where the name is not `<controller>-<number>`. */
  readonly ordinal: number | null
  readonly firstSeen: number
  /** Created while we watched. Null for one that was already there, or came up inside a gap. */
  readonly added: number | null
  /** First found by a (re)list, where it was: says nothing about when it was created. */
  readonly listed: number | null
  /** First Ready=True with no deletionTimestamp. If `readyWhenListed`, it was ready at the latest then. */
  readonly firstReady: number | null
  readonly readyWhenListed: boolean
  /** deletionTimestamp first seen; the DELETED event itself where it came without one before. */
  readonly terminating: number | null
  readonly terminatingWhenListed: boolean
  /** DELETED. */
  readonly gone: number | null
  /** Found missing by a relist after a gap. */
  readonly vanished: number | null
  /** Phase Failed was seen: it was evicted or crashed as a whole, and its controller replaces it. */
  readonly failed: boolean
  readonly last: PodFacts
  readonly changes: readonly Change<'pods'>[]
}

/** All lives in a recording, in the order they were first seen. */
export function livesOf(observations: readonly Observation[]): Life[] {
  const changesByUid = new Map<string, Change<'pods'>[]>()
  for (const observation of observations) {
    if (observation.stream !== 'pods' || observation.type === 'gap') continue
    const changes = changesByUid.get(observation.object.uid)
    if (changes === undefined) changesByUid.set(observation.object.uid, [observation])
    else changes.push(observation)
  }
  return [...changesByUid.values()].flatMap((changes) => lifeFrom(changes) ?? [])
}

/** The lives of one set's pods, by ordinal, then by the order in which they were first seen. */
export function livesOfSet(observations: readonly Observation[], setUid: string): Life[] {
  return livesOf(observations)
    .filter((life) => life.controllerUid === setUid)
    .sort((a, b) =>
      a.pod === b.pod ? a.firstSeen - b.firstSeen : byOrdinal({ name: a.pod }, { name: b.pod }),
    )
}

/** Those whose name is `<set>-<number>`: the others have no place in an order. */
export function numbered(lives: readonly Life[]): (Life & { readonly ordinal: number })[] {
  return lives.flatMap((life) => (life.ordinal === null ? [] : [{ ...life, ordinal: life.ordinal }]))
}

/** It was there just after `seq`: first seen by then, and neither gone nor vanished. */
export function aliveAt(life: Life, seq: number): boolean {
  return life.firstSeen <= seq && !endedBy(life, seq)
}

/** It was gone, or known to be missing, at `seq`. */
export function endedBy(life: Life, seq: number): boolean {
  const end = life.gone ?? life.vanished
  return end !== null && end <= seq
}

function lifeFrom(changes: readonly Change<'pods'>[]): Life | null {
  const first = changes[0]
  const last = changes.at(-1)
  if (first === undefined || last === undefined) return null
  const there = changes.filter((change) => change.type !== 'deleted' && change.type !== 'vanished')
  const ready = there.find((change) => isReady(change.object))
  const terminating = changes.find(
    (change) =>
      change.type === 'deleted' || (change.type !== 'vanished' && change.object.deletionTimestamp !== null),
  )
  const controller =
    changes.findLast((change) => change.object.controller !== null)?.object.controller ?? null
  const seqOf = (type: Change['type']): number | null =>
    changes.find((change) => change.type === type)?.seq ?? null
  return {
    pod: first.object.name,
    uid: first.object.uid,
    controllerUid: controller?.uid ?? null,
    controllerKind: controller?.kind ?? null,
    ordinal: controller === null ? null : ordinalOf(controller.name, first.object.name),
    firstSeen: first.seq,
    added: seqOf('added'),
    listed: seqOf('listed'),
    firstReady: ready?.seq ?? null,
    readyWhenListed: ready?.type === 'listed',
    terminating: terminating?.seq ?? null,
    terminatingWhenListed: terminating?.type === 'listed',
    gone: seqOf('deleted'),
    vanished: seqOf('vanished'),
    failed: changes.some((change) => change.object.phase === 'Failed'),
    last: last.object,
    changes,
  }
}
