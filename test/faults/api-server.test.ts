import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import type { VerifyResult } from '../../src/result.ts'
import { applyYaml } from '../e2e/support/apply-yaml.ts'
import { onTheCluster, theCluster } from '../e2e/support/cluster.ts'
import { eventually } from '../e2e/support/eventually.ts'
import { inNamespace } from '../e2e/support/namespace.ts'
import { studentSet } from '../e2e/support/student-set.ts'
import { inventory, numbersOf, untilPrinted } from '../e2e/support/verify.ts'
import { startCli } from '../helpers/run-cli.ts'

/** One component of the native cluster; nothing else on this machine has such a switch. */
const component = (verb: 'start' | 'stop', name: string) =>
  promisify(execFile)('test/cluster/native-cluster', [verb, name])

const OUTAGE_MS = 10_000

for (const [when, pattern, policy] of [
  ['a pod is being replaced', /pod\/web-1 terminating/, 'OrderedReady'],
  ['the set shrinks', /pod\/web-4 terminating/, 'OrderedReady'],
  ['a Parallel set grows back', /replicas 0 to 3/, 'Parallel'],
] as const)
  describe(`an API server that is away for 10 s while ${when}`, () => {
    const namespace = inNamespace('outage')
    afterAll(() => component('start', 'apiserver'))

    it('causes no wrong verdict, and the set is as it was', async (context) => {
      if (theCluster().provider !== 'native cluster')
        context.skip('only the native cluster can stop its API server')
      const set = { podManagementPolicy: policy }
      await applyYaml(namespace.api, namespace.name, studentSet({ set }))
      const running = startCli(
        ['verify', '--allow-simulated', '--namespace', namespace.name, '-o', 'json'],
        onTheCluster({ timeoutMs: 240_000 }),
      )
      await untilPrinted(running.process, pattern)
      await component('stop', 'apiserver')
      await sleep(OUTAGE_MS)
      await component('start', 'apiserver')
      const { stdout, stderr, code } = await running.result
      const result = JSON.parse(stdout) as VerifyResult
      // Carried on to the end, or undecided with the reason; what fails is what fails without an outage.
      const wrong = policy === 'Parallel' ? [2, 7, 8] : []
      expect(
        numbersOf(result, 'fail').filter((number) => !wrong.includes(number)),
        stderr,
      ).toEqual([])
      for (const number of wrong) expect(numbersOf(result, 'pass')).not.toContain(number)
      for (const { verdict, reason } of result.criteria) if (verdict !== 'pass') expect(reason).not.toBe('')
      expect([0, 1, 3]).toContain(code)
      await eventually('the set is as it was', async () => {
        const { pods, claims, configMaps, set: now } = await inventory(namespace.api, namespace.name)
        const seen = {
          pods,
          claims,
          configMaps,
          replicas: (now?.spec as { replicas: number } | undefined)?.replicas,
        }
        const wanted = {
          pods: ['web-0', 'web-1', 'web-2'],
          claims: ['data-web-0', 'data-web-1', 'data-web-2'],
          configMaps: [],
          replicas: 3,
        }
        return JSON.stringify(seen) === JSON.stringify(wanted) ? null : JSON.stringify(seen)
      })
    }, 300_000)
  })
