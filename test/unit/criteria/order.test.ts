import { describe, expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criterion.ts'
import { orderedScaleDown } from '../../../src/criteria/ordered-scale-down.ts'
import { orderedScaleUp } from '../../../src/criteria/ordered-scale-up.ts'
import { sequentialCreation } from '../../../src/criteria/sequential-creation.ts'
import { TARGET } from '../../helpers/builders.ts'
import { Script } from '../../helpers/script.ts'

const judge = (criterion: Criterion, { observations }: Script) =>
  criterion.judge({ observations, target: TARGET })

/** A create window around what a test tells of it. */
const creating = (tell: (script: Script) => Script) =>
  tell(new Script().lists(0).begin('create')).end('create')
const growing = (tell: (script: Script) => Script) =>
  tell(new Script().lists(3).begin('grow').scale(3, 5)).end('grow')
const shrinking = (tell: (script: Script) => Script) =>
  tell(new Script({ replicas: 5 }).lists(5).begin('shrink').scale(5, 2)).end('shrink')

describe('sequential-creation', () => {
  it('cites the offending pair: added too early, and the later ready', () => {
    const script = creating((it) =>
      it
        .comesUp(0)
        .pod(1, 'added')
        .pod(2, 'added')
        .pod(1, 'modified', { ready: true })
        .pod(2, 'modified', { ready: true }),
    )
    expect(judge(sequentialCreation, script)).toMatchObject({
      verdict: 'fail',
      reason: 'web-2 was added (event 9) before web-1 was ready (event 10)',
      evidence: [8, 9, 10],
    })
  })

  it('fails when the predecessor was never ready, or never there', () => {
    const never = creating((it) => it.pod(0, 'added').pod(1, 'added'))
    expect(judge(sequentialCreation, never)).toMatchObject({ verdict: 'fail', evidence: [4, 5] })
    const absent = creating((it) => it.pod(1, 'added'))
    expect(judge(sequentialCreation, absent).reason).toBe('web-1 was added (event 4) when there was no web-0')
  })

  it('fails even where the window was not reached, if the order is broken', () => {
    const script = new Script()
      .lists(0)
      .begin('create')
      .pod(0, 'added')
      .pod(1, 'added')
      .end('create', 'timeout')
    expect(judge(sequentialCreation, script).verdict).toBe('fail')
  })

  it('is inconclusive with the reason of a window that was not reached', () => {
    const script = new Script()
      .lists(0)
      .begin('create')
      .comesUp(0)
      .end('create', 'hopeless', 'web-1: ErrImagePull')
    expect(judge(sequentialCreation, script)).toMatchObject({
      verdict: 'inconclusive',
      reason: '"all pods are up" cannot be reached: web-1: ErrImagePull',
    })
  })

  it('is inconclusive for a single pod', () => {
    const script = new Script({ replicas: 1 }).lists(0).begin('create').comesUp(0).end('create')
    expect(judge(sequentialCreation, script).verdict).toBe('inconclusive')
  })

  it('does not count a set of which a pod was there before', () => {
    const script = new Script().lists(1).begin('regrow').comesUp(1).comesUp(2).end('regrow')
    expect(judge(sequentialCreation, script).reason).toContain('not seen coming up from nothing')
  })

  it('counts from the start ordinal', () => {
    const script = new Script({ startOrdinal: 5, replicas: 2 })
      .lists(0)
      .begin('create')
      .comesUp(5)
      .comesUp(6)
      .end('create')
    expect(judge(sequentialCreation, script)).toMatchObject({ verdict: 'pass' })
  })

  it('passes when readiness was lost again before the next pod was added', () => {
    const script = creating((it) => it.comesUp(0).pod(0, 'modified', { ready: false }).comesUp(1).comesUp(2))
    expect(judge(sequentialCreation, script).verdict).toBe('pass')
  })

  it('is inconclusive about a predecessor that somebody else replaced after it was ready', () => {
    const replaced = (it: Script) => it.comesUp(0).goes(0).pod(0, 'added').comesUp(1).comesUp(2)
    expect(judge(sequentialCreation, creating(replaced)).verdict).toBe('inconclusive')
    const byUs = (it: Script) => it.comesUp(0).deletes(0).goes(0).pod(0, 'added').comesUp(1).comesUp(2)
    expect(judge(sequentialCreation, creating(byUs)).verdict).toBe('pass')
    const crashed = (it: Script) =>
      it
        .comesUp(0)
        .pod(0, 'modified', { ready: false, phase: 'Failed' })
        .goes(0)
        .pod(0, 'added')
        .comesUp(1)
        .comesUp(2)
    expect(judge(sequentialCreation, creating(crashed)).verdict).toBe('pass')
  })

  describe('with a gap in the pods stream', () => {
    it('is inconclusive about a pod that came up in it', () => {
      const script = creating((it) =>
        it.comesUp(0).gap('pods').pod(0, 'listed').pod(1, 'listed', { ready: true }).comesUp(2),
      )
      expect(judge(sequentialCreation, script)).toMatchObject({ verdict: 'inconclusive', evidence: [10] })
    })

    it('is inconclusive about a predecessor that may have been ready in it', () => {
      const script = creating((it) => it.pod(0, 'added').gap('pods').pod(0, 'listed').pod(1, 'added'))
      expect(judge(sequentialCreation, script).verdict).toBe('inconclusive')
    })

    it('still fails for a pair seen whole after it', () => {
      const script = creating((it) =>
        it.comesUp(0).gap('pods').pod(0, 'listed').pod(1, 'added').pod(2, 'added'),
      )
      expect(judge(sequentialCreation, script)).toMatchObject({ verdict: 'fail', evidence: [10, 11] })
    })

    it('does not mind one after the last pod was added, nor one of another stream', () => {
      const after = creating((it) => it.comesUp(0).comesUp(1).comesUp(2).gap('pods').pod(0, 'listed'))
      expect(judge(sequentialCreation, after).verdict).toBe('pass')
      const other = creating((it) => it.comesUp(0).gap('claims').comesUp(1).comesUp(2))
      expect(judge(sequentialCreation, other).verdict).toBe('pass')
    })
  })

  it('takes the last creation from nothing, or an earlier one where that cannot tell', () => {
    const script = creating((it) => it.comesUp(0).comesUp(1).comesUp(2))
      .goes(2)
      .goes(1)
      .goes(0)
    script.begin('regrow').scale(0, 3).comesUp(0).end('regrow', 'interrupted')
    expect(judge(sequentialCreation, script).verdict).toBe('pass')
    script.pod(1, 'added').pod(2, 'added').goes(2).goes(1).goes(0).begin('regrow').comesUp(1).end('regrow')
    expect(judge(sequentialCreation, script).verdict).toBe('fail')
  })

  it('agrees with a simple count over every order in which three pods can appear and become ready', () => {
    const steps = ['added 0', 'ready 0', 'added 1', 'ready 1', 'added 2', 'ready 2']
    const orders = permutations(steps).filter((order) =>
      [0, 1, 2].every((n) => order.indexOf(`added ${n}`) < order.indexOf(`ready ${n}`)),
    )
    expect(orders).toHaveLength(90)
    for (const order of orders) {
      const script = creating((it) => {
        for (const step of order) {
          const ordinal = Number(step.slice(-1))
          if (step.startsWith('added')) it.pod(ordinal, 'added')
          else it.pod(ordinal, 'modified', { ready: true })
        }
        return it
      })
      const right = [1, 2].every((n) => order.indexOf(`ready ${n - 1}`) < order.indexOf(`added ${n}`))
      expect([order, judge(sequentialCreation, script).verdict]).toEqual([order, right ? 'pass' : 'fail'])
    }
  })
})

describe('ordered-scale-up', () => {
  it('passes when the first new pod waits for the last old one, and cites each pair', () => {
    const script = growing((it) => it.comesUp(3).comesUp(4))
    expect(judge(orderedScaleUp, script)).toMatchObject({ verdict: 'pass', evidence: [8, 14, 15, 18] })
  })

  it('fails when the last old pod was not ready', () => {
    const script = new Script()
      .lists(2)
      .pod(2, 'added')
      .begin('grow')
      .scale(3, 5)
      .comesUp(3)
      .comesUp(4)
      .end('grow')
    expect(judge(orderedScaleUp, script)).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('web-3 was added'),
    })
  })

  it('is inconclusive about growing by one: there is no order between new pods', () => {
    const script = new Script().lists(3).begin('grow').scale(3, 4).comesUp(3).end('grow')
    expect(judge(orderedScaleUp, script)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('two new pods'),
    })
  })

  it('fails when an old pod is terminated meanwhile, citing that', () => {
    const script = growing((it) => it.comesUp(3).pod(1, 'modified', { terminating: true }).comesUp(4))
    expect(judge(orderedScaleUp, script)).toMatchObject({ verdict: 'fail', evidence: [16] })
  })

  it('is inconclusive when an old pod vanished in a gap', () => {
    const script = growing((it) => it.comesUp(3).comesUp(4).gap('pods').pod(1, 'vanished').comesUp(1))
    expect(judge(orderedScaleUp, script).verdict).toBe('inconclusive')
  })

  it('judges the growth of a student who scales in two steps', () => {
    const script = new Script().lists(3).begin('grow').set('modified', { replicas: 4 }).comesUp(3)
    script.set('modified', { replicas: 5 }).comesUp(4).end('grow')
    expect(judge(orderedScaleUp, script).verdict).toBe('pass')
  })

  it('is inconclusive when replicas went up and down, or the run says that somebody interfered', () => {
    const script = new Script().lists(3).begin('grow').set('modified', { replicas: 6 }).comesUp(3).comesUp(4)
    script.set('modified', { replicas: 5 }).end('grow')
    expect(judge(orderedScaleUp, script)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('3 → 6 → 5'),
    })
    const told = new Script()
      .lists(3)
      .begin('grow')
      .scale(3, 5)
      .pod(4, 'added')
      .pod(3, 'added')
      .end('grow', 'interfered', 'scaled to 9')
    expect(judge(orderedScaleUp, told)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('scaled to 9'),
    })
  })

  it('is inconclusive when a student went too far and we put it right: going back is no growing, whoever does it', () => {
    const script = new Script().lists(3).begin('grow').set('modified', { replicas: 6 }).comesUp(3).comesUp(4)
    script.scale(6, 5).end('grow')
    expect(judge(orderedScaleUp, script)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('3 → 6 → 5'),
    })
  })

  it('is inconclusive when the set was made anew with more pods instead of growing', () => {
    const script = new Script().begin('grow').set('added', { replicas: 5 })
    for (const ordinal of [0, 1, 2, 3, 4]) script.comesUp(ordinal)
    expect(judge(orderedScaleUp, script.end('grow'))).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('made anew'),
    })
  })

  it('takes the last growth that has ended', () => {
    const script = growing((it) =>
      it
        .pod(3, 'added')
        .pod(4, 'added')
        .pod(3, 'modified', { ready: true })
        .pod(4, 'modified', { ready: true }),
    )
    script
      .goes(4)
      .goes(3)
      .set('modified', { replicas: 3 })
      .begin('grow')
      .scale(3, 5)
      .comesUp(3)
      .comesUp(4)
      .end('grow')
      .begin('grow')
    expect(judge(orderedScaleUp, script).verdict).toBe('pass')
  })
})

