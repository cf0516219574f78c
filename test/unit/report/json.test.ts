import { describe, expect, it } from 'vitest'
import { jsonReport } from '../../../src/report/json.ts'
import { aVerifyRecording } from './recordings.ts'
import { aCriterion, aMixedResult, aResult } from './results.ts'

describe('the JSON report', () => {
  it('is the result, whole, and ends with a newline', () => {
    const result = aMixedResult(aVerifyRecording({ rush: true }))
    const json = jsonReport(result)
    expect(JSON.parse(json)).toEqual(result)
    expect(json.endsWith('}\n')).toBe(true)
  })

  it('has the fields other tools rely on', () => {
    const parsed: unknown = JSON.parse(jsonReport(aMixedResult(aVerifyRecording({ rush: true }))))
    expect(parsed).toMatchObject({
      schemaVersion: 1,
      tool: { name: 'sts-lab', version: expect.any(String) },
      lab: 'section3',
      cluster: {
        context: 'kind-lab',
        server: expect.any(String),
        version: 'v1.31.2',
        provider: 'kind',
        simulated: false,
      },
      target: { namespace: 'statefulset-lab', statefulSet: 'web', uid: 'set-uid' },
      startedAt: expect.stringMatching(/^\d{4}-/),
      durationMs: expect.any(Number),
      summary: { passed: 8, failed: 1, inconclusive: 1, score: 80, maxScore: 100 },
      error: null,
    })
  })

  it('bounds a text without breaking a character in two', () => {
    const json = jsonReport(aResult({ criteria: [aCriterion({ reason: '😀'.repeat(5000) })] }))
    const reason: string = JSON.parse(json).criteria[0].reason
    expect(reason.length).toBeLessThanOrEqual(4000)
    expect(reason).toMatch(/^(😀)+…$/u)
  })
})
