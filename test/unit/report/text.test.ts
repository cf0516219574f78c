import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cellWidth } from '../../../src/report/layout.ts'
import { textReport } from '../../../src/report/text.ts'
import { aVerifyRecording } from './recordings.ts'
import { aCriterion, aMixedResult, aResult, criteria } from './results.ts'

const plain = { columns: 100, colour: false, unicode: true, criteria }
const golden = (): string => readFileSync(new URL('./golden/mixed-100.txt', import.meta.url), 'utf8')
const mixed = (): string => {
  const observations = aVerifyRecording({ rush: true })
  return textReport(aMixedResult(observations), observations, plain)
}

describe('the text report', () => {
  it('is, for a mixed result at 100 columns, the report in golden/mixed-100.txt', () => {
    expect(mixed()).toBe(golden())
  })

  it('would not match the golden report with one verdict changed', () => {
    const observations = aVerifyRecording({ rush: true })
    const result = aMixedResult(observations)
    const spoilt = {
      ...result,
      criteria: result.criteria.map((c) => (c.number === 2 ? { ...c, verdict: 'pass' as const } : c)),
    }
    expect(textReport(spoilt, observations, plain)).not.toBe(golden())
  })

  it.each([40, 60, 80, 120, 200])('keeps every line within %i columns', (columns) => {
    const observations = aVerifyRecording()
    const text = textReport(aMixedResult(observations), observations, { ...plain, columns })
    for (const line of text.split('\n')) expect(cellWidth(line)).toBeLessThanOrEqual(columns)
  })

  it('says the same without colour as with it', () => {
    const observations = aVerifyRecording({ rush: true })
    const coloured = textReport(aMixedResult(observations), observations, { ...plain, colour: true })
    expect(coloured).not.toBe(mixed())
    expect(coloured.replace(/\u001b\[[0-9;]*m/g, '')).toBe(mixed())
  })

  it('uses nothing but ASCII for itself where the terminal has no Unicode', () => {
    const observations = aVerifyRecording()
    expect(textReport(aMixedResult(observations), observations, { ...plain, unicode: false })).toMatch(
      /^[\n -~]*$/,
    )
  })

  it('never cuts a title: with little room the reason stands under it', () => {
    const title = 'Each pod asks for at least fifty mebibytes of storage'
    for (const columns of [60, 100, 120]) {
      const text = textReport(aResult({ criteria: [aCriterion({ title })] }), [], { ...plain, columns })
      expect(text.replace(/\s+/g, ' ')).toContain(title)
      expect(text.includes(`${title}  web-0`)).toBe(columns === 120)
    }
  })

  it('says once why several could not be decided', () => {
    const verdict = 'inconclusive' as const
    const undecided = [5, 7].map((number) => aCriterion({ number, verdict, reason: 'there is no set' }))
    const text = textReport(aResult({ criteria: undecided }), [], plain)
    expect(text.slice(0, text.indexOf('expected')).split('there is no set')).toHaveLength(2)
  })

  it('draws nothing where nothing happened', () => {
    const still = aVerifyRecording().filter(({ type, stream }) => type === 'listed' || stream === 'run')
    expect(textReport(aResult(), aVerifyRecording(), plain)).toContain('Timeline')
    expect(textReport(aResult(), still, plain)).not.toContain('Timeline')
  })

  it('tells of a failure what was expected, what was seen, the events, why it matters and what to do', () => {
    const block = mixed().slice(mixed().indexOf('✘ FAIL  2'), mixed().indexOf('?       5'))
    expect(block).toContain('expected  each pod is added only after')
    expect(block).toContain('seen      web-1 was added 1.560 s before')
    expect(block).toMatch(/#35 +\+17\.511s +pod\/web-1 +added/)
    expect(block).toContain('why       A database')
    expect(block).toContain('hint      Leave podManagementPolicy out')
  })

  it('names in the next command exactly what did not pass', () => {
    expect(mixed()).toMatch(/Next +sts-lab verify section3 --namespace statefulset-lab --only 2,5\n$/)
  })

  it('gives a perfect run its score and nothing to do', () => {
    const text = textReport(aResult(), [], plain)
    expect(text).toContain('1/1 passed (score 100 of 100)')
    expect(text).not.toContain('Next')
  })

  it('does not call a run perfect that passed all it could look at and then broke off', () => {
    const error = {
      code: 'connection-lost',
      message: 'the API server went away',
      hint: 'Run: sts-lab doctor',
    }
    const text = textReport(aResult({ error }), [], plain)
    expect(text).toContain('the API server went away (connection-lost)')
    expect(text).toContain('Run: sts-lab doctor')
    expect(text).toContain('Next')
  })

  it('does not call a run perfect that judged nothing', () => {
    const nothing = { passed: 0, failed: 0, inconclusive: 0, score: 0, maxScore: 100 }
    const text = textReport(aResult({ criteria: [], summary: nothing, cluster: null }), [], plain)
    expect(text).toContain('0/0 passed')
    expect(text).toContain('Next')
  })

  it('says how many events it left out', () => {
    const evidence = Array.from({ length: 11 }, (_, index) => ({
      seq: index + 1,
      at: '2026-11-20T20:31:08.000Z',
      stream: 'pods' as const,
      type: 'added',
      object: `pod/web-${index}`,
      uid: null,
      detail: '',
    }))
    const text = textReport(aResult({ criteria: [aCriterion({ verdict: 'fail', evidence })] }), [], plain)
    expect(text).toContain('and 3 more (-o json lists them all)')
  })
})
