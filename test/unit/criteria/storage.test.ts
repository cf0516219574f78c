import { describe, expect, it } from 'vitest'
import { names } from '../../../src/criteria/content.ts'
import { persistentStorage } from '../../../src/criteria/persistent-storage.ts'
import { storageContent } from '../../../src/criteria/storage-content.ts'
import { anEvent, TARGET } from '../../helpers/builders.ts'
import { aFile, Script } from '../../helpers/script.ts'

const storage = ({ observations }: Script) => persistentStorage.judge({ observations, target: TARGET })
const content = ({ observations }: Script) => storageContent.judge({ observations, target: TARGET })

const mount = (path: string) => ({ container: 'app', init: false, path, subPath: '', readOnly: false })
const pending = { phase: 'Pending', volumeName: null, capacityBytes: null, storageClass: 'fast' } as const

/** One reading per pod, each with these files. */
const reading = (...files: readonly string[][]) => {
  const script = new Script({ replicas: files.length }).lists(files.length).begin('baseline')
  for (const [ordinal, texts] of files.entries())
    script.content(ordinal, {
      files: texts.map((text, index) => aFile({ path: `f${index}`, text })),
      fileCount: texts.length,
    })
  return script.end('baseline')
}

describe('persistent-storage', () => {
  it('passes on a pre-made claim, an init container’s mount, and claims whose news came late', () => {
    const mounts = [{ ...mount('/data'), init: true }]
    const script = new Script({ replicas: 2 }).lists(1).begin('create').claim(1, 'added', pending)
    script
      .pod(1, 'added', { ready: true, claims: [{ volume: 'data', claim: 'data-web-1', mounts }] })
      .end('create')
    script.claim(1, 'modified', { phase: 'Bound', volumeName: 'pv-late' })
    expect(storage(script)).toMatchObject({ verdict: 'pass', evidence: [3, 4, 7, 9] })
  })

  it('says which claim the pods share instead', () => {
    const shared = { claims: [{ volume: 'v', claim: 'shared', mounts: [mount('/data')] }], ready: true }
    const script = new Script({ claimTemplates: [], replicas: 2 })
      .set('listed')
      .pod(0, 'listed', shared)
      .pod(1, 'listed', shared)
    expect(storage(script)).toMatchObject({
      verdict: 'fail',
      reason: 'the set has no volumeClaimTemplates: one claim shared, used by web-0 and web-1',
      evidence: [1, 2, 3],
    })
  })

  it('says that what is mounted is not on a claim', () => {
    const otherMounts = [mount('/cache'), mount('/var/run/secrets/kubernetes.io/serviceaccount')]
    const script = new Script({ claimTemplates: [] })
      .set('listed')
      .pod(0, 'listed', { claims: [], otherMounts })
    expect(storage(script).reason).toContain('/cache is not on a claim')
  })

  it('blames a claim that has a warning about it once waiting is hopeless, and names its class', () => {
    const script = new Script().lists(0).begin('baseline').claim(0, 'added', pending).pod(0, 'added')
    const about = { kind: 'PersistentVolumeClaim', name: 'data-web-0', uid: 'data-web-0#1' }
    script.add({
      stream: 'events',
      type: 'added',
      object: anEvent({ about, message: 'storageclass "fast" not found' }),
    })
    script.end('baseline', 'hopeless', 'unbound claim')
    expect(storage(script)).toMatchObject({
      verdict: 'fail',
      reason: 'claim data-web-0 is Pending (StorageClass fast): storageclass "fast" not found',
      evidence: [4, 6],
    })
  })

  it('does not blame a claim for a warning about another, nor for news that is no warning', () => {
    const script = new Script().lists(0).begin('baseline').claim(0, 'added', pending).pod(0, 'added')
    const about = { kind: 'PersistentVolumeClaim', name: 'data-web-0', uid: 'data-web-0#1' }
    script.add({
      stream: 'events',
      type: 'added',
      object: anEvent({ about, warning: false, message: 'waiting' }),
    })
    script.add({ stream: 'events', type: 'added', object: anEvent({ uid: 'e2', message: 'of another' }) })
    expect(storage(script.end('baseline', 'hopeless', 'no cpu'))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'claim data-web-0 is Pending (StorageClass fast): no cpu',
    })
  })

  it('does not blame a claim that waits for a pod which cannot be scheduled', () => {
    const script = new Script().lists(0).begin('baseline').claim(0, 'added', pending).pod(0, 'added')
    expect(storage(script.end('baseline', 'hopeless', 'web-0: 0/1 nodes have enough cpu')).verdict).toBe(
      'inconclusive',
    )
  })

  it('fails on a lost claim and on a pod that uses another claim', () => {
    expect(storage(new Script().lists(3).claim(1, 'modified', { phase: 'Lost' })).reason).toContain(
      'lost its volume',
    )
    const other = { claims: [{ volume: 'data', claim: 'mine', mounts: [mount('/data')] }] }
    expect(storage(new Script().lists(3).pod(1, 'modified', other)).reason).toBe(
      'web-1 has no volume on its claim data-web-1',
    )
  })

  it('fails when two volumes of different names are one by UID', () => {
    const script = new Script().lists(3).volume(0, 'same').volume(1, 'same')
    expect(storage(script).reason).toContain('on the same volume')
  })

  it('is inconclusive while pods are missing, and without any', () => {
    expect(storage(new Script().lists(2)).verdict).toBe('inconclusive')
    expect(storage(new Script().lists(0)).verdict).toBe('inconclusive')
  })
})

