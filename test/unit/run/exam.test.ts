import { describe, expect, it } from 'vitest'
import type { VerifyResult } from '../../../src/result.ts'
import { isPassed, isWholeExam, withExam } from '../../../src/run/exam.ts'
import { judge } from '../../../src/run/judge.ts'
import { begin } from '../../../src/run/progress.ts'
import type { Observation } from '../../../src/timeline/observation.ts'
import { TARGET } from '../../helpers/builders.ts'
import { perfectPass } from '../../helpers/perfect-pass.ts'
import { tinyLab } from './tiny-lab.ts'

const resultOf = (observations: readonly Observation[], facts: Partial<VerifyResult> = {}): VerifyResult => ({
  schemaVersion: 1,
  tool: { name: 'sts-lab', version: '0.0.0' },
  lab: 'tiny',
  cluster: null,
  target: { namespace: 'lab', statefulSet: TARGET.name, uid: TARGET.uid },
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 1000,
  ...judge({ observations, target: TARGET }),
  error: null,
  ...facts,
})
const PASSED = resultOf(perfectPass())
const FAILED = resultOf(perfectPass({}, { podManagementPolicy: 'Parallel' }))
const at = (day: number): Date => new Date(Date.UTC(2026, 0, day))
const ALL = PASSED.criteria.map(({ id }) => id)

describe('an exam', () => {
  it('is kept with its score and every verdict', () => {
    const { exam } = withExam(begin(tinyLab, 'lab', at(1)), PASSED, at(2))
    expect(exam).toMatchObject({
      at: at(2).toISOString(),
      passedAt: at(2).toISOString(),
      score: 10,
      maxScore: 10,
    })
    expect(exam?.verdicts).toMatchObject({ 'pod-naming': 'pass', 'headless-service': 'pass' })
  })

  it('once passed stays passed, whatever a later one comes to', () => {
    const passed = withExam(begin(tinyLab, 'lab', at(1)), PASSED, at(2))
    const { exam } = withExam(passed, FAILED, at(3))
    expect(isPassed(FAILED)).toBe(false)
    expect(exam).toMatchObject({ at: at(3).toISOString(), passedAt: at(2).toISOString(), score: 7 })
  })

  it('is not what only some criteria, or a run that was cut short, came to', () => {
    expect(isWholeExam(PASSED, ALL)).toBe(true)
    expect(isWholeExam({ ...PASSED, criteria: PASSED.criteria.slice(1) }, ALL)).toBe(false)
    const error = { code: 'connection-lost', message: 'lost', hint: null }
    expect(isWholeExam({ ...PASSED, error }, ALL)).toBe(false)
    expect(isWholeExam(PASSED, [])).toBe(false)
  })
})
