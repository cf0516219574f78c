import { describe, expect, it } from 'vitest'
import type { VerifyResult } from '../../src/result.ts'
import { type StudentSet, studentSet } from '../e2e/support/student-set.ts'
import { onPractice } from './support/practice.ts'

/** The same as the e2e tests find on a real cluster: criteria and constraints that fail. */
const WRONG: readonly (readonly [string, StudentSet, readonly number[], readonly string[]])[] = [
  ['starts and stops in parallel', { set: { podManagementPolicy: 'Parallel' } }, [2, 7, 8], []],
  ['writes its identity anew', { script: 'echo "Pod: $HOSTNAME, $(date +%s%N)" >/data/id' }, [6, 10], []],
  ['has a service that balances', { clusterIP: '' }, [5], ['headless-service']],
  [
    'keeps what it writes in the container',
    { templates: null, pod: { volumes: [{ name: 'data', emptyDir: {} }] } },
    [3, 4, 6, 10],
    ['storage', 'identity-proof'],
  ],
]

describe('on the practice cluster a set that', () => {
  it.each(WRONG)('%s is found out', async (_, set, failed, constraints) => {
    const result = await onPractice({}, async ({ create, cli }) => {
      create('here', studentSet(set))
      const { stdout, stderr } = await cli('verify', '-n', 'here', '-o', 'json', '--allow-simulated')
      if (stdout === '') throw new Error(stderr)
      return JSON.parse(stdout) as VerifyResult
    })
    const failing = result.criteria.filter(({ verdict }) => verdict === 'fail')
    expect(failing.map(({ number }) => number)).toEqual(failed)
    expect(result.constraints.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)).toEqual(
      constraints,
    )
    expect(result.cluster).toMatchObject({ simulated: true, provider: 'embedded' })
  })
})
