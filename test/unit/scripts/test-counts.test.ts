import { describe, expect, it } from 'vitest'
import { countsFrom, lastLines, mayPass } from '../../../scripts/test-counts.mjs'

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((status) => ({ status })),
})
const aSuite = (over: object) => ({ name: 'unit', passed: 3, failed: 0, skipped: 0, seconds: 1.25, ...over })

describe('what a suite came to', () => {
  it('is what its report counts', () => {
    const report = {
      numPassedTests: 5,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
      testResults: [],
    }
    expect(countsFrom(report, 1)).toEqual({ passed: 5, failed: 1, skipped: 3 })
  })

  it('counts a file that does not load as a failure', () => {
    const report = {
      numPassedTests: 5,
      numFailedTests: 1,
      testResults: [file('failed', 'failed'), file('failed')],
    }
    expect(countsFrom(report, 1)).toEqual({ passed: 5, failed: 2, skipped: 0 })
  })

  it('is a failure when it ends badly without a failed test, or without a report', () => {
    expect(countsFrom({ numPassedTests: 5, numFailedTests: 0, testResults: [] }, 1).failed).toBe(1)
    expect(countsFrom(null, null).failed).toBe(1)
  })
})

describe('what all of them came to', () => {
  it('passes only when something ran and nothing failed', () => {
    expect(mayPass([aSuite({})])).toBe(true)
    expect(mayPass([aSuite({}), aSuite({ failed: 1 })])).toBe(false)
    expect(mayPass([aSuite({ passed: 0, skipped: 9 })])).toBe(false)
  })

  it('ends with the plain sum', () => {
    const lines = lastLines([aSuite({}), aSuite({ name: 'cli', skipped: 1 })], null, 'how').split('\n')
    expect(lines[0]).toBe('unit   3 passed, 0 failed, 0 skipped  (1.3 s)')
    expect(lines.at(-1)).toBe('6 passed, 0 failed, 1 skipped')
  })

  it('says right above it why e2e was skipped and how to run it, and never counts that as nothing', () => {
    const lines = lastLines(
      [aSuite({}), aSuite({ name: 'e2e', passed: 0 })],
      'no cluster',
      'npm run e2e',
    ).split('\n')
    expect(lines.at(-2)).toBe('e2e skipped: no cluster. To run it: npm run e2e')
    expect(lines.at(-1)).toBe('3 passed, 0 failed, 1 skipped')
  })
})
