import { describe, expect, it } from 'vitest'
import { undecidedError } from '../../../src/errors.ts'
import type { KubeObject } from '../../../src/ports.ts'
import type { Self } from '../../../src/run/holder.ts'
import type { JournalEntry } from '../../../src/run/journal.ts'
import { NAMESPACE, SET, SET_UID } from '../../helpers/builders.ts'
import { VerifiedCluster } from '../../helpers/verified-cluster.ts'
import { runVerify, SELF } from './verify-run.ts'

const DEAD: Self = { ...SELF, isAlive: () => false }
const ELSEWHERE: Self = { ...SELF, isAlive: () => null }

const labels = (run: string) => ({ 'sts-lab.dev/journal': 'verify', 'sts-lab.dev/run': run })

function aJournal(entry: Partial<JournalEntry> = {}): KubeObject {
  const whole: JournalEntry = {
    run: 'old',
    host: 'here',
    pid: 6,
    birth: 'a',
    writtenAt: '2026-01-01T00:00:00Z',
    set: SET,
    setUid: SET_UID,
    replicas: 3,
    asked: 3,
    addedClaims: [],
    ...entry,
  }
  const metadata = { name: `sts-lab-verify-${whole.set}`, namespace: NAMESPACE, labels: labels('old') }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { entry: JSON.stringify(whole) } }
}

/** What a correct set of three looks like when nobody has anything left on it. */
const untouched = () => new VerifiedCluster(3).remains()

describe('a run that is still at work on the set', () => {
  it.each([
    ['on this machine', SELF, '2025-12-31T00:00:00Z'],
    ['on another, and wrote its journal lately', ELSEWHERE, '2025-12-31T23:45:30Z'],
  ])('keeps a second one out, which changes nothing: %s', async (_, self, writtenAt) => {
    const cluster = new VerifiedCluster(5).has(aJournal({ writtenAt, asked: 5 }))
    await expect(runVerify(cluster, { self })).rejects.toMatchObject({ kind: 'undecided', code: 'busy' })
    expect(cluster.calls).toEqual([])
    expect(await cluster.remains()).toMatchObject({ replicas: 5, journals: ['sts-lab-verify-web'] })
    expect(cluster.openRecordings).toBe(0)
  })
})

describe('a run that was killed', () => {
  it('while it grew the set: all it left is put away, this is said, and the next one passes', async () => {
    const helper = { name: 'sts-lab-probe-old', labels: labels('old') }
    const cluster = new VerifiedCluster(5)
      .has(aJournal({ asked: 5, askedBefore: 3, addedClaims: ['data-web-3', 'data-web-4'] }))
      .has({ apiVersion: 'v1', kind: 'Pod', metadata: helper })
    cluster.writes(1, '.sts-lab-old-web-1', 'token')
    const said: string[] = []
    const run = await runVerify(cluster, { self: DEAD, say: (line) => said.push(line) })
    expect(said.join()).toContain('StatefulSet web has been put back')
    expect(run.result.summary.passed).toBe(10)
    expect(run.leftovers).toEqual([])
    expect(await cluster.remains()).toEqual(await untouched())
  })

  it.each([
    ['after it shrank the set', { asked: 0, askedBefore: 5 }],
    ['just before it would have grown it back', { asked: 3, askedBefore: 0 }],
  ])('%s: the set comes back', async (_, asked) => {
    const cluster = new VerifiedCluster(0).has(aJournal(asked))
    const run = await runVerify(cluster, { self: DEAD, only: ['pod-naming'] })
    expect(run.result.summary.passed).toBe(1)
    expect(await cluster.remains()).toMatchObject({ replicas: 3, journals: [] })
  })

  it('on another machine counts as killed when it has not written its journal for a quarter of an hour', async () => {
    const writtenAt = '2025-12-31T23:44:00Z'
    const cluster = new VerifiedCluster(5).has(aJournal({ writtenAt, asked: 5 }))
    await runVerify(cluster, { self: ELSEWHERE, only: ['pod-naming'] })
    expect((await cluster.remains()).replicas).toBe(3)
  })

  it('does not have its way where somebody scaled the set since', async () => {
    const cluster = new VerifiedCluster(4).has(aJournal({ asked: 5, askedBefore: 3 }))
    await runVerify(cluster, { self: DEAD, only: ['pod-naming'] })
    expect((await cluster.remains()).replicas).toBe(4)
  })

  it('does not have its way with another set of the same name', async () => {
    const cluster = new VerifiedCluster(5).has(aJournal({ setUid: 'an older set', asked: 5 }))
    await runVerify(cluster, { self: DEAD, only: ['pod-naming'] })
    expect(await cluster.remains()).toMatchObject({ replicas: 5, journals: [] })
  })

  it('is not read out of a ConfigMap that only has the label', async () => {
    const cluster = new VerifiedCluster(3).has({
      ...aJournal(),
      metadata: { name: 'notes', labels: labels('old') },
      data: { entry: '{"run":' },
    })
    await runVerify(cluster, { self: DEAD, only: ['pod-naming'] })
    expect((await cluster.remains()).journals).toEqual(['notes'])
  })
})

describe('a request that was cut off', () => {
  it('but had its effect, which the watch has not told of yet, is undone all the same', async () => {
    const cluster = new VerifiedCluster(3)
    const controller = new AbortController()
    cluster.before = (call) => {
      if (call === 'scale 5') cluster.holdNews()
    }
    cluster.after = (call) => {
      if (call === 'scale 5') controller.abort(undecidedError('interrupted', 'interrupted'))
      if (call === 'scale 3') setImmediate(() => setImmediate(() => cluster.releaseNews()))
    }
    const run = await runVerify(cluster, { signal: controller.signal })
    expect(run.leftovers).toEqual([])
    expect(await cluster.remains()).toEqual(await untouched())
  })
})

describe('the claims that growth added', () => {
  it('are removed also when the watch is slow to tell that the set was scaled back', async () => {
    const cluster = new VerifiedCluster(3)
    cluster.before = (call) => {
      if (call === 'scale 0') throw undecidedError('unreachable', 'gone')
      if (call === 'scale 3') cluster.holdNews()
    }
    cluster.after = (call) => {
      if (call === 'scale 3') setImmediate(() => setImmediate(() => cluster.releaseNews()))
    }
    await runVerify(cluster)
    expect(await cluster.remains()).toEqual(await untouched())
  })
})