describe('storage-content', () => {
  it('passes when a line names the pod and stands on no other volume, among whatever else', () => {
    expect(
      content(reading(['x\npod: web-0\n', 'peers web-0 web-1\n'], ['junk', 'www-web-1 wrote this'])),
    ).toMatchObject({
      verdict: 'pass',
      evidence: [8, 9],
    })
  })

  it('takes the first reading, before anything else was done', () => {
    const script = new Script({ replicas: 2 })
      .lists(2)
      .begin('baseline')
      .content(0, { files: [], fileCount: 0 })
    script.content(0).content(1).end('baseline')
    expect(content(script)).toMatchObject({ verdict: 'fail', evidence: [8] })
  })

  it.each([
    [
      'the volume is empty',
      [[], ['this is web-1']],
      /no file on the claim of web-0 names web-0: the volume is empty/,
    ],
    ['a file is empty', [[''], ['this is web-1']], /f0 is empty/],
    ['it names another pod', [['web-1 here'], ['web-1 there']], /names web-0, but one names web-1/],
    ['it names web-10, not web-1', [['web-0'], ['web-10 here']], /no file on the claim of web-1/],
    [
      'it is the same everywhere',
      [['web-0\nweb-1\n'], ['web-0\nweb-1\n']],
      /the content is the same on all pods: f0 says "web-0"/,
    ],
  ])('fails where %s', (_, files, reason) => {
    const judgement = content(reading(...files))
    expect(judgement).toMatchObject({ verdict: 'fail', reason: expect.stringMatching(reason) })
    expect(judgement.evidence.length).toBeGreaterThan(0)
  })

  it.each([
    ['the line names several pods', [['web-0 and web-1, x'], ['this is web-1']], /cannot tell who wrote/],
    [
      'the same line is on another volume',
      [
        ['web-0', 'a'],
        ['web-0\nweb-1', 'b'],
      ],
      /the same line is on another pod’s volume/,
    ],
    ['there is only one pod', [['web-0']], /only one pod/],
  ])('is inconclusive where %s', (_, files, reason) => {
    expect(content(reading(...files))).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(reason),
    })
  })

  it('is inconclusive where only a part was read and nothing was found', () => {
    const script = reading(['this is web-0'], ['nothing'])
    const partial = script.observations.map((each) =>
      each.type === 'reading' && each.reading.read === 'content'
        ? { ...each, reading: { ...each.reading, partial: true } }
        : each,
    )
    expect(storageContent.judge({ observations: partial, target: TARGET }).verdict).toBe('inconclusive')
  })

  it('does not call files the same of which only the beginning was read', () => {
    const log = (sizeBytes: number) => {
      const files = [aFile({ path: 'log', text: 'noise '.repeat(20), sizeBytes, truncated: true })]
      const script = new Script({ replicas: 2 }).lists(2).begin('baseline')
      return content(script.content(0, { files }).content(1, { files }).end('baseline'))
    }
    expect(log(3_000_000).verdict).toBe('inconclusive')
    // Of a smaller file only a glimpse is shown, but all of it was searched for the name.
    expect(log(3_000).verdict).toBe('fail')
  })

  it('passes with one template that holds the name, whatever is on the other', () => {
    const template = { requestedBytes: 1, storageClass: null, accessModes: [] }
    const script = new Script({
      replicas: 2,
      claimTemplates: [
        { ...template, name: 'data' },
        { ...template, name: 'logs' },
      ],
    })
    script.lists(2).begin('baseline')
    for (const ordinal of [0, 1])
      script.content(ordinal).content(ordinal, { template: 'logs', claim: `logs-web-${ordinal}`, files: [] })
    expect(content(script.end('baseline')).verdict).toBe('pass')
  })

  it('passes with the name on the second template, read after the first', () => {
    const template = { requestedBytes: 1, storageClass: null, accessModes: [] }
    const claimTemplates = ['data', 'logs'].map((name) => ({ ...template, name }))
    const script = new Script({ replicas: 2, claimTemplates }).lists(2).begin('baseline')
    for (const ordinal of [0, 1]) script.content(ordinal, { files: [] })
    for (const ordinal of [0, 1]) script.content(ordinal, { template: 'logs', claim: `logs-web-${ordinal}` })
    expect(content(script.end('baseline'))).toMatchObject({ verdict: 'pass', evidence: [8, 9, 10, 11] })
  })

  it('makes what a file says safe to print', () => {
    const judgement = content(reading(['\u001b]0;owned\u0007'], ['web-1']))
    expect(judgement.reason).toContain('\\x1b]0;owned\\x07')
    expect(JSON.stringify(judgement)).not.toMatch(/\\u00/)
  })
})

describe('a pod’s name in a text', () => {
  it.each([
    ['web-1', true],
    ['www-web-1', true],
    ['web-1.web-svc.lab', true],
    ['"web-1",', true],
    ['web-1-', true],
    ['web-10', false],
    ['web-1-2', false],
    ['myweb-1', false],
    ['web-1a', false],
    ['WEB-1', false],
  ])('%s: %s', (text, there) => {
    expect(names(text, 'web-1')).toBe(there)
  })

  it('is taken literally', () => expect(names('webx1-0', 'web.1-0')).toBe(false))
})