describe('a loss in the pods stream that is found out later', () => {
  it('leaves open whether a pod was ready before the next was added', () => {
    const script = creating((it) => it.pod(0, 'added').pod(1, 'added').missed('pods', 3).comesUp(2))
    expect(judge(sequentialCreation, script)).toMatchObject({ verdict: 'inconclusive' })
    const before = creating((it) => it.missed('pods', 1).pod(0, 'added').pod(1, 'added'))
    expect(judge(sequentialCreation, before).verdict).toBe('fail')
  })

  it('leaves open whether a pod was gone before the next was terminating', () => {
    const script = shrinking((it) => {
      it.pod(4, 'modified', { terminating: true })
      return it
        .pod(3, 'modified', { terminating: true })
        .missed('pods', 14)
        .pod(4, 'vanished')
        .goes(3)
        .goes(2)
    })
    expect(judge(orderedScaleDown, script)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'the watch had lost something when web-3 was terminating (event 17)',
    })
  })

  it('does not leave open what was seen after it all the same', () => {
    const script = shrinking((it) => {
      it.pod(4, 'modified', { terminating: true })
      return it.pod(3, 'modified', { terminating: true }).missed('pods', 14).pod(4, 'listed').goes(3).goes(2)
    })
    expect(judge(orderedScaleDown, script)).toMatchObject({ verdict: 'fail' })
  })

  it('may have hidden that a pod was terminating before the one above it was gone', () => {
    const script = shrinking((it) => it.goes(4).goes(3).missed('pods', 14).goes(2))
    expect(judge(orderedScaleDown, script)).toMatchObject({ verdict: 'inconclusive' })
  })
})

