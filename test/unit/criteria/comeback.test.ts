import { describe, expect, it } from 'vitest'
import { identityPersistence } from '../../../src/criteria/identity-persistence.ts'
import { pvcReuse } from '../../../src/criteria/pvc-reuse.ts'
import type { FileReading } from '../../../src/timeline/observation.ts'
import { TARGET } from '../../helpers/builders.ts'
import { perfectPass } from '../../helpers/perfect-pass.ts'
import { aFile, Script } from '../../helpers/script.ts'

const identity = ({ observations }: Script) => identityPersistence.judge({ observations, target: TARGET })
const reuse = ({ observations }: Script) => pvcReuse.judge({ observations, target: TARGET })

/** web-1 is deleted; before and after, these files are read from its claim. */
const replaced = (
  before: readonly FileReading[],
  after: readonly FileReading[],
  facts: { partial?: boolean } = {},
) => {
  const script = new Script().lists(3).begin('baseline')
  for (const ordinal of [0, 1, 2])
    script.writesToken(ordinal).content(ordinal, ordinal === 1 ? { files: before } : {})
  script.end('baseline').begin('replace').deletes(1).goes(1).comesUp(1)
  return script.content(1, { files: after, ...facts }).end('replace')
}
const written = aFile({ text: 'web-1, 10:00\n', modified: '1700000000.5' })

describe('identity-persistence: a file that names the pod', () => {
  it('may be appended to', () => {
    const grown = aFile({ text: 'web-1, 10:00\nweb-1, 10:05\n', modified: '1700000300.5' })
    expect(identity(replaced([written], [grown]))).toMatchObject({ verdict: 'pass' })
  })

  it('must not be written anew: the lines are shown', () => {
    const anew = aFile({ text: 'web-1, 10:05\n', modified: '1700000300.5' })
    const judgement = identity(replaced([written], [anew]))
    expect(judgement).toMatchObject({
      verdict: 'fail',
      reason:
        'id.txt on data-web-1 was written anew when web-1 started: before "web-1, 10:00", now "web-1, 10:05"',
      hint: expect.stringContaining('only if it is absent'),
      evidence: [13, 23],
    })
  })

  it('must not be written anew with the same bytes either: the times are shown', () => {
    const again = { ...written, modified: '1700000300.5' }
    expect(identity(replaced([written], [again])).reason).toContain(
      'the same bytes, but its modification time moved from 2023-11-14T22:13:20.500Z to 2023-11-14T22:18:20.500Z',
    )
  })

  it('must not be replaced by a copy that keeps bytes and time; one sign of it alone proves nothing', () => {
    const old = { ...written, copy: { inode: '7', changed: '1700000000' } }
    const replacedBy = (inode: string, changed: string) =>
      identity(replaced([old], [{ ...old, copy: { inode, changed } }]))
    expect(replacedBy('8', '1700000300')).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('another file was put in its place'),
    })
    expect(replacedBy('8', '1700000000').verdict).toBe('pass')
    expect(replacedBy('7', '1700000300').verdict).toBe('pass')
  })

  it('counts as kept where times are unknown, or known in whole seconds only', () => {
    expect(identity(replaced([written], [{ ...written, modified: null }])).verdict).toBe('pass')
    expect(identity(replaced([written], [{ ...written, modified: '1700000000' }])).verdict).toBe('pass')
    expect(identity(replaced([written], [{ ...written, modified: '1700000001' }])).verdict).toBe('fail')
  })

  it('must not be written anew some time after the pod became ready either', () => {
    const anew = aFile({ text: 'web-1, 10:05\n', modified: '1700000300.5' })
    const script = replaced([written], [written])
      .begin('grow')
      .comesUp(3)
      .content(1, { files: [anew] })
    expect(identity(script.end('grow'))).toMatchObject({ verdict: 'fail' })
    const kept = replaced([written], [written])
      .begin('grow')
      .comesUp(3)
      .content(1, { files: [written] })
    expect(identity(kept.end('grow'))).toMatchObject({ verdict: 'pass' })
  })

  it('must still be there', () => {
    const other = aFile({ path: 'other', text: 'x' })
    expect(identity(replaced([written], [other]))).toMatchObject({
      verdict: 'fail',
      reason: 'id.txt on data-web-1 is gone, or no longer names web-1',
    })
    expect(identity(replaced([written], [other], { partial: true })).verdict).toBe('inconclusive')
  })

  it('is enough if one of several was kept', () => {
    const status = (minute: number) =>
      aFile({ path: 'status', text: `web-1 at ${minute}\n`, modified: `${minute}` })
    expect(identity(replaced([status(1), written], [status(2), written])).verdict).toBe('pass')
    expect(identity(replaced([status(1)], [status(2)])).verdict).toBe('fail')
  })

  it('cannot be compared where there was none', () => {
    const nothing = aFile({ text: 'hello\n' })
    expect(identity(replaced([nothing], [nothing]))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'web-1 had no identity content to compare (see criterion 4)',
    })
  })
})

