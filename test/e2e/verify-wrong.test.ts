import { describe, expect, it } from 'vitest'
import { applyYaml } from './support/apply-yaml.ts'
import { runCli } from './support/cluster.ts'
import { inNamespace } from './support/namespace.ts'
import {
  aPodTemplate,
  aService,
  asScript,
  claimTemplate,
  LABELS,
  studentSet,
  toYaml,
  WRITE_ONCE,
} from './support/student-set.ts'
import { expectVerdicts, type verdictsOf, verifyIn } from './support/verify.ts'

interface WrongSet {
  readonly yaml: string
  readonly expected: Omit<ReturnType<typeof verdictsOf>, 'code'>
  /** Must stand in the reason of the first failure, constraint or criterion. */
  readonly reason: RegExp
  readonly withinMs?: number
}

const ALL_BUT_FIRST = [2, 3, 4, 5, 6, 7, 8, 9, 10]
const NEVER_UP = { failed: [], undecided: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], constraints: ['pods-ready'] }
const onEmptyDir = { volumes: [{ name: 'data', emptyDir: {} }] }

const WRONG: Readonly<Record<string, WrongSet>> = {
  'starts and stops its pods in parallel': {
    yaml: studentSet({ set: { podManagementPolicy: 'Parallel' } }),
    expected: { failed: [2, 7, 8], undecided: [], constraints: [] },
    reason: /web-1 was added .*before web-0 was ready/,
  },
  'has a service with a cluster IP': {
    yaml: studentSet({ clusterIP: '' }),
    expected: { failed: [5], undecided: [], constraints: ['headless-service'] },
    reason: /headless/i,
  },
  'names a service that does not exist': {
    yaml: studentSet({ serviceName: 'wbe' }),
    expected: { failed: [5], undecided: [], constraints: ['headless-service'] },
    reason: /wbe/,
  },
  'has a service that selects other pods': {
    yaml: studentSet({ serviceSelector: { app: 'wbe' } }),
    expected: { failed: [5], undecided: [], constraints: [] },
    reason: /select/i,
  },
  'is a Deployment': {
    yaml: toYaml([
      aService(),
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web' },
        spec: { replicas: 3, selector: { matchLabels: LABELS }, template: aPodTemplate({ pod: onEmptyDir }) },
      },
    ]),
    expected: {
      failed: [1],
      undecided: ALL_BUT_FIRST,
      constraints: [
        'statefulset-exists',
        'headless-service',
        'replicas',
        'storage',
        'identity-proof',
        'pods-ready',
      ],
    },
    reason: /StatefulSet/,
  },
  'is three bare pods with the right names': {
    yaml: toYaml([
      aService(),
      ...[0, 1, 2].map((ordinal) => {
        const { metadata, spec } = aPodTemplate({ pod: onEmptyDir })
        return {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { ...metadata, name: `web-${ordinal}` },
          spec: { ...spec, hostname: `web-${ordinal}`, subdomain: 'web' },
        }
      }),
    ]),
    expected: {
      failed: [1],
      undecided: ALL_BUT_FIRST,
      constraints: [
        'statefulset-exists',
        'headless-service',
        'replicas',
        'storage',
        'identity-proof',
        'pods-ready',
      ],
    },
    reason: /StatefulSet/,
  },
  'keeps its data in an emptyDir': {
    yaml: studentSet({ templates: null, pod: onEmptyDir }),
    expected: { failed: [3, 4, 6, 10], undecided: [9], constraints: ['storage', 'identity-proof'] },
    reason: /claim template|volumeClaimTemplates/,
  },
  'has one claim for all pods': {
    yaml: studentSet({
      templates: null,
      before: [
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: 'shared' },
          spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '50Mi' } } },
        },
      ],
      pod: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'shared' } }] },
      script: 'echo "$HOSTNAME" >/data/$HOSTNAME',
    }),
    expected: { failed: [3, 4, 6, 10], undecided: [9], constraints: ['storage', 'identity-proof'] },
    reason: /claim template|volumeClaimTemplates|shared/,
  },
  'writes the same content everywhere': {
    yaml: studentSet({ script: '[ -f /data/id ] || echo "web-0 web-1 web-2" >/data/id' }),
    expected: { failed: [4], undecided: [6, 10], constraints: ['identity-proof'] },
    reason: /same/i,
  },
  'rewrites its content at every start': {
    yaml: studentSet({ script: 'echo "Pod: $HOSTNAME, $(date +%s%N)" >/data/id' }),
    expected: { failed: [6, 10], undecided: [], constraints: [] },
    reason: /anew|rewritten/,
  },
  'rewrites the very same bytes at every start': {
    yaml: studentSet({ script: 'echo "Pod: $HOSTNAME" >/data/id' }),
    expected: { failed: [6, 10], undecided: [], constraints: [] },
    reason: /anew|rewritten/,
  },
  'has two replicas': {
    yaml: studentSet({ replicas: 2 }),
    expected: { failed: [], undecided: [], constraints: ['replicas'] },
    reason: /2/,
  },
  'asks for too small a volume': {
    yaml: studentSet({ templates: [claimTemplate('data', '49Mi')] }),
    expected: { failed: [], undecided: [], constraints: ['storage'] },
    reason: /49Mi/,
  },
  'writes on a volume of its image, not on its claim': {
    yaml: studentSet({ script: WRITE_ONCE.replaceAll('/data', '/tmp') }),
    expected: { failed: [4], undecided: [6, 10], constraints: ['identity-proof'] },
    reason: /no file|empty/i,
  },
  'links its claim to a file of the image': {
    yaml: studentSet({ script: 'echo "I am $HOSTNAME" >/tmp/id; ln -sf /tmp/id /data/id' }),
    expected: { failed: [4], undecided: [6, 10], constraints: ['identity-proof'] },
    reason: /no file|empty/i,
  },
}

for (const [what, wrong] of Object.entries(WRONG))
  describe(`a set that ${what}`, () => {
    const namespace = inNamespace('wrong')

    it('fails exactly where it should', async () => {
      await applyYaml(namespace.api, namespace.name, wrong.yaml)
      const verified = await verifyIn(namespace.name)
      expectVerdicts(verified, { ...wrong.expected, code: 1 })
      const failures = [...verified.result.constraints, ...verified.result.criteria].filter(
        ({ verdict }) => verdict === 'fail',
      )
      expect(failures.map(({ reason }) => reason).join('\n')).toMatch(wrong.reason)
    })
  })

/** Sets that cannot come up end early, with what kubectl describe would have said. */
const STUCK: Readonly<Record<string, WrongSet>> = {
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
      expect(verified.durationMs).toBeLessThan(stuck.withinMs ?? 60_000)
      if (stuck.expected.undecided.length > 0) expectVerdicts(verified, { ...stuck.expected, code: 1 })
    })
  })

describe('a set that writes terminal escape codes', () => {
  const namespace = inNamespace('escape')

  it('never reaches the terminal raw', async () => {
    const script = `printf '\\033[2J\\033]52;c;aGk=\\007 \\r\\342\\200\\256 evil' >/data/id`
    await applyYaml(namespace.api, namespace.name, studentSet({ container: { command: asScript(script) } }))
    const run = await runCli(['verify', '--namespace', namespace.name])
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('evil')
    for (const text of [run.stdout, run.stderr]) {
      expect(text).not.toContain('\u001b')
      expect(text).not.toContain('\u0007')
      expect(text).not.toContain('\u202e')
    }
  })
})
