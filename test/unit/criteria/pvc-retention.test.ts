import { describe, expect, it } from 'vitest'
import { pvcRetention } from '../../../src/criteria/pvc-retention.ts'
import { TARGET } from '../../helpers/builders.ts'
import { Script } from '../../helpers/script.ts'

const judge = ({ observations }: Script) => pvcRetention.judge({ observations, target: TARGET })
const shrinking = () => new Script().lists(3).begin('shrink').scale(3, 1).goes(2).goes(1)
const shrunk = () => shrinking().end('shrink')

describe('pvc-retention', () => {
  it('passes once the recording goes on after the hold, citing the marks and the claims', () => {
    expect(judge(shrunk()).reason).toContain('the recording ends with the scale-down')
    expect(judge(shrunk().begin('regrow'))).toMatchObject({ verdict: 'pass', evidence: [5, 7, 9, 16, 17] })
  })

  it.each([
    ['deleted', (it: Script) => it.claim(2, 'deleted'), /claim data-web-2 was deleted \(event 16\)/],
    [
      'marked for deletion',
      (it: Script) => it.claim(2, 'modified', { deletionTimestamp: 'now' }),
      /was marked for deletion/,
    ],
    [
      'tied to its pod',
      (it: Script) => it.claim(2, 'modified', { owners: [{ kind: 'Pod', name: 'web-2', uid: 'web-2#1' }] }),
      /was tied to pod web-2/,
    ],
  ])('fails when a claim of a removed pod is %s', (_, tell, reason) => {
    expect(judge(tell(shrinking()).end('shrink').begin('regrow'))).toMatchObject({
      verdict: 'fail',
      reason: expect.stringMatching(reason),
      evidence: [16],
    })
  })

  it('fails even if the claim goes only while the set grows back', () => {
    expect(judge(shrunk().begin('regrow').claim(1, 'deleted')).verdict).toBe('fail')
  })

  it('does not mind a claim of a pod that stayed, nor one that goes when the set is put back or deleted', () => {
    expect(judge(shrinking().claim(0, 'deleted').end('shrink').begin('regrow')).verdict).toBe('pass')
    expect(judge(shrunk().begin('restore').claim(2, 'deleted').end('restore')).verdict).toBe('pass')
    expect(judge(shrunk().begin('regrow').set('deleted').claim(2, 'deleted')).verdict).toBe('pass')
    expect(judge(shrunk().begin('regrow').end('regrow').claim(2, 'deleted')).verdict).toBe('pass')
  })

  it('does not mind whenDeleted: Delete, which makes the set the owner', () => {
    const owners = [{ kind: 'StatefulSet', name: 'web', uid: 'set-web' }]
    const script = shrinking().claim(2, 'modified', { owners }).end('shrink').begin('regrow')
    expect(judge(script).verdict).toBe('pass')
  })

  it('fails on whenScaled: Delete before anything is seen', () => {
    const script = new Script({ retention: { whenDeleted: 'Retain', whenScaled: 'Delete' } }).lists(3)
    expect(judge(script)).toMatchObject({ verdict: 'fail', evidence: [2] })
  })

  it('is inconclusive when no pod was removed, it did not finish, or there were no claims', () => {
    expect(judge(new Script().lists(3).begin('shrink').end('shrink').begin('regrow')).reason).toBe(
      'no pod was removed',
    )
    expect(judge(shrinking().end('shrink', 'timeout', 'slow')).reason).toContain('slow')
    const bare = new Script({ claimTemplates: [] })
      .lists(3)
      .begin('shrink')
      .scale(3, 1)
      .goes(2)
      .goes(1)
      .end('shrink')
      .begin('regrow')
    expect(judge(bare).reason).toContain('no volumeClaimTemplates')
  })

  it('is inconclusive when somebody else scaled it meanwhile', () => {
    expect(judge(shrinking().set('modified', { replicas: 2 }).end('shrink').begin('regrow')).verdict).toBe(
      'inconclusive',
    )
  })

  describe('with a gap in the claims stream', () => {
    const relisted = (...ordinals: number[]) => {
      const script = shrinking().gap('claims')
      for (const ordinal of ordinals) script.claim(ordinal, 'listed')
      return script
    }
    it('passes when the very same claims are listed after it', () => {
      expect(judge(relisted(0, 1, 2).end('shrink').begin('regrow')).verdict).toBe('pass')
    })
    it('is inconclusive about a claim that is not told of again', () => {
      expect(judge(relisted(0, 1).end('shrink').begin('regrow')).verdict).toBe('inconclusive')
    })
    it('fails when a claim is missing after it', () => {
      expect(judge(relisted(0, 1).claim(2, 'vanished').end('shrink').begin('regrow')).verdict).toBe('fail')
    })
  })
})
