import { describe, expect, it } from 'vitest'
import type { Misdeed } from '../../src/embedded/controllers/misdeeds.ts'
import type { VerifyResult } from '../../src/result.ts'
import { studentSet } from '../e2e/support/student-set.ts'
import { onPractice } from './support/practice.ts'

/** What `verify` says of a right set on a cluster that does wrong: numbers of criteria. */
const judged = (...misdeeds: readonly Misdeed[]) =>
  onPractice({ misdeeds: new Set(misdeeds) }, async ({ create, cli }) => {
    create('here', studentSet())
    const { stdout, stderr, code } = await cli('verify', '-n', 'here', '-o', 'json', '--allow-simulated')
    if (stdout === '') throw new Error(stderr)
    const { criteria } = JSON.parse(stdout) as VerifyResult
    const numbers = (verdict: string) =>
      criteria.filter((each) => each.verdict === verdict).map(({ number }) => number)
    return { failed: numbers('fail'), undecided: numbers('inconclusive'), code }
  })

const MATRIX: readonly (readonly [Misdeed, readonly number[]])[] = [
  ['creates-at-once', [2, 7]],
  ['creates-backwards', [2, 7]],
  ['deletes-at-once', [8]],
  ['deletes-forwards', [8]],
  ['deletes-claims', [9, 10]],
  ['loses-volumes', [6, 9, 10]],
  ['forgets-hostnames', [1, 5]],
]

describe('a right set', () => {
  it('passes on a cluster that keeps its promises', async () => {
    expect(await judged()).toEqual({ failed: [], undecided: [], code: 0 })
  })

  it.each(MATRIX)('on one that %s fails the criteria %j, and no other', async (misdeed, failed) => {
    expect(await judged(misdeed)).toEqual({ failed, undecided: [], code: 1 })
  })
})
