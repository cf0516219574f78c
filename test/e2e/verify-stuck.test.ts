import { describe, expect, it } from 'vitest'
import { applyYaml } from './support/apply-yaml.ts'
import { inNamespace } from './support/namespace.ts'
import { claimTemplate, studentSet } from './support/student-set.ts'
import { expectVerdicts, verifyIn } from './support/verify.ts'
import type { WrongSet } from './support/wrong-sets.ts'

const NEVER_UP = { failed: [], undecided: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], constraints: ['pods-ready'] }

/** Sets that cannot come up end early, with what kubectl describe would have said. */
const STUCK: Readonly<Record<string, WrongSet & { readonly withinMs: number }>> = {
  'is never ready': {
    yaml: studentSet({
      container: { readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 } },
    }),
    expected: { ...NEVER_UP },
    reason: /web-0.*readiness probe/,
    withinMs: 100_000,
  },
  crashes: {
    yaml: studentSet({ container: { command: ['sh', '-c', 'exit 7'] } }),
    expected: { ...NEVER_UP },
    reason: /exit code 7/,
    withinMs: 60_000,
  },
  'names an image that does not exist': {
    yaml: studentSet({ image: 'registry.invalid/no/such:image' }),
    expected: { ...NEVER_UP },
    reason: /no\/such:image/,
    withinMs: 40_000,
  },
  'names a StorageClass that does not exist': {
    yaml: studentSet({ templates: [claimTemplate('data', '50Mi', { storageClassName: 'no-such-class' })] }),
    expected: { failed: [3], undecided: [1, 2, 4, 5, 6, 7, 8, 9, 10], constraints: ['pods-ready'] },
    reason: /no-such-class/,
    withinMs: 40_000,
  },
  'asks for more than a quota allows': {
    yaml: studentSet({
      before: [
        {
          apiVersion: 'v1',
          kind: 'ResourceQuota',
          metadata: { name: 'small' },
          spec: { hard: { pods: '1' } },
        },
      ],
    }),
    expected: { failed: [], undecided: [], constraints: ['pods-ready'] },
    reason: /quota/,
    withinMs: 60_000,
  },
  'fits on no node': {
    yaml: studentSet({ pod: { nodeSelector: { 'no-such': 'node' } } }),
    expected: { ...NEVER_UP },
    reason: /scheduled/,
    withinMs: 60_000,
  },
}

for (const [what, stuck] of Object.entries(STUCK))
  describe(`a set that ${what}`, () => {
    const namespace = inNamespace('stuck')

    it('ends early with the reason', async () => {
      await applyYaml(namespace.api, namespace.name, stuck.yaml)
      const verified = await verifyIn(namespace.name)
      const reason = verified.result.constraints.find(({ id }) => id === 'pods-ready')?.reason
      expect(verified.result.constraints.find(({ id }) => id === 'pods-ready')?.verdict).toBe('fail')
      expect(reason).toMatch(stuck.reason)
      expect(verified.code).toBe(1)
      expect(verified.durationMs).toBeLessThan(stuck.withinMs)
      if (stuck.expected.undecided.length > 0) expectVerdicts(verified, { ...stuck.expected, code: 1 })
    })
  })
