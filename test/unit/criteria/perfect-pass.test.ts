import { describe, expect, it } from 'vitest'
import { constraints } from '../../../src/criteria/constraints.ts'
import { byId, criteria } from '../../../src/criteria/index.ts'
import { TARGET } from '../../helpers/builders.ts'
import { perfectPass } from '../../helpers/perfect-pass.ts'

describe('a verify run of a correct set', () => {
  const observations = perfectPass()

  it.each(criteria.map((criterion) => [criterion.id, criterion] as const))(
    'passes %s, citing observations of the run',
    (_, criterion) => {
      const judgement = criterion.judge({ observations, target: TARGET })
      expect([judgement.verdict, judgement.reason]).toEqual(['pass', expect.any(String)])
      expect(judgement.evidence.length).toBeGreaterThan(0)
      for (const seq of judgement.evidence) expect(observations[seq - 1]?.seq).toBe(seq)
    },
  )

  it.each(constraints.map((constraint) => [constraint.id, constraint] as const))(
    'meets %s',
    (_, constraint) => {
      expect(constraint.judge({ observations, target: TARGET })).toMatchObject({ verdict: 'pass' })
    },
  )
})

describe('the list of criteria', () => {
  it('has the ten in order, each under its own id', () => {
    expect(criteria.map((criterion) => criterion.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    for (const criterion of criteria) expect(byId[criterion.id]).toBe(criterion)
  })
})