describe('ordered-scale-down', () => {
  it('passes when each is gone before the next is terminating', () => {
    expect(
      judge(
        orderedScaleDown,
        shrinking((it) => it.goes(4).goes(3).goes(2)),
      ),
    ).toMatchObject({
      verdict: 'pass',
      reason: 'shrinking from 5 to 2 removed web-4, web-3 and web-2, in this order, one at a time',
      evidence: [17, 18, 19, 20],
    })
  })

  it('cites the offending pair', () => {
    const script = shrinking((it) =>
      it
        .pod(4, 'modified', { terminating: true })
        .pod(3, 'modified', { terminating: true })
        .pod(4, 'deleted')
        .pod(3, 'deleted')
        .goes(2),
    )
    expect(judge(orderedScaleDown, script)).toMatchObject({
      verdict: 'fail',
      reason: 'web-3 was terminating (event 17) before web-4 was gone (event 18)',
      evidence: [17, 18],
    })
  })

  it('takes DELETED as both where a pod is deleted at once', () => {
    expect(
      judge(
        orderedScaleDown,
        shrinking((it) => it.pod(4, 'deleted').pod(3, 'deleted').pod(2, 'deleted')),
      ).verdict,
    ).toBe('pass')
    expect(
      judge(
        orderedScaleDown,
        shrinking((it) => it.pod(3, 'deleted').pod(4, 'deleted').pod(2, 'deleted')),
      ).verdict,
    ).toBe('fail')
  })

  it('is inconclusive about a single removed pod', () => {
    const script = new Script({ replicas: 3 }).lists(3).begin('shrink').scale(3, 2).goes(2).end('shrink')
    expect(judge(orderedScaleDown, script).verdict).toBe('inconclusive')
  })

  it('fails when a pod that should stay is terminated', () => {
    expect(
      judge(
        orderedScaleDown,
        shrinking((it) => it.goes(4).goes(3).goes(0).goes(2)),
      ),
    ).toMatchObject({ verdict: 'fail', evidence: [20] })
  })

  it('says why it was slow when a container ignores SIGTERM', () => {
    const script = shrinking((it) => it.goes(4).goes(3).goes(2))
    // Each pod takes 11 s of its 10 s of grace.
    const slow = script.observations.map((each) => ({
      ...each,
      at: new Date(Date.UTC(2026, 0, 1) + each.seq * 11_000).toISOString(),
    }))
    const judgement = orderedScaleDown.judge({ observations: slow, target: TARGET })
    expect(judgement.verdict).toBe('pass')
    expect(judgement.reason).toContain(
      'each of 3 pods took the whole grace period of 10 s: the container ignores SIGTERM',
    )
  })

  describe('with a gap in the pods stream', () => {
    it('is inconclusive about pods that went in it', () => {
      const script = shrinking((it) =>
        it.goes(4).gap('pods').pod(0, 'listed').pod(1, 'listed').pod(3, 'vanished').pod(2, 'vanished'),
      )
      expect(judge(orderedScaleDown, script).verdict).toBe('inconclusive')
    })

    it('still passes when it hides nothing', () => {
      const relist = (it: Script) =>
        it
          .goes(4)
          .gap('pods')
          .pod(0, 'listed')
          .pod(1, 'listed')
          .pod(2, 'listed')
          .pod(3, 'listed')
          .goes(3)
          .goes(2)
      expect(judge(orderedScaleDown, shrinking(relist)).verdict).toBe('pass')
    })

    it('is inconclusive when one went and the next began to terminate in it', () => {
      const script = shrinking((it) =>
        it
          .pod(4, 'modified', { terminating: true })
          .gap('pods')
          .pod(4, 'vanished')
          .pod(3, 'listed', { terminating: true })
          .pod(3, 'deleted')
          .goes(2),
      )
      expect(judge(orderedScaleDown, script).verdict).toBe('inconclusive')
    })

    it('fails when both are found after it, the lower one terminating', () => {
      const script = shrinking((it) =>
        it
          .gap('pods')
          .pod(3, 'listed', { terminating: true })
          .pod(4, 'listed')
          .pod(2, 'listed')
          .goes(4)
          .pod(3, 'deleted')
          .goes(2),
      )
      expect(judge(orderedScaleDown, script).verdict).toBe('fail')
    })
  })
})

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  )
}