describe('identity-persistence', () => {
  const baseline = () => {
    const script = new Script().lists(3).begin('baseline')
    for (const ordinal of [0, 1, 2]) script.writesToken(ordinal).content(ordinal)
    return script.end('baseline').begin('replace')
  }

  it('judges a deletion that a student made', () => {
    expect(identity(baseline().goes(2).comesUp(2).content(2).end('replace'))).toMatchObject({
      verdict: 'pass',
    })
  })

  it('is inconclusive when the pod went and came because the set was scaled down and up', () => {
    const script = baseline().set('modified', { replicas: 1 }).goes(2).goes(1)
    script.set('modified', { replicas: 3 }).comesUp(1).comesUp(2).content(1).content(2)
    expect(identity(script.end('replace'))).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('3 → 1 → 3'),
    })
  })

  it('is inconclusive when no pod went, none came back, or it is not ready', () => {
    expect(identity(baseline().end('replace')).reason).toBe('no pod of the set was seen going')
    expect(identity(baseline().deletes(1).goes(1).end('replace', 'timeout', 'quota')).reason).toContain(
      'web-1 has not come back',
    )
    expect(
      identity(baseline().deletes(1).goes(1).pod(1, 'added').end('replace', 'timeout')).reason,
    ).toContain('is not ready')
    expect(identity(baseline()).verdict).toBe('inconclusive')
  })

  it('says which claim is another one', () => {
    const script = baseline()
      .deletes(1)
      .goes(1)
      .claim(1, 'deleted')
      .claim(1, 'added', { uid: 'new' })
      .comesUp(1)
    expect(identity(script.content(1).end('replace'))).toMatchObject({
      verdict: 'fail',
      reason: 'web-1 came back to another claim: data-web-1 was deleted and made anew',
      actual: 'claim UID data-web-1#1 before, new now',
      evidence: [5, 22],
    })
  })

  it('says when the claim stayed but its volume did not', () => {
    const script = baseline().deletes(1).goes(1).claim(1, 'modified', { volumeName: 'pv-new' }).comesUp(1)
    expect(identity(script.content(1).end('replace')).reason).toBe(
      'claim data-web-1 is on another volume than before',
    )
  })

  it('fails where our token is gone, and cannot tell where it was never seen', () => {
    const back = (script: Script) =>
      script.deletes(1).goes(1).comesUp(1).content(1, { tokens: {} }).end('replace')
    expect(identity(back(baseline()))).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('token'),
    })
    const unseen = new Script()
      .lists(3)
      .begin('baseline')
      .writesToken(1)
      .content(1, { tokens: {} })
      .end('baseline')
      .begin('replace')
    expect(identity(back(unseen)).verdict).toBe('inconclusive')
  })

  it('is inconclusive with the reason where the claim cannot be read', () => {
    const script = baseline().deletes(1).goes(1).comesUp(1)
    const where = { pod: 'web-1', podUid: 'web-1#2', claim: 'data-web-1', template: 'data' }
    script.read({ read: 'unreadable', ...where, reason: 'no shell in its image' }).end('replace')
    expect(identity(script)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'data-web-1 could not be read after web-1 came back: no shell in its image',
    })
  })

  it('does not take a reading of another life for that of the pod that came back', () => {
    const script = baseline().deletes(1).goes(1).comesUp(1).content(1, { podUid: 'web-1#1' }).end('replace')
    expect(identity(script)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'data-web-1 was not read after web-1 came back',
    })
  })

  it('says which earlier phase went wrong when there was no replacement', () => {
    const script = new Script()
      .lists(1)
      .begin('baseline')
      .end('baseline', 'hopeless', 'web-1: ErrImagePull')
      .begin('restore')
      .end('restore')
    expect(identity(script).reason).toBe(
      'no pod was seen being replaced: "all pods are ready" cannot be reached: web-1: ErrImagePull',
    )
    expect(identity(new Script().lists(3).begin('baseline').end('baseline')).reason).toContain(
      'not part of this recording',
    )
  })

  it('checks each claim template', () => {
    const template = { requestedBytes: 1, storageClass: null, accessModes: [] }
    const script = new Script({
      claimTemplates: [
        { ...template, name: 'data' },
        { ...template, name: 'logs' },
      ],
    }).lists(3)
    script.begin('replace').deletes(1).goes(1).comesUp(1).end('replace')
    const judgement = identity(script)
    expect(judgement.verdict).toBe('inconclusive')
    expect(judgement.reason).toMatch(/data-web-1|logs-web-1/)
  })
})

describe('pvc-reuse', () => {
  it('judges a student who shrinks to two and grows back', () => {
    const script = new Script({ replicas: 3 })
      .lists(3)
      .content(2)
      .begin('shrink')
      .set('modified', { replicas: 2 })
      .goes(2)
    script.end('shrink').begin('regrow').set('modified', { replicas: 3 }).comesUp(2).content(2).end('regrow')
    expect(reuse(script)).toMatchObject({
      verdict: 'pass',
      reason: expect.stringContaining('web-2 came back'),
    })
  })

  it('is inconclusive when growing back did not finish, with the reason', () => {
    const observations = perfectPass({
      regrow: (script) =>
        script
          .begin('regrow')
          .scale(0, 3)
          .comesUp(0)
          .content(0)
          .end('regrow', 'timeout', 'web-1: Unschedulable'),
    })
    expect(pvcReuse.judge({ observations, target: TARGET })).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('web-1: Unschedulable'),
    })
  })

  it('fails at once for a pod that came back to another claim, finished or not', () => {
    const observations = perfectPass({
      regrow: (script) => {
        script
          .begin('regrow')
          .scale(0, 3)
          .claim(0, 'deleted')
          .claim(0, 'added', { uid: 'new' })
          .comesUp(0)
          .content(0)
        script.end('regrow', 'timeout')
      },
    })
    expect(pvcReuse.judge({ observations, target: TARGET }).verdict).toBe('fail')
  })

  it('is inconclusive without a shrink before', () => {
    expect(reuse(new Script().lists(0).begin('regrow').comesUp(0).end('regrow')).verdict).toBe('inconclusive')
  })
})
