import { describe, expect, it } from 'vitest'
import { constraints } from '../../../src/criteria/constraints.ts'
import { criteria } from '../../../src/criteria/index.ts'
import type { Observation } from '../../../src/timeline/observation.ts'
import { TARGET } from '../../helpers/builders.ts'
import { perfectPass, renumber } from '../../helpers/perfect-pass.ts'

const judgeAll = (
  observations: readonly Observation[],
  target: typeof TARGET | { namespace: string; name: string; uid: null },
) => criteria.map((criterion) => [criterion.id, criterion.judge({ observations, target }).verdict])
const allInconclusive = criteria.map(({ id }) => [id, 'inconclusive'])

describe('nothing seen', () => {
  it('is never a pass, nor a fail, for any criterion or constraint', () => {
    expect(judgeAll([], TARGET)).toEqual(allInconclusive)
    expect(judgeAll([], { ...TARGET, uid: null })).toEqual(allInconclusive)
    for (const constraint of constraints)
      expect(constraint.judge({ observations: [], target: TARGET }).verdict).toBe('inconclusive')
  })

  // 'pods' alone passes nothing, 'run' alone passes nothing …: every verdict needs at least two streams.
  it.each(['pods', 'claims', 'statefulsets', 'services', 'run'])(
    'only the %s stream passes nothing',
    (stream) => {
      const observations = renumber(perfectPass().filter((observation) => observation.stream === stream))
      expect(observations.length).toBeGreaterThan(0)
      expect(judgeAll(observations, TARGET).filter(([, verdict]) => verdict === 'pass')).toEqual([])
    },
  )

  it('a set and its phases without a pod, claim or reading pass nothing', () => {
    const observations = renumber(
      perfectPass().filter(
        ({ stream, type }) => stream === 'statefulsets' || (stream === 'run' && type === 'phase'),
      ),
    )
    expect(judgeAll(observations, TARGET).filter(([, verdict]) => verdict === 'pass')).toEqual([])
  })

  it('a recording without its run marks passes no criterion that needs something done or read', () => {
    const observations = renumber(perfectPass().filter(({ stream }) => stream !== 'run'))
    const passed = judgeAll(observations, TARGET).filter(([, verdict]) => verdict === 'pass')
    expect(passed).toEqual([
      ['pod-naming', 'pass'],
      ['persistent-storage', 'pass'],
    ])
  })
})

describe('a run that was cut off', () => {
  const whole = perfectPass()
  const decided = new Map(
    criteria.map(({ id, judge }) => {
      const judgeAt = (length: number) =>
        judge({ observations: whole.slice(0, length), target: TARGET }).verdict
      return [id, whole.map((_, index) => judgeAt(index + 1))] as const
    }),
  )

  it.each(criteria.map(({ id }) => id))('never fails %s of a correct set at any moment', (id) => {
    expect(decided.get(id)).not.toContain('fail')
  })

  it.each([
    ['sequential-creation', 'regrow', 0],
    ['identity-persistence', 'replace', 0],
    ['ordered-scale-up', 'grow', 0],
    ['ordered-scale-down', 'shrink', 0],
    // The hold: the recording must go on after the last pod is gone.
    ['pvc-retention', 'shrink', 1],
    ['pvc-reuse', 'regrow', 0],
  ] as const)('passes %s only from the end of phase %s on (and %i more)', (id, phase, more) => {
    const end = whole.findIndex(
      (each) => each.type === 'phase' && each.phase === phase && each.boundary === 'end',
    )
    expect(decided.get(id)?.indexOf('pass')).toBe(end + more)
  })
})

describe('a recording about no StatefulSet', () => {
  it('fails only pod-naming, the others cannot tell', () => {
    const observations = perfectPass().filter(({ stream }) => stream === 'services')
    const verdicts = judgeAll(observations, { ...TARGET, uid: null })
    expect(verdicts[0]).toEqual(['pod-naming', 'fail'])
    expect(verdicts.slice(1)).toEqual(allInconclusive.slice(1))
  })
})
