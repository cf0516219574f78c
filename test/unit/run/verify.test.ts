import { describe, expect, it } from 'vitest'
import { VerifiedCluster } from '../../helpers/verified-cluster.ts'
import { runVerify } from './verify-run.ts'

describe('verify of a correct set', () => {
  it('passes all ten and leaves no trace', async () => {
    const cluster = new VerifiedCluster(3)
    const found = cluster.remains()
    const run = await runVerify(cluster)
    expect(run.result.criteria.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
    expect(run.result.summary).toMatchObject({ passed: 10, maxScore: 10 })
    expect(run).toMatchObject({ leftovers: [], interrupted: false })
    expect(cluster.remains()).toEqual(found)
    expect(cluster.openRecordings).toBe(0)
  })
})
