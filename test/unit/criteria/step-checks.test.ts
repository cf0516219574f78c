import { describe, expect, it } from 'vitest'
import { stepChecks } from '../../../src/criteria/step-checks/index.ts'
import type { PodFacts } from '../../../src/timeline/facts.ts'
import type { ChangeType, Unplaced } from '../../../src/timeline/observation.ts'
import { Timeline } from '../../../src/timeline/timeline.ts'
import { aClaim, aPod, aService, aSet, SET, TARGET } from '../../helpers/builders.ts'

/** A recording told observation by observation. */
function recording(...story: readonly Unplaced[]): Timeline {
  const timeline = new Timeline(() => new Date(0))
  for (const each of story) timeline.append(each)
  return timeline
}
const judge = (id: string, ...story: readonly Unplaced[]) => {
  const check = stepChecks.find((each) => each.id === id)
  if (check === undefined) throw new Error(`no check ${id}`)
  return check.judge({ observations: recording(...story).observations, target: TARGET })
}
const pod = (type: ChangeType, object: PodFacts): Unplaced => ({ stream: 'pods', type, object })
const set = (type: ChangeType, facts: Parameters<typeof aSet>[0] = {}): Unplaced => ({
  stream: 'statefulsets',
  type,
  object: aSet(facts),
})
const claim = (type: ChangeType, ordinal: number, facts: Parameters<typeof aClaim>[0] = {}): Unplaced => ({
  stream: 'claims',
  type,
  object: aClaim({ ordinal, ...facts }),
})
const mark = (boundary: 'begin' | 'end'): Unplaced => ({
  stream: 'run',
  type: 'phase',
  phase: 'update',
  boundary,
  outcome: boundary === 'end' ? 'reached' : null,
  reason: null,
})
const listed = [0, 1, 2].map((ordinal) => pod('listed', aPod({ ordinal, ready: true })))
const replaced = (ordinal: number): Unplaced[] => [
  pod('modified', aPod({ ordinal, ready: true, terminating: true })),
  pod('deleted', aPod({ ordinal, terminating: true })),
  pod('added', aPod({ ordinal, life: 2 })),
  pod('modified', aPod({ ordinal, life: 2, ready: true })),
]
const updated = (...order: readonly (readonly Unplaced[])[]) =>
  judge('reverse-order-update', set('listed'), ...listed, mark('begin'), ...order.flat(), mark('end'))

it('no check passes when nothing was seen', () => {
  for (const { id } of stepChecks) expect([id, judge(id).verdict]).toEqual([id, 'inconclusive'])
})

describe('reverse-order-update', () => {
  it('passes from the top down, one when the one above is ready', () => {
    expect(updated(replaced(2), replaced(1), replaced(0)).verdict).toBe('pass')
  })

  it('fails from the bottom up', () => {
    const judgement = updated(replaced(0), replaced(1))
    expect(judgement).toMatchObject({ verdict: 'fail', reason: 'web-1 was updated after web-0' })
  })

  it('fails when a pod goes before the new one above is ready', () => {
    const [going, gone, added, ready] = replaced(2)
    const early = replaced(1)
    if (!going || !gone || !added || !ready || !early[0]) throw new Error('a replacement has four parts')
    const judgement = updated([going, gone, added, early[0], ready, ...early.slice(1)])
    expect(judgement.verdict).toBe('fail')
    expect(judgement.reason).toContain('web-1 was terminated')
  })

  it('cannot tell after a gap', () => {
    const gap: Unplaced = { stream: 'pods', type: 'gap', reason: '410 Gone' }
    expect(updated(replaced(2), [gap], replaced(1)).verdict).toBe('inconclusive')
  })

  it('cannot tell from one pod', () => {
    expect(updated(replaced(2)).verdict).toBe('inconclusive')
  })
})

describe('claims-outlive-set', () => {
  const withSet = [set('listed'), claim('listed', 0), claim('listed', 1)]

  it('passes when the set is gone and its claims are not', () => {
    expect(judge('claims-outlive-set', ...withSet, set('deleted')).verdict).toBe('pass')
  })

  it('fails when a claim goes with the set that owns it', () => {
    const deletionTimestamp = '2026-01-01T00:00:00Z'
    const marked = claim('modified', 1, {
      deletionTimestamp,
      owners: [{ kind: 'StatefulSet', name: 'web', uid: 'u' }],
    })
    const judgement = judge('claims-outlive-set', ...withSet, set('deleted'), marked)
    expect(judgement).toMatchObject({
      verdict: 'fail',
      reason: 'deleted with the set, which owned them: data-web-1',
    })
  })

  it('cannot tell when somebody deletes a claim that nobody owns', () => {
    const marked = claim('modified', 1, { deletionTimestamp: '2026-01-01T00:00:00Z' })
    const judgement = judge('claims-outlive-set', ...withSet, set('deleted'), marked)
    expect(judgement.verdict).toBe('inconclusive')
    expect(judgement.reason).toContain('somebody deleted data-web-1')
  })

  it('cannot tell while the set is there', () => {
    expect(judge('claims-outlive-set', ...withSet).verdict).toBe('inconclusive')
  })
})

describe('the other checks', () => {
  it('want a service without an address', () => {
    const service = (headless: boolean, clusterIP: string): Unplaced => ({
      stream: 'services',
      type: 'listed',
      object: aService({ headless, clusterIP }),
    })
    expect(judge('service-headless', service(true, 'None')).verdict).toBe('pass')
    expect(judge('service-headless', service(false, '10.96.0.9'))).toMatchObject({
      verdict: 'fail',
      reason: 'not headless: web-svc (10.96.0.9)',
    })
  })

  it('want a bound claim for each pod', () => {
    const claims = [0, 1, 2].map((ordinal) => claim('listed', ordinal))
    expect(judge('claim-per-pod', set('listed'), ...claims).verdict).toBe('pass')
    expect(judge('claim-per-pod', set('listed'), ...claims.slice(1))).toMatchObject({
      verdict: 'fail',
      reason: `not bound: data-${SET}-0`,
    })
  })

  it('want the default strategy', () => {
    expect(judge('update-strategy', set('listed')).verdict).toBe('pass')
    expect(judge('update-strategy', set('listed', { partition: 2 })).verdict).toBe('fail')
    expect(judge('update-strategy', set('listed', { updateStrategy: 'OnDelete' })).verdict).toBe('fail')
  })
})
