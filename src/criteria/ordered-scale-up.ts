import { aliveAt, livesOfSet, numbered } from '../timeline/lives.ts'
import { lastWindow, type PhaseWindow, windowEnd } from '../timeline/windows.ts'
import { creationOrder } from './creation-order.ts'
import type { Criterion, Judgement } from './criterion.ts'
import { disturbance, sizeAt } from './interference.ts'
import { fail, inconclusive, listOf, pass } from './judgement.ts'
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

const expected = 'each new pod is added after the one before it is ready; the old pods stay as they are'

/** Growing by two or more, each new pod waits for its predecessor, and the old pods are left alone. */
export const orderedScaleUp: Criterion = {
  number: 7,
  id: 'ordered-scale-up',
  title: 'Scaling up adds pods in order',
  why: 'New members join one at a time, and only when the last one is healthy. The running members notice nothing.',
  hint: 'keep podManagementPolicy at OrderedReady, and scale with kubectl scale: never delete and re-create the set',
  judge(evidence) {
    const subject = subjectOf(evidence)
    if (isJudgement(subject)) return subject
    const window = lastWindow(subject.observations, 'grow')
    if (window !== null) return judgeWindow(subject, window)
    const reason = `the set was not seen growing: ${whyMissing(subject.observations, 'that')}`
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
  const ordinals = Array.from(
    { length: Math.max(0, to - from) },
    (_, index) => set.startOrdinal + from + index,
  )
  const pairs = creationOrder(
    subject,
    ordinals.filter((ordinal) => ordinal > set.startOrdinal),
    { begin: window.begin, end },
  )
  const broken = pairs.filter((pair) => pair.order === 'broken')
  if (broken[0] !== undefined)
    return fail({
      reason: broken[0].reason,
      expected,
      actual: broken.map((pair) => pair.reason).join('; '),
      hint: set.podManagementPolicy === 'Parallel' ? PARALLEL_HINT : null,
      evidence: broken.flatMap((pair) => pair.evidence),
    })
  const old = numbered(livesOfSet(observations, subject.uid)).filter(
    (life) => aliveAt(life, window.begin) && life.ordinal < set.startOrdinal + from,
  )
  const touched = firstTouched(old, window.begin, end, 'growing')
  if (touched?.proven === true) return fail({ ...touched, expected, actual: touched.reason })
  const parallel = parallelFails(subject, 'growing')
  if (parallel !== null) return parallel
  if (window.outcome !== 'reached')
    return inconclusive({
      reason: notReached(window),
      expected,
      actual: 'growing did not finish',
      evidence: marks,
    })
  if (ordinals.length < 2) {
    const reason = `the set grew from ${from} to ${to}: it takes two new pods to see an order`
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
  const names = ordinals.map((ordinal) => `${set.name}-${ordinal}`)
  return pass({
    reason: `growing from ${from} to ${to} added ${listOf(names)}, each after the one before was ready`,
    expected,
    actual: pairs.map((pair) => pair.reason).join('; '),
    evidence: pairs.flatMap((pair) => pair.evidence),
  })
}
