import { aliveAt, livesOfSet, numbered } from '../timeline/lives.ts'
import { lastWindow, type PhaseWindow, windowEnd, windowsOf } from '../timeline/windows.ts'
import { judgeComeback } from './comeback.ts'
import type { Criterion, Judgement } from './criterion.ts'
import { sizeAt } from './interference.ts'
import { inconclusive, listOf, pass, worst } from './judgement.ts'
import { noTemplates } from './no-templates.ts'
import { successorOf } from './replaced.ts'
import { isJudgement, notReached, type Subject, subjectOf, whyMissing } from './subject.ts'

const expected = 'each returning pod has the claim and volume it had, with its original content'

/** After growing back, each pod has the claim, volume and content it had before. */
export const pvcReuse: Criterion = {
  number: 10,
  id: 'pvc-reuse',
  title: 'Returning pods reuse their claims',
  why: 'A claim that is kept but not used again would only be waste. The pod with the same number gets the same claim, so scaling is safe for data.',
  hint: 'leave the claims alone between scaling down and up, and do not overwrite at start what is on them',
  judge(evidence) {
    const subject = subjectOf(evidence)
    if (isJudgement(subject)) return subject
    if (subject.set.claimTemplates.length === 0) return noTemplates(subject, expected)
    const { observations } = subject
    const regrow = lastWindow(observations, 'regrow')
    const shrink = windowsOf(observations).findLast(
      (window) => window.phase === 'shrink' && (regrow === null || window.begin < regrow.begin),
    )
    if (regrow !== null && shrink !== undefined) return judgeWindows(subject, shrink, regrow)
    const reason = `the set was not seen growing back: ${whyMissing(observations, 'that')}`
    return inconclusive({ reason, expected, actual: 'not seen', evidence: [] })
  },
}

function judgeWindows(subject: Subject, shrink: PhaseWindow, regrow: PhaseWindow): Judgement {
  const { observations, set, uid } = subject
  const end = windowEnd(observations, regrow)
  const marks = [regrow.begin, regrow.end]
  const size = sizeAt(subject, end) ?? 0
  const lives = numbered(livesOfSet(observations, uid))
  const returning = lives.filter(
    (life) =>
      aliveAt(life, shrink.begin) && !aliveAt(life, regrow.begin) && life.ordinal < set.startOrdinal + size,
  )
  if (returning.length === 0) {
    const reason = regrow.outcome === 'reached' ? 'no pod that was removed came back' : notReached(regrow)
    return inconclusive({ reason, expected, actual: 'no returning pod', evidence: marks })
  }
  const evidence: (number | null)[] = []
  const flaws: Judgement[] = []
  for (const old of returning) {
    const next = successorOf(old, lives, end)
    if (next === null || next.firstReady === null || next.firstReady > end) {
      const seen = next === null ? `${old.pod} has not come back` : `the new ${old.pod} is not ready`
      const reason = regrow.outcome === 'reached' ? seen : `${seen}: ${notReached(regrow)}`
      flaws.push(
        inconclusive({ reason, expected, actual: seen, evidence: [...marks, next?.firstSeen ?? null] }),
      )
      continue
    }
    const result = judgeComeback(subject, { old, next, upTo: end })
    flaws.push(...result.flaws)
    evidence.push(...result.evidence)
  }
  const flaw = worst(flaws)
  if (flaw !== null) return flaw
  if (regrow.outcome !== 'reached')
    return inconclusive({ reason: notReached(regrow), expected, actual: 'not finished', evidence: marks })
  const pods = returning.map((life) => life.pod)
  return pass({
    reason: `${listOf(pods)} came back to the claims, volumes and content they had`,
    expected,
    actual: `${set.claimTemplates.length * pods.length} claims reused`,
    evidence,
  })
}
