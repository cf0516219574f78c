import { aliveAt, type Life, livesOfSet, numbered } from '../timeline/lives.ts'
import { gapsBetween, hadMissed, lastWindow, type PhaseWindow, windowEnd } from '../timeline/windows.ts'
import type { Criterion, Judgement } from './criterion.ts'
import { disturbance, sizeAt } from './interference.ts'
import { fail, inconclusive, listOf, pass } from './judgement.ts'
import { slowRemovals } from './slow-removals.ts'
import {
  isJudgement,
  notReached,
  PARALLEL_HINT,
  parallelFails,
  type Subject,
  subjectOf,
  whyMissing,
} from './subject.ts'
import { firstTouched } from './untouched.ts'

const expected = 'the highest pod goes first, and each is gone before the next one is terminated'

/** Shrinking by two or more, a pod is terminated only after the one above it is gone. */
export const orderedScaleDown: Criterion = {
  number: 8,
  id: 'ordered-scale-down',
  title: 'Scaling down removes pods in reverse order',
  why: 'The members that joined last leave first, one at a time, so that a cluster can hand over its data before it loses the next one.',
  hint: 'keep podManagementPolicy at OrderedReady, and scale down with kubectl scale: deleting pods or the set gives no order',
  judge(evidence) {
    const subject = subjectOf(evidence)
    if (isJudgement(subject)) return subject
    const window = lastWindow(subject.observations, 'shrink')
    if (window !== null) return judgeWindow(subject, window)
    const reason = `the set was not seen shrinking: ${whyMissing(subject.observations, 'that')}`
    return inconclusive({ reason, expected, actual: 'not seen', evidence: [] })
  },
}

function judgeWindow(subject: Subject, window: PhaseWindow): Judgement {
  const { observations, set } = subject
  const end = windowEnd(observations, window)
  const marks = [window.begin, window.end]
  const disturbed = disturbance(subject, window, expected)
  if (disturbed !== null) return disturbed

  const from = sizeAt(subject, window.begin) ?? 0
  const to = sizeAt(subject, end) ?? from
  const lives = numbered(livesOfSet(observations, subject.uid)).filter((life) => aliveAt(life, window.begin))
  const removed = lives.filter((life) => life.ordinal >= set.startOrdinal + to)
  const kept = lives.filter((life) => !removed.includes(life))

  // Highest first, as they should go.
  const pairs = removed.toReversed().flatMap((life) => {
    const above = removed.find((other) => other.ordinal === life.ordinal + 1)
    return above === undefined ? [] : [removalOrder(subject, life, above, { begin: window.begin, end })]
  })
  const broken = pairs.filter((pair) => pair.order === 'broken')
  if (broken[0] !== undefined)
    return fail({
      reason: broken[0].reason,
      expected,
      actual: broken.map((pair) => pair.reason).join('; '),
      hint: set.podManagementPolicy === 'Parallel' ? PARALLEL_HINT : null,
      evidence: broken.flatMap((pair) => pair.evidence),
    })
  const touched = firstTouched(kept, window.begin, end, 'shrinking')
  if (touched?.proven === true) return fail({ ...touched, expected, actual: touched.reason })
  const parallel = parallelFails(subject, 'shrinking')
  if (parallel !== null) return parallel
  const slow = slowRemovals(removed)
  if (window.outcome !== 'reached')
    return inconclusive({
      reason: `${notReached(window)}${slow}`,
      expected,
      actual: 'shrinking did not finish',
      evidence: marks,
    })
  if (removed.length < 2) {
    const reason = `the set shrank from ${from} to ${to}: it takes two removed pods to see an order`
    return inconclusive({ reason, expected, actual: `${from} → ${to}`, evidence: marks })
  }
  const unknown = pairs.find((pair) => pair.order === 'unknown') ?? touched
  if (unknown != null)
    return inconclusive({
      reason: unknown.reason,
      expected,
      actual: 'order not seen',
      evidence: unknown.evidence,
    })
  const names = removed.map((life) => life.pod).reverse()
  return pass({
    reason: `shrinking from ${from} to ${to} removed ${listOf(names)}, in this order, one at a time${slow}`,
    expected,
    actual: pairs.map((pair) => pair.reason).join('; '),
    evidence: pairs.flatMap((pair) => pair.evidence),
  })
}

interface RemovedPair {
  readonly order: 'kept' | 'broken' | 'unknown'
  readonly reason: string
  readonly evidence: readonly (number | null)[]
}

/** It was there after that. */
const isAfter = (seq: number) => (change: Life['changes'][number]) =>
  change.type !== 'vanished' && change.seq > seq

/** Positions in the pod stream only. Seeing both at once, the lower one terminating, is proof, gaps or not. */
function removalOrder(
  { observations }: Subject,
  life: Life,
  above: Life,
  window: { readonly begin: number; readonly end: number },
): RemovedPair {
  const { terminating } = life
  if (terminating === null || terminating > window.end)
    return { order: 'unknown', reason: `${life.pod} was not seen terminating`, evidence: [life.vanished] }
  const evidence = [terminating, above.gone ?? above.vanished]
  const missed = { order: 'unknown', evidence } as const
  if (terminating <= window.begin)
    return { ...missed, reason: `${life.pod} was terminating before the set was scaled down` }

  const end = above.gone ?? above.vanished
  const lastGap = gapsBetween(observations, 'pods', window.begin, terminating).findLast(
    (gap) => gap.seq < terminating,
  )
  const relist = lastGap?.seq ?? window.begin
  // What was lost may have been an earlier end of this one, or a later one of that.
  if (hadMissed(observations, 'pods', terminating) && !above.changes.some(isAfter(terminating)))
    return {
      ...missed,
      reason: `the watch had lost something when ${life.pod} was terminating (event ${terminating})`,
    }
  // Found terminating by a relist, it began to somewhere in the gap: only what ended before the gap came first.
  if (end !== null && end < (life.terminatingWhenListed ? relist : terminating))
    return {
      order: 'kept',
      reason: `${life.pod} was terminating (event ${terminating}) after ${above.pod} was gone (event ${end})`,
      evidence,
    }
  const wasListed = above.changes.some((change) => change.type !== 'vanished' && change.seq > relist)
  if (life.terminatingWhenListed && !wasListed)
    return { ...missed, reason: `${life.pod} began to terminate while the watch was interrupted` }
  const later =
    above.gone === null
      ? `while ${above.pod} was still there`
      : `before ${above.pod} was gone (event ${above.gone})`
  return { order: 'broken', reason: `${life.pod} was terminating (event ${terminating}) ${later}`, evidence }
}
