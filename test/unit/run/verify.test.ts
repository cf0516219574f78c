import { describe, expect, it } from 'vitest'
import type { CriterionId } from '../../../src/criteria/criterion.ts'
import { undecidedError } from '../../../src/errors.ts'
import { aSet } from '../../helpers/builders.ts'
import { VerifiedCluster } from '../../helpers/verified-cluster.ts'
import { phasesOf, runVerify, verdictsOf } from './verify-run.ts'

const scales = (cluster: VerifiedCluster) => cluster.calls.filter((call) => call.startsWith('scale'))

/** Does something the first time this request is made. */
function once(call: string, work: () => void): (made: string) => void {
  let done = false
  return (made) => {
    if (made !== call || done) return
    done = true
    work()
  }
}

describe('verify of a correct set', () => {
  it('passes all ten and leaves no trace', async () => {
    const cluster = new VerifiedCluster(3)
    const found = await cluster.remains()
    const run = await runVerify(cluster)
    expect(run.result.criteria.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
    expect(run.result.summary).toMatchObject({ passed: 10, maxScore: 10 })
    expect(run).toMatchObject({ leftovers: [], interrupted: false })
    expect(run.result.error).toBeNull()
    expect(await cluster.remains()).toEqual(found)
    expect(cluster.openRecordings).toBe(0)
  })

  it('scales up by two, to nothing and back, and never more', async () => {
    const cluster = new VerifiedCluster(3)
    await runVerify(cluster)
    expect(scales(cluster)).toEqual(['scale 5', 'scale 0', 'scale 3'])
  })

  it('starts the deadline of its clean-up only when the clean-up begins, however long the run was', async () => {
    const cluster = new VerifiedCluster(3)
    const scaledBefore: number[] = []
    await runVerify(cluster, { onCleanUp: () => scaledBefore.push(scales(cluster).length) })
    expect(scaledBefore).toEqual([3])
  })

  it('writes its journal before the first change and removes it after the last', async () => {
    const cluster = new VerifiedCluster(3)
    await runVerify(cluster)
    expect(cluster.calls[0]).toBe('create ConfigMap/sts-lab-verify-web')
    expect(cluster.calls.at(-1)).toBe('delete ConfigMap/sts-lab-verify-web')
  })

  it('keeps in the journal what it is about to ask for, before it asks', async () => {
    const cluster = new VerifiedCluster(3)
    const asked: unknown[] = []
    cluster.before = (call) => {
      if (call.startsWith('scale')) asked.push([call, cluster.journalEntry().asked])
    }
    await runVerify(cluster)
    expect(asked).toEqual([
      ['scale 5', 5],
      ['scale 0', 0],
      ['scale 3', 3],
    ])
  })

  it('never shrinks below the replicas found where the set deletes its claims when it shrinks', async () => {
    const retention = { whenDeleted: 'Retain', whenScaled: 'Delete' }
    const cluster = new VerifiedCluster(3, { retention })
    const found = await cluster.remains()
    await runVerify(cluster)
    expect(scales(cluster).map((call) => Number(call.slice(6)))).not.toContain(0)
    expect(Math.min(...scales(cluster).map((call) => Number(call.slice(6))))).toBe(3)
    expect(await cluster.remains()).toEqual(found)
  })

  it.each([
    [['pod-naming'], ['baseline'], []],
    [['dns-resolution'], ['baseline', 'replace'], []],
    [['ordered-scale-up'], ['baseline', 'grow'], ['scale 5', 'scale 3']],
    [['ordered-scale-down'], ['baseline', 'shrink'], ['scale 0', 'scale 3']],
    [['pvc-reuse'], ['baseline', 'shrink', 'regrow'], ['scale 0', 'scale 3']],
  ] as [CriterionId[], string[], string[]][])(
    'runs no phase that %s does not need',
    async (only, phases, asked) => {
      const cluster = new VerifiedCluster(3)
      const found = await cluster.remains()
      const run = await runVerify(cluster, { only })
      expect(phasesOf(run)).toEqual([...phases, 'restore'].map((phase) => `${phase}: reached`))
      expect(scales(cluster)).toEqual(asked)
      expect(verdictsOf(run)).toEqual(Object.fromEntries(only.map((id) => [id, 'pass'])))
      expect(await cluster.remains()).toEqual(found)
    },
  )
})

describe('verify refuses', () => {
  it('several sets of which none is named, and touches nothing', async () => {
    const cluster = new VerifiedCluster(3)
    cluster.others = [aSet({ name: 'db', uid: 'set-db' })]
    await expect(runVerify(cluster)).rejects.toMatchObject({ kind: 'usage', code: 'several-statefulsets' })
    expect(cluster.calls).toEqual([])
    expect(cluster.openRecordings).toBe(0)
    expect((await runVerify(cluster, { statefulSet: 'web' })).result.summary.passed).toBe(10)
  })

  it('a set that is not there, and names those that are', async () => {
    const refusal = runVerify(new VerifiedCluster(3), { statefulSet: 'wbe' })
    await expect(refusal).rejects.toMatchObject({ kind: 'usage', hint: expect.stringContaining('web') })
  })

  it('to work without the right to clean up, before it changes anything', async () => {
    const cluster = new VerifiedCluster(3)
    cluster.forbidden = ['delete configmaps']
    const outcome = await runVerify(cluster).then(
      (run) => run.result.error?.code,
      (error: unknown) => (error as { code: string }).code,
    )
    expect(outcome).toBe('forbidden')
    expect(cluster.calls).toEqual([])
  })
})

describe('verify is interrupted', () => {
  it.each(['delete Pod/web-1', 'scale 5', 'scale 0', 'scale 3'])(
    'at "%s", and puts all back',
    async (call) => {
      const cluster = new VerifiedCluster(3)
      const found = await cluster.remains()
      const controller = new AbortController()
      cluster.after = once(call, () => controller.abort(undecidedError('interrupted', 'interrupted')))
      const run = await runVerify(cluster, { signal: controller.signal })
      expect(run.interrupted).toBe(true)
      expect(run.leftovers).toEqual([])
      expect(run.result.error?.code).toBe('interrupted')
      expect(await cluster.remains()).toEqual(found)
      expect(cluster.openRecordings).toBe(0)
      expect(phasesOf(run)).toContainEqual(expect.stringContaining(': interrupted'))
      expect(Object.values(verdictsOf(run))).not.toContain('fail')
    },
  )
})

describe('a request of verify fails', () => {
  it.each([
    ['delete Pod/web-1', 'replace'],
    ['scale 5', 'grow'],
    ['scale 0', 'shrink'],
    ['scale 3', 'regrow'],
  ])('"%s": the phase ends lost, nothing is called wrong, and all is put back', async (call, phase) => {
    const cluster = new VerifiedCluster(3)
    const found = await cluster.remains()
    cluster.before = once(call, () => {
      throw undecidedError('unreachable', 'the API server is gone')
    })
    const run = await runVerify(cluster)
    expect(phasesOf(run)).toContain(`${phase}: lost`)
    expect(run.result.error?.code).toBe('unreachable')
    expect(Object.values(verdictsOf(run))).not.toContain('fail')
    expect(Object.values(verdictsOf(run))).toContain('inconclusive')
    expect(await cluster.remains()).toEqual(found)
  })

  it('and the way back too: it says what is left, and its journal stays for the next run', async () => {
    const cluster = new VerifiedCluster(3)
    cluster.before = (call) => {
      if (call.startsWith('scale') && call !== 'scale 5') throw undecidedError('unreachable', 'gone')
    }
    const run = await runVerify(cluster)
    expect(run.leftovers.join()).toMatch(/^StatefulSet web/)
    expect(run.result.error?.code).toBe('unreachable')
    expect(await cluster.remains()).toMatchObject({ replicas: 5, journals: ['sts-lab-verify-web'] })
  })
})

describe('somebody else scales the set meanwhile', () => {
  it('so what was not seen is inconclusive, and the set is left as they want it', async () => {
    const cluster = new VerifiedCluster(3)
    cluster.after = once('scale 5', () => cluster.studentScales(4))
    const run = await runVerify(cluster)
    expect(phasesOf(run)).toContain('grow: interfered')
    expect(verdictsOf(run)).toMatchObject({ 'pod-naming': 'pass', 'pvc-reuse': 'inconclusive' })
    expect(Object.values(verdictsOf(run))).not.toContain('fail')
    expect(run.leftovers.join()).toContain('was scaled to 4 by somebody else')
    expect(scales(cluster)).toEqual(['scale 5'])
    const left = await cluster.remains()
    expect(left).toMatchObject({ replicas: 4, journals: [], helpers: [], tokens: [] })
    expect(left.claims).toContain('data-web-3')
  })

  it('between two phases: their wish is not overwritten by the next', async () => {
    const cluster = new VerifiedCluster(3)
    cluster.after = once('exec web-0', () => cluster.studentScales(4))
    const run = await runVerify(cluster, { only: ['pod-naming', 'storage-content', 'ordered-scale-up'] })
    expect(phasesOf(run)).toEqual(['baseline: reached', 'grow: interfered', 'restore: reached'])
    expect(scales(cluster)).toEqual([])
    expect((await cluster.remains()).replicas).toBe(4)
  })
})
