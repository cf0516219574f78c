import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../../src/criteria/criterion.ts'
import type { CriterionResult } from '../../../src/result.ts'
import { exitCodeOf } from '../../../src/run/exit-code.ts'

const criterionResult = (verdict: Verdict): CriterionResult => ({
  number: 1,
  id: 'pod-naming',
  title: 'x',
  verdict,
  reason: 'x',
  expected: 'x',
  actual: 'x',
  hint: null,
  durationMs: 0,
  evidence: [],
})
const constraint = (verdict: Verdict) => ({ id: 'x', title: 'x', verdict, reason: 'x' })
const error = { code: 'lost', message: 'lost', hint: null }

describe('the exit code of a result', () => {
  it.each([
    ['all passed', ['pass', 'pass'], ['pass'], null, 0],
    ['a criterion failed', ['pass', 'fail'], ['pass'], null, 1],
    ['a constraint failed', ['pass', 'pass'], ['fail'], null, 1],
    ['something failed and something is open', ['inconclusive', 'fail'], ['pass'], null, 1],
    ['something failed and the cluster was lost', ['fail'], [], error, 1],
    ['a criterion is open', ['pass', 'inconclusive'], ['pass'], null, 3],
    ['a constraint is open', ['pass'], ['inconclusive'], null, 3],
    ['all passed and the cluster was lost', ['pass'], ['pass'], error, 3],
    ['nothing was judged', [], [], null, 3],
  ] as const)('%s', (_, criteria, constraints, failure, expected) => {
    const result = {
      criteria: criteria.map(criterionResult),
      constraints: constraints.map(constraint),
      error: failure,
    }
    expect(exitCodeOf(result)).toBe(expected)
  })
})
