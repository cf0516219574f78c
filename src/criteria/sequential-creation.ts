import { aliveAt, livesOfSet } from '../timeline/lives.ts'
import { type PhaseWindow, windowEnd, windowsOf } from '../timeline/windows.ts'
import { creationOrder } from './creation-order.ts'
import type { Criterion, Judgement } from './criterion.ts'
import { disturbance, sizeAt } from './interference.ts'
import { fail, inconclusive, pass } from './judgement.ts'
import {
  isJudgement,
  notReached,
  PARALLEL_HINT,
  parallelFails,
  type Subject,
  subjectOf,
  whyMissing,
} from './subject.ts'

const expected = 'each pod is added only after the one before it is ready'

/** Coming up from nothing, each pod is added after its predecessor is ready. */
export const sequentialCreation: Criterion = {
  number: 2,
  id: 'sequential-creation',
  title: 'Pods are created one after the other',
  why: 'A database replica can join only when the member it joins is there. OrderedReady makes “the pod before me is ready” a promise you can build on.',
  hint: 'keep podManagementPolicy at OrderedReady, and give the pods a readiness probe that tells the truth',
  judge(evidence) {
    const subject = subjectOf(evidence)
    if (isJudgement(subject)) return subject
    const { observations } = subject
    const windows = windowsOf(observations).filter(
      (window) => (window.phase === 'create' || window.phase === 'regrow') && fromNothing(subject, window),
    )
    const ended = windows.filter((window) => window.end !== null)
    // The last one counts; an earlier one speaks only where the last one cannot tell.
    const judgements = (ended.length > 0 ? ended : windows)
      .reverse()
      .map((window) => judgeWindow(subject, window))
    const telling = judgements.find(({ verdict }) => verdict !== 'inconclusive') ?? judgements[0]
    if (telling !== undefined) return telling
    const reason = `the set was not seen coming up from nothing: ${whyMissing(observations, 'that')}`
    return inconclusive({ reason, expected, actual: 'not seen', evidence: [] })
  },
}

function fromNothing({ observations, uid }: Subject, window: PhaseWindow): boolean {
  return !livesOfSet(observations, uid).some((life) => aliveAt(life, window.begin))
}

function judgeWindow(subject: Subject, window: PhaseWindow): Judgement {
  const { observations, set } = subject
  const end = windowEnd(observations, window)
  const marks = [window.begin, window.end]
  const disturbed = disturbance(subject, window, expected)
  if (disturbed !== null) return disturbed

  const size = sizeAt(subject, end) ?? 0
  const seen = livesOfSet(observations, subject.uid).flatMap((life) => {
    const inWindow = life.firstSeen > window.begin && life.firstSeen <= end
    return inWindow && life.ordinal !== null ? [life.ordinal] : []
  })
  const highest = Math.max(set.startOrdinal + size - 1, ...seen)
  const ordinals = Array.from(
    { length: Math.max(0, highest - set.startOrdinal) },
    (_, i) => set.startOrdinal + 1 + i,
  )
  const pairs = creationOrder(subject, ordinals, { begin: window.begin, end })

  const broken = pairs.filter((pair) => pair.order === 'broken')
  if (broken[0] !== undefined)
    return fail({
      reason: broken[0].reason,
      expected,
      actual: broken.map((pair) => pair.reason).join('; '),
      hint: set.podManagementPolicy === 'Parallel' ? PARALLEL_HINT : null,
      evidence: broken.flatMap((pair) => pair.evidence),
    })
  const parallel = parallelFails(subject, 'creation')
  if (parallel !== null) return parallel
  if (window.outcome !== 'reached')
    return inconclusive({
      reason: notReached(window),
      expected,
      actual: 'not all pods came up',
      evidence: marks,
    })
  if (pairs.length === 0) {
    const reason = `the set has ${size} ${size === 1 ? 'replica' : 'replicas'}: there is nothing to order`
    return inconclusive({ reason, expected, actual: `${size} pods`, evidence: marks })
  }
  const unknown = pairs.find((pair) => pair.order === 'unknown')
  if (unknown !== undefined)
    return inconclusive({
      reason: unknown.reason,
      expected,
      actual: 'order not seen',
      evidence: unknown.evidence,
    })
  return pass({
    reason: `${set.name}-${set.startOrdinal} to ${set.name}-${highest} were each added after the one before was ready`,
    expected,
    actual: pairs.map((pair) => pair.reason).join('; '),
    evidence: pairs.flatMap((pair) => pair.evidence),
  })
}
