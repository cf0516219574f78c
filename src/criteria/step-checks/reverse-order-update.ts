import { livesOfSet } from '../../timeline/lives.ts'
import { lastWindow, windowEnd } from '../../timeline/windows.ts'
import { fail, inconclusive, pass } from '../judgement.ts'
import { isJudgement, notReached, subjectOf } from '../subject.ts'
import type { StepCheck } from './step-check.ts'

/** In the window of an update, each pod is terminated only when the successor of the one above it is ready. */
export const reverseOrderUpdate: StepCheck = {
  id: 'reverse-order-update',
  title: 'Pods are updated from the highest number down',
  hint: 'leave the pods alone during the update, and keep updateStrategy at RollingUpdate',
  judge(evidence) {
    const subject = subjectOf(evidence)
    if (isJudgement(subject)) return subject
    const { observations, uid } = subject
    const expected = 'each pod is terminated only after the new pod above it is ready'
    const window = lastWindow(observations, 'update')
    if (window === null)
      return inconclusive({ reason: 'no update was watched', expected, actual: 'nothing', evidence: [] })
    if (window.outcome !== 'reached')
      return inconclusive({
        reason: notReached(window),
        expected,
        actual: 'not finished',
        evidence: [window.begin],
      })
    const end = windowEnd(observations, window)
    const gap = observations.find(
      ({ type, stream, seq }) => type === 'gap' && stream === 'pods' && seq > window.begin && seq <= end,
    )
    if (gap !== undefined)
      return inconclusive({
        reason: 'the watch was interrupted during the update: its order was not seen',
        expected,
        actual: 'a gap',
        evidence: [gap.seq],
      })
    const lives = livesOfSet(observations, uid)
    const old = lives
      .filter(({ terminating }) => terminating !== null && terminating > window.begin && terminating <= end)
      .sort((a, b) => (a.terminating ?? 0) - (b.terminating ?? 0))
    const order = old.map(({ pod }) => pod)
    const actual = order.join(', ')
    const seqs: number[] = []
    for (const [index, life] of old.entries()) {
      const above = old[index - 1]
      if (life.terminating !== null) seqs.push(life.terminating)
      if (above === undefined) continue
      if ((life.ordinal ?? -1) >= (above.ordinal ?? -1)) {
        const reason = `${life.pod} was updated after ${above.pod}`
        return fail({ reason, expected, actual, evidence: [above.terminating, life.terminating] })
      }
      const successor = lives.find(
        (each) => each.pod === above.pod && each.added !== null && each.added > (above.terminating ?? 0),
      )
      const ready = successor?.firstReady ?? null
      if (ready === null || life.terminating === null || ready > life.terminating) {
        const reason = `${life.pod} was terminated (event ${life.terminating}) before the new ${above.pod} was ready (${ready === null ? 'never seen' : `event ${ready}`})`
        return fail({ reason, expected, actual, evidence: [life.terminating, ready] })
      }
      seqs.push(ready)
    }
    if (old.length < 2)
      return inconclusive({
        reason: `${old.length} pods were replaced: no order to see`,
        expected,
        actual,
        evidence: seqs,
      })
    return pass({
      reason: `updated in the order ${actual}, each when the one above was ready`,
      expected,
      actual,
      evidence: seqs,
    })
  },
}
