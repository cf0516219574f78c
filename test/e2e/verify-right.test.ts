import { describe, expect, it } from 'vitest'
import { applyYaml } from './support/apply-yaml.ts'
import { inNamespace } from './support/namespace.ts'
import { asScript, claimTemplate, LABELS, studentSet, WRITE_ONCE } from './support/student-set.ts'
import { expectVerdicts, inventory, numbersOf, verifyIn } from './support/verify.ts'

const ALL_PASS = { failed: [], undecided: [], constraints: [], code: 0 }

/** Sets that are right, each in its own way: a wrong fail is the next worst thing to a wrong pass. */
const RIGHT: Readonly<Record<string, string>> = {
  'writes its identity once': studentSet(),
  'appends a line at every start': studentSet({
    script: 'echo "$(date +%s%N) $HOSTNAME starts" >>/data/log',
  }),
  'has no shell in the container that runs, an init container writes': studentSet({
    image: 'registry.k8s.io/pause:3.6',
    container: { command: ['/pause'] },
    pod: {
      initContainers: [
        {
          name: 'write',
          image: 'busybox:1.36',
          command: ['sh', '-c', WRITE_ONCE],
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
      ],
    },
  }),
  'writes from a sidecar, into a sub-folder, on the second of two templates': studentSet({
    script: ':',
    container: { volumeMounts: [{ name: 'cache', mountPath: '/cache' }] },
    pod: {
      containers: [
        {
          name: 'main',
          image: 'registry.k8s.io/pause:3.6',
          command: ['/pause'],
          volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
        },
        {
          name: 'sidecar',
          image: 'busybox:1.36',
          command: asScript(
            'mkdir -p /var/id/deep/er; [ -f /var/id/deep/er/me ] || echo "$HOSTNAME since $(date +%s%N)" >/var/id/deep/er/me',
          ),
          volumeMounts: [{ name: 'data', mountPath: '/var/id' }],
        },
      ],
    },
    templates: [claimTemplate('cache', '10Mi'), claimTemplate('data', '50Mi')],
  }),
  'becomes ready slowly and mounts a sub-path': studentSet({
    script: `${WRITE_ONCE}; sleep 4; touch /tmp/ready`,
    container: {
      volumeMounts: [{ name: 'data', mountPath: '/data', subPath: 'own' }],
      readinessProbe: {
        exec: { command: ['test', '-f', '/tmp/ready'] },
        periodSeconds: 1,
        failureThreshold: 1,
      },
    },
  }),
  'shares a scratch volume inside the claim and has a claim it mounts read-only': studentSet({
    container: {
      volumeMounts: [
        { name: 'data', mountPath: '/data' },
        { name: 'scratch', mountPath: '/data/scratch' },
      ],
    },
    pod: { volumes: [{ name: 'scratch', emptyDir: {} }] },
  }),
  'runs without root in a file system it may not write to': studentSet({
    container: {
      securityContext: {
        runAsUser: 1000,
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
      },
    },
    pod: {
      securityContext: { fsGroup: 1000 },
      initContainers: [
        {
          name: 'own',
          image: 'busybox:1.36',
          command: ['sh', '-c', 'chown 1000 /data'],
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
      ],
    },
  }),
}

for (const [what, yaml] of Object.entries(RIGHT))
  describe(`a right set that ${what}`, () => {
    const namespace = inNamespace('right')

    it('passes all ten and is left as it was found', async () => {
      await applyYaml(namespace.api, namespace.name, yaml)
      const verified = await verifyIn(namespace.name)
      expectVerdicts(verified, ALL_PASS)
      expect(verified.result.summary).toMatchObject({ passed: 10, score: 10, maxScore: 10 })
      const after = await inventory(namespace.api, namespace.name)
      expect(after.pods).toEqual(['web-0', 'web-1', 'web-2'])
      expect(after.claims.filter((name) => /-[34]$/.test(name))).toEqual([])
      expect(after.configMaps).toEqual([])
      expect(after.set?.spec).toMatchObject({ replicas: 3, selector: { matchLabels: LABELS } })
    })
  })

describe('a right set whose containers ignore SIGTERM', () => {
  const namespace = inNamespace('slow')

  it('passes, and says why it took long', async () => {
    await applyYaml(
      namespace.api,
      namespace.name,
      studentSet({
        container: { command: ['sh', '-c', `${WRITE_ONCE}; sleep 3600; :`] },
        pod: { terminationGracePeriodSeconds: 4 },
      }),
    )
    const verified = await verifyIn(namespace.name)
    expectVerdicts(verified, ALL_PASS)
  })
})

describe('a set with an older claim of a pod it does not have', () => {
  const namespace = inNamespace('old')

  it('keeps that claim, which growth reuses and clean-up does not own', async () => {
    const { name, api } = namespace
    await applyYaml(api, name, studentSet())
    await applyYaml(
      api,
      name,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data-web-3', labels: LABELS },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '50Mi' } } },
      }),
    )
    expectVerdicts(await verifyIn(name), ALL_PASS)
    expect((await inventory(api, name)).claims).toEqual([
      'data-web-0',
      'data-web-1',
      'data-web-2',
      'data-web-3',
    ])
  })

  it('changes nothing at all with --only 1,3', async () => {
    const { name, api } = namespace
    const podUids = async () =>
      (await api.list<{ metadata: { uid: string; name: string } }>(`/api/v1/namespaces/${name}/pods`)).map(
        ({ metadata }) => metadata.uid,
      )
    const before = await podUids()
    const { result, code } = await verifyIn(name, '--only', '1,3')
    expect(numbersOf(result, 'pass')).toEqual([1, 3])
    expect(code).toBe(0)
    expect(await podUids()).toEqual(before)
  })
})
