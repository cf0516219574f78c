import { lastWindow, type PhaseWindow, windowEnd } from '../timeline/windows.ts'
import { judgeComeback } from './comeback.ts'
import type { Criterion, Judgement } from './criterion.ts'
import { resized } from './interference.ts'
import { inconclusive, listOf, pass, worst } from './judgement.ts'
import { noTemplates } from './no-templates.ts'
import { replacedIn } from './replaced.ts'
import { isJudgement, notReached, type Subject, subjectOf, whyMissing } from './subject.ts'

const expected = 'a new pod of the same name, with the same claim and volume and its original content'

/** A deleted pod comes back with its name, its claim and its content. */
export const identityPersistence: Criterion = {
  number: 6,
  id: 'identity-persistence',
  title: 'A deleted pod comes back as itself',
  why: 'Pods die. What makes a StatefulSet is that the successor takes over the name, the claim and the data, so nobody has to join again.',
  hint: 'let the set own the storage (volumeClaimTemplates) and do not overwrite at start what the last pod left',
  judge(evidence) {
    const subject = subjectOf(evidence)
    if (isJudgement(subject)) return subject
    if (subject.set.claimTemplates.length === 0) return noTemplates(subject, expected)
    const window = lastWindow(subject.observations, 'replace')
    if (window !== null) return judgeWindow(subject, window)
    const reason = `no pod was seen being replaced: ${whyMissing(subject.observations, 'that')}`
    return inconclusive({ reason, expected, actual: 'not seen', evidence: [] })
  },
}

function judgeWindow(subject: Subject, window: PhaseWindow): Judgement {
  const { observations } = subject
  const marks = [window.begin, window.end]
  const replaced = replacedIn(subject, window)
  if (replaced.length === 0) {
    const reason = window.outcome === 'reached' ? 'no pod of the set was seen going' : notReached(window)
    return inconclusive({ reason, expected, actual: 'no pod was deleted', evidence: marks })
  }
  const end = windowEnd(observations, window)
  const evidence: (number | null)[] = []
  const flaws: Judgement[] = []
  for (const { old, next } of replaced) {
    const going = [old.terminating, old.gone ?? old.vanished]
    if (next === null || next.firstReady === null || next.firstReady > end) {
      const seen = next === null ? `${old.pod} has not come back` : `the new ${old.pod} is not ready`
      const reason = window.outcome === 'reached' ? seen : `${seen}: ${notReached(window)}`
      flaws.push(
        inconclusive({ reason, expected, actual: seen, evidence: [...going, next?.firstSeen ?? null] }),
      )
      continue
    }
    // Readings of the new pod may be recorded just after the phase ended.
    const result = judgeComeback(subject, { old, next, upTo: end })
    flaws.push(...result.flaws)
    evidence.push(...going, next.firstSeen, ...result.evidence)
  }
  const flaw = worst(flaws)
  if (flaw?.verdict === 'fail') return flaw
  // Pods that went and came as the set was scaled were not lost: that shows another promise.
  const scaled = resized(subject, window)
  if (scaled !== null)
    return inconclusive({
      reason: scaled,
      expected,
      actual: 'disturbed',
      hint: 'do it once more: delete the pod, and leave the size of the set alone',
      evidence: marks,
    })
  if (flaw !== null) return flaw
  if (window.outcome !== 'reached')
    return inconclusive({ reason: notReached(window), expected, actual: 'not finished', evidence: marks })
  const pods = replaced.map(({ old }) => old.pod)
  return pass({
    reason:
      pods.length === 1
        ? `${listOf(pods)} was deleted and came back as a new pod with the same claim, volume and content`
        : `${listOf(pods)} were deleted and came back as new pods with the same claims, volumes and content`,
    expected,
    actual: replaced.map(({ old, next }) => `${old.pod}: pod ${old.uid} → ${next?.uid}`).join('; '),
    evidence,
  })
}
