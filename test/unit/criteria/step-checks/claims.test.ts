import { describe, expect, it } from 'vitest'
import {
  claimSeen as claim,
  judgeStory as judge,
  judgeLaterStory as judgeLater,
  podSeen as pod,
  setSeen as set,
} from '../../../helpers/check-story.ts'

const MARKED = { deletionTimestamp: '2026-01-01T00:00:09Z' }
const many = { accessModes: ['ReadWriteMany'] }
const template = (...accessModes: string[]) => ({
  claimTemplates: [{ name: 'data', requestedBytes: 1, storageClass: null, accessModes }],
})

describe('no-spare-claims', () => {
  const shrunk = [set('listed', { replicas: 2 }), ...[0, 1, 2].map((ordinal) => claim('listed', ordinal))]

  it('passes when only the claims of the pods are left', () => {
    expect(judge('no-spare-claims', ...shrunk, claim('deleted', 2))).toMatchObject({
      verdict: 'pass',
      reason: 'only data-web-0 and data-web-1 are left',
    })
  })

  it('fails with the claims that nobody uses', () => {
    expect(judge('no-spare-claims', ...shrunk)).toMatchObject({
      verdict: 'fail',
      reason: 'the set asks for 2 pods; nobody uses data-web-2',
    })
  })

  it('cannot tell while a spare claim is still on its way out', () => {
    expect(judge('no-spare-claims', ...shrunk, claim('modified', 2, MARKED)).verdict).toBe('inconclusive')
  })

  it('leaves claims of other sets and of no set alone', () => {
    const others = ['data-web-front-7', 'data-web-x', 'backup'].map((name) => claim('listed', 0, { name }))
    expect(judge('no-spare-claims', ...shrunk, claim('deleted', 2), ...others).verdict).toBe('pass')
  })

  it('cannot tell of a set without claims', () => {
    expect(judge('no-spare-claims', set('listed', { claimTemplates: [] })).verdict).toBe('inconclusive')
  })
})

describe('used-claims-kept', () => {
  const before = [set('listed', { replicas: 2 }), claim('listed', 0), claim('listed', 1)]

  it('passes when they are the ones that were there', () => {
    expect(judge('used-claims-kept', ...before, claim('listed', 2), claim('deleted', 2)).verdict).toBe('pass')
  })

  it('fails when one is marked for deletion, although its pod still has it', () => {
    expect(judge('used-claims-kept', ...before, claim('modified', 1, MARKED))).toMatchObject({
      verdict: 'fail',
      reason: 'claim data-web-1 is marked for deletion, and goes as soon as no pod uses it any more',
    })
  })

  it('fails when one is gone', () => {
    expect(judge('used-claims-kept', ...before, claim('deleted', 0))).toMatchObject({
      verdict: 'fail',
      reason: 'claim data-web-0 was deleted',
    })
  })

  it('fails when one was made anew under its name', () => {
    const anew = [claim('deleted', 0), claim('added', 0, { uid: 'another' })]
    expect(judge('used-claims-kept', ...before, ...anew).reason).toContain('is another one than before')
  })

  it('fails when one was made anew before this recording began, where an earlier one knew it', () => {
    const uids = (first: string) => ({ replicas: 2, claims: { 'data-web-0': first, 'data-web-1': 'second' } })
    const kept = [claim('listed', 0, { uid: 'the-first' }), claim('listed', 1, { uid: 'second' })]
    const story = [set('listed', { replicas: 2 }), ...kept]
    expect(judgeLater('used-claims-kept', uids('the-first'), ...story).verdict).toBe('pass')
    expect(judgeLater('used-claims-kept', uids('another'), ...story).reason).toContain('is another one than')
  })

  it('fails when the pods use others than those that were there', () => {
    const had = { replicas: 2, claims: { 'store-web-0': 'a', 'store-web-1': 'b' } }
    expect(judgeLater('used-claims-kept', had, ...before).reason).toBe(
      'claim data-web-0 is a new one: the pods do not use those any more that were there',
    )
  })

  it('cannot tell of a claim that was never seen', () => {
    expect(judge('used-claims-kept', ...before.slice(0, 2)).verdict).toBe('inconclusive')
  })
})

describe('claims-read-write-once', () => {
  it('passes when template and claims ask for one node, or for one pod', () => {
    expect(judge('claims-read-write-once', set('listed'), claim('listed', 0)).verdict).toBe('pass')
    const pods = { accessModes: ['ReadWriteOncePod'] }
    const story = [set('listed', template('ReadWriteOncePod')), claim('listed', 0, pods)]
    expect(judge('claims-read-write-once', ...story).verdict).toBe('pass')
  })

  it('fails at the template, before there is any claim', () => {
    expect(judge('claims-read-write-once', set('listed', template('ReadWriteMany')))).toMatchObject({
      verdict: 'fail',
      reason: 'claim template data asks for ReadWriteMany',
    })
  })

  it('fails when a claim from before still asks for more than the template', () => {
    const pending = { ...many, phase: 'Pending' as const }
    expect(judge('claims-read-write-once', set('listed'), claim('listed', 0, pending))).toMatchObject({
      verdict: 'fail',
      reason: 'claim data-web-0 (Pending) asks for ReadWriteMany',
    })
  })

  it('fails when a claim from before is left, whatever the template is called now', () => {
    const left = claim('listed', 0, { ...many, name: 'store-web-0' })
    expect(judge('claims-read-write-once', set('listed'), claim('listed', 0), left).reason).toBe(
      'claim store-web-0 (Bound) asks for ReadWriteMany',
    )
  })

  it('fails when more is asked for besides', () => {
    const both = template('ReadWriteOnce', 'ReadWriteMany')
    expect(judge('claims-read-write-once', set('listed', both), claim('listed', 0)).verdict).toBe('fail')
  })

  it('cannot tell of claims that are not there yet', () => {
    expect(judge('claims-read-write-once', set('listed')).verdict).toBe('inconclusive')
  })
})

describe('claims-removed', () => {
  it('passes when their removal was seen', () => {
    expect(judge('claims-removed', claim('listed', 0), claim('deleted', 0)).verdict).toBe('pass')
  })

  it('passes when other pods are seen at work without', () => {
    const other = { kind: 'ReplicaSet', name: 'web-1', uid: 'rs' }
    expect(
      judge('claims-removed', pod('listed', { name: 'web-a', ready: true, claims: [], controller: other }))
        .verdict,
    ).toBe('pass')
  })

  it('fails when those pods have a claim after all, under whatever name', () => {
    const controller = { kind: 'ReplicaSet', name: 'web-1', uid: 'rs' }
    const claims = [{ volume: 'data', claim: 'pages', mounts: [] }]
    expect(
      judge('claims-removed', pod('listed', { name: 'web-a', ready: true, claims, controller })),
    ).toMatchObject({
      verdict: 'fail',
      reason: 'web-a has claim pages',
    })
  })

  it('fails with those that are left, and with those that a pod still holds', () => {
    expect(judge('claims-removed', set('deleted'), claim('listed', 0))).toMatchObject({
      verdict: 'fail',
      reason: 'data-web-0 is still there',
    })
    expect(judge('claims-removed', claim('listed', 1, MARKED)).reason).toBe(
      'data-web-1 is marked for deletion, and in use by a pod',
    )
  })

  it('cannot tell from claims of others', () => {
    expect(judge('claims-removed', claim('deleted', 0, { name: 'data-db-0' })).verdict).toBe('inconclusive')
  })
})
