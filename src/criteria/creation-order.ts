import { endedBy, type Life, livesOfSet } from '../timeline/lives.ts'
import { gapsBetween } from '../timeline/windows.ts'
import type { Subject } from './subject.ts'

/** What is known about one pod and the one before it. `evidence` are the two positions (or the gap between). */
export interface OrderedPair {
  readonly order: 'kept' | 'broken' | 'unknown'
  readonly reason: string
  readonly evidence: readonly (number | null)[]
}

/**
 * For each ordinal: was its pod, the first one seen in the window, added after its predecessor was ready?
 * Positions in the pod stream only. What a gap could hide is unknown; a pair seen by the watch without a
 * gap between stays proven.
 */
export function creationOrder(
  subject: Subject,
  ordinals: readonly number[],
  window: { readonly begin: number; readonly end: number },
): OrderedPair[] {
  const lives = livesOfSet(subject.observations, subject.uid).filter((life) => life.firstSeen <= window.end)
  return ordinals.map((ordinal) => {
    const pod = `${subject.set.name}-${ordinal}`
    const predecessor = `${subject.set.name}-${ordinal - 1}`
    const life = lives.find((each) => each.ordinal === ordinal && each.firstSeen > window.begin)
    if (life === undefined) return unknown(`${pod} was not seen coming up`, [])
    const { added } = life
    if (added === null) return unknown(`${pod} came up while the watch was interrupted`, [life.listed])
    const before = lives.filter(
      (each) => each.ordinal === ordinal - 1 && each.firstSeen < added && !endedBy(each, window.begin),
    )
    const ready = before.filter((each) => each.firstReady !== null && each.firstReady < added)
    return ready.length > 0
      ? explain(subject, { pod, predecessor, added, ready, begin: window.begin })
      : refute(subject, { pod, predecessor, added, before, lives, ordinal, begin: window.begin })
  })
}

interface Case {
  readonly pod: string
  readonly predecessor: string
  readonly added: number
  readonly begin: number
}

/** A predecessor was ready before: is it still the same one, and could a gap hide an earlier try? */
function explain(subject: Subject, pair: Case & { ready: readonly Life[] }): OrderedPair {
  const { pod, predecessor, added, ready, begin } = pair
  const gap = gapsBetween(subject.observations, 'pods', begin, added)[0]
  if (gap !== undefined)
    return unknown(`${pod} may have been created before: the watch was interrupted (event ${gap.seq})`, [
      gap.seq,
      added,
    ])
  const present = ready.find((life) => !endedBy(life, added))
  const witness = present ?? ready.find((life) => life.failed || deletedByUs(subject, life))
  if (witness !== undefined)
    return {
      order: 'kept',
      reason: `${pod} was added (event ${added}) after ${predecessor} was ready (event ${witness.firstReady})`,
      evidence: [witness.firstReady, added],
    }
  const gone = ready.at(-1)
  return unknown(
    `${predecessor} was ready (event ${gone?.firstReady}) but replaced before ${pod} was added (event ${added}), by somebody else`,
    [gone?.firstReady ?? null, gone?.gone ?? null, added],
  )
}

/** No predecessor was seen ready before: proven, unless a gap could hide it. */
function refute(
  subject: Subject,
  pair: Case & { before: readonly Life[]; lives: readonly Life[]; ordinal: number },
): OrderedPair {
  const { pod, predecessor, added, before, lives, ordinal, begin } = pair
  const current = before.at(-1)
  // Seen from its creation on, the predecessor cannot have been ready in secret.
  const watchedFrom = current?.added == null ? begin : Math.max(begin, current.added)
  const gap = gapsBetween(subject.observations, 'pods', watchedFrom, added)[0]
  if (gap !== undefined)
    return unknown(
      `${predecessor} may have been ready before ${pod} was added: the watch was interrupted (event ${gap.seq})`,
      [gap.seq, added],
    )
  const later = lives.find(
    (life) => life.ordinal === ordinal - 1 && (life.firstReady ?? 0) > added,
  )?.firstReady
  const reason =
    later != null
      ? `${pod} was added (event ${added}) before ${predecessor} was ready (event ${later})`
      : current === undefined
        ? `${pod} was added (event ${added}) when there was no ${predecessor}`
        : `${pod} was added (event ${added}) before ${predecessor} was ready, which it never was`
  return { order: 'broken', reason, evidence: [current?.firstSeen ?? null, added, later ?? null] }
}

function deletedByUs({ observations }: Subject, life: Life): boolean {
  return observations.some(
    (each) => each.type === 'action' && each.action.do === 'delete-pod' && each.action.uid === life.uid,
  )
}

const unknown = (reason: string, evidence: readonly (number | null)[]): OrderedPair => ({
  order: 'unknown',
  reason,
  evidence,
})
