import { describe, expect, it } from 'vitest'
import { FACTS } from '../../src/kube/facts.ts'
import { parseBytes } from '../../src/lab/quantity.ts'
import { STREAMS } from '../../src/timeline/observation.ts'

const METADATA = {
  name: 'web-1',
  namespace: 'lab',
  uid: 'u1',
  resourceVersion: '42',
  creationTimestamp: '2026-01-02T03:04:05Z',
}

/** Fails the test instead of returning null. */
const facts = <T>(parsed: T | null): T => {
  if (parsed === null) throw new Error('not understood')
  return parsed
}
const pod = (spec: unknown, status: unknown = {}, metadata: object = {}) =>
  facts(FACTS.pods({ metadata: { ...METADATA, ...metadata }, spec, status }))

describe('a quantity', () => {
  it.each([
    ['50Mi', 52_428_800],
    ['1Gi', 1_073_741_824],
    ['0.5Gi', 536_870_912],
    ['.5Gi', 536_870_912],
    ['1e3', 1000],
    ['1E3', 1000],
    ['1E', 1e18],
    ['1.1k', 1100],
    ['1.5e2', 150],
    ['5e-1', 1],
    ['100m', 1],
    ['1500m', 2],
    ['52428800000m', 52_428_800],
    ['128974848', 128_974_848],
    ['+5M', 5_000_000],
    [7, 7],
    ['0', 0],
  ])('%s is %i bytes', (quantity, bytes) => {
    expect(parseBytes(quantity)).toBe(bytes)
  })

  it.each(['', 'Mi', '.', '50mi', '50 Mi', '-1Gi', '1e', 'NaN', '1e999', null, undefined, {}, Number.NaN])(
    '%s is none',
    (quantity) => {
      expect(parseBytes(quantity)).toBeNull()
    },
  )
})

describe('every parser', () => {
  it.each(STREAMS)('of %s takes an object of which only the metadata is there', (stream) => {
    const parsed = facts(FACTS[stream]({ metadata: METADATA }))
    expect(parsed).toMatchObject({ name: 'web-1', namespace: 'lab', uid: 'u1', resourceVersion: '42' })
    for (const value of Object.values(parsed)) expect(value).toBeDefined()
  })

  it.each(STREAMS)('of %s gives null for what is no object, and never throws', (stream) => {
    const odd = [
      null,
      undefined,
      1,
      'x',
      [],
      {},
      { metadata: null },
      { metadata: { name: 'x', uid: 7, resourceVersion: '1' } },
    ]
    for (const value of odd) expect(FACTS[stream](value)).toBeNull()
  })

  it.each(STREAMS)('of %s does not throw whatever the fields hold', (stream) => {
    const keys = [
      'name',
      'state',
      'ports',
      'addresses',
      'volumeMounts',
      'env',
      'type',
      'requests',
      'path',
      'ip',
      'exitCode',
    ]
    const odd = (depth: number): unknown[] => {
      const plain: unknown[] = [null, 1, 'x', '', true, [], {}, [null, 1, 'x', [[]], {}]]
      if (depth === 0) return plain
      const inner = odd(depth - 1)
      return [
        ...plain,
        ...inner.map((v) => [v]),
        ...inner.map((v) => Object.fromEntries(keys.map((key) => [key, v]))),
      ]
    }
    const fields = ['spec', 'status', 'subsets', 'involvedObject', 'series']
    const parts = [
      'containers',
      'initContainers',
      'volumes',
      'conditions',
      'containerStatuses',
      'ports',
      'selector',
      'template',
      'ownerReferences',
      'podIPs',
      'volumeClaimTemplates',
      'resources',
      'ordinals',
      'updateStrategy',
      'capacity',
      'replicas',
    ]
    for (const value of odd(2)) {
      const object: Record<string, unknown> = {
        metadata: { ...METADATA, labels: value, ownerReferences: value, deletionTimestamp: value },
      }
      for (const field of fields) object[field] = Object.fromEntries(parts.map((part) => [part, value]))
      expect(FACTS[stream](object)).not.toBeNull()
      for (const field of fields) object[field] = value
      expect(FACTS[stream](object)).not.toBeNull()
    }
  })
})

describe('a pod', () => {
  it('is read with its identity, owner, addresses and state', () => {
    const parsed = pod(
      { hostname: 'web-1', subdomain: 'web', nodeName: 'n1', terminationGracePeriodSeconds: 5 },
      {
        phase: 'Running',
        podIP: '10.0.0.1',
        podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }],
        conditions: [{ type: 'Ready', status: 'True' }],
      },
      {
        labels: { 'controller-revision-hash': 'web-abc' },
        ownerReferences: [
          { kind: 'Other', name: 'x', uid: 'o0' },
          { kind: 'StatefulSet', name: 'web', uid: 'o1', controller: true },
        ],
      },
    )
    expect(parsed).toMatchObject({
      controller: { kind: 'StatefulSet', name: 'web', uid: 'o1' },
      hostname: 'web-1',
      subdomain: 'web',
      node: 'n1',
      phase: 'Running',
      ready: true,
      deletionTimestamp: null,
      gracePeriodSeconds: 5,
      ips: ['10.0.0.1', 'fd00::1'],
      revision: 'web-abc',
      unschedulable: null,
    })
  })

  it('that is being deleted has the grace period it was given', () => {
    const parsed = pod(
      { terminationGracePeriodSeconds: 30 },
      {},
      { deletionTimestamp: 'T', deletionGracePeriodSeconds: 1 },
    )
    expect(parsed).toMatchObject({ deletionTimestamp: 'T', gracePeriodSeconds: 1 })
  })

  it('tells why it cannot be scheduled', () => {
    const conditions = [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes' },
    ]
    expect(pod({}, { conditions }).unschedulable).toEqual({ reason: 'Unschedulable', message: '0/1 nodes' })
  })

  it('tells claims from other volumes, with every place each is mounted', () => {
    const parsed = pod({
      initContainers: [{ name: 'init', volumeMounts: [{ name: 'data', mountPath: '/seed' }] }],
      containers: [
        {
          name: 'main',
          env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
          volumeMounts: [
            { name: 'data', mountPath: '/data', subPath: 'html', readOnly: true },
            { name: 'shared', mountPath: '/shared', subPathExpr: '$(POD_NAME)/$(NONE)' },
            { name: 'tmp', mountPath: '/data/cache' },
          ],
        },
      ],
      volumes: [
        { name: 'data', persistentVolumeClaim: { claimName: 'data-web-1' } },
        { name: 'shared', persistentVolumeClaim: { claimName: 'all' } },
        { name: 'scratch', ephemeral: { volumeClaimTemplate: {} } },
        { name: 'tmp', emptyDir: {} },
      ],
    })
    expect(parsed.claims).toEqual([
      {
        volume: 'data',
        claim: 'data-web-1',
        mounts: [
          { container: 'init', init: true, path: '/seed', subPath: '', readOnly: false },
          { container: 'main', init: false, path: '/data', subPath: 'html', readOnly: true },
        ],
      },
      {
        volume: 'shared',
        claim: 'all',
        mounts: [
          { container: 'main', init: false, path: '/shared', subPath: 'web-1/$(NONE)', readOnly: false },
        ],
      },
      { volume: 'scratch', claim: 'web-1-scratch', mounts: [] },
    ])
    expect(parsed.otherMounts.map((mount) => mount.path)).toEqual(['/data/cache'])
  })

  it('has its containers with what the kubelet says of each, sidecars as what keeps running', () => {
    const parsed = pod(
      {
        initContainers: [
          { name: 'init', image: 'busybox:1.36' },
          { name: 'sidecar', image: 'proxy:1', restartPolicy: 'Always' },
        ],
        containers: [
          { name: 'main', image: 'nginx:1', readinessProbe: { exec: { command: ['true'] } } },
          { name: 'new', image: 'x' },
        ],
      },
      {
        initContainerStatuses: [
          { name: 'init', state: { terminated: { exitCode: 0, reason: 'Completed', startedAt: 'S' } } },
          { name: 'sidecar', ready: true, state: { running: { startedAt: 'S2' } } },
        ],
        containerStatuses: [
          {
            name: 'main',
            ready: false,
            restartCount: 3,
            state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
            lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
          },
        ],
      },
    )
    expect(parsed.containers).toMatchObject([
      { name: 'init', init: true, state: 'terminated', reason: 'Completed', lastExitCode: 0, startedAt: 'S' },
      { name: 'sidecar', init: false, state: 'running', ready: true, lastExitCode: null, startedAt: 'S2' },
      {
        name: 'main',
        state: 'waiting',
        reason: 'CrashLoopBackOff',
        message: 'back-off',
        restarts: 3,
        lastExitCode: 137,
        lastExitReason: 'OOMKilled',
        hasReadinessProbe: true,
        readinessCommand: ['true'],
      },
      {
        name: 'new',
        state: 'unknown',
        ready: false,
        reason: null,
        readinessCommand: null,
        hasReadinessProbe: false,
      },
    ])
  })

  it('gets the time that its slowest probes may honestly take', () => {
    expect(pod({ containers: [{ name: 'a' }] }).readinessBudgetMs).toBe(0)
    expect(pod({ containers: [{ name: 'a', readinessProbe: {} }] }).readinessBudgetMs).toBe(31_000)
    const startupProbe = { failureThreshold: 30, periodSeconds: 2 }
    const readinessProbe = {
      initialDelaySeconds: 20,
      periodSeconds: 5,
      failureThreshold: 1,
      successThreshold: 2,
      timeoutSeconds: 3,
    }
    const slow = { name: 'slow', startupProbe, readinessProbe }
    // 30 * 2 + 1, and 20 + 5 * (1 + 1) + 3
    expect(pod({ containers: [{ name: 'a', readinessProbe: {} }, slow] }).readinessBudgetMs).toBe(94_000)
    const sidecar = { name: 's', restartPolicy: 'Always', startupProbe }
    expect(
      pod({ initContainers: [sidecar, { name: 'i', readinessProbe: {} }], containers: [slow] })
        .readinessBudgetMs,
    ).toBe(155_000)
  })
})

describe('a claim', () => {
  it('is read with sizes in bytes and its owners', () => {
    const claim = facts(
      FACTS.claims({
        metadata: { ...METADATA, ownerReferences: [{ kind: 'Pod', name: 'web-1', uid: 'p1' }] },
        spec: {
          accessModes: ['ReadWriteOnce'],
          storageClassName: 'standard',
          volumeName: 'pv-1',
          resources: { requests: { storage: '50Mi' } },
        },
        status: { phase: 'Bound', capacity: { storage: '1Gi' } },
      }),
    )
    expect(claim).toMatchObject({
      phase: 'Bound',
      volumeName: 'pv-1',
      storageClass: 'standard',
      accessModes: ['ReadWriteOnce'],
      requestedBytes: 52_428_800,
      capacityBytes: 1_073_741_824,
      owners: [{ kind: 'Pod', name: 'web-1', uid: 'p1' }],
    })
  })

  it('without a status is pending and has no capacity', () => {
    expect(facts(FACTS.claims({ metadata: METADATA }))).toMatchObject({
      phase: 'Pending',
      capacityBytes: null,
      volumeName: null,
    })
  })
})

describe('a StatefulSet', () => {
  it('without its optional fields gets what Kubernetes would have defaulted', () => {
    expect(facts(FACTS.statefulsets({ metadata: METADATA, spec: {} }))).toMatchObject({
      replicas: 1,
      startOrdinal: 0,
      podManagementPolicy: 'OrderedReady',
      updateStrategy: 'RollingUpdate',
      partition: 0,
      minReadySeconds: 0,
      retention: null,
      gracePeriodSeconds: 30,
      claimTemplates: [],
      status: {
        replicas: 0,
        readyReplicas: 0,
        updatedReplicas: 0,
        currentRevision: null,
        updateRevision: null,
      },
    })
  })

  it('is read in full', () => {
    const set = facts(
      FACTS.statefulsets({
        metadata: { ...METADATA, generation: 4 },
        spec: {
          replicas: 0,
          ordinals: { start: 5 },
          serviceName: 'web',
          podManagementPolicy: 'Parallel',
          updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 2 } },
          minReadySeconds: 3,
          persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete' },
          selector: { matchLabels: { app: 'web' } },
          template: {
            metadata: { labels: { app: 'web', tier: 'x' } },
            spec: {
              terminationGracePeriodSeconds: 0,
              initContainers: [{ name: 'i', image: 'b' }],
              containers: [{ name: 'c', image: 'n' }],
            },
          },
          volumeClaimTemplates: [
            {
              metadata: { name: 'data' },
              spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
            },
          ],
        },
        status: {
          observedGeneration: 3,
          replicas: 2,
          readyReplicas: 1,
          updatedReplicas: 2,
          currentRevision: 'a',
          updateRevision: 'b',
        },
      }),
    )
    expect(set).toMatchObject({
      generation: 4,
      observedGeneration: 3,
      replicas: 0,
      startOrdinal: 5,
      serviceName: 'web',
      podManagementPolicy: 'Parallel',
      updateStrategy: 'OnDelete',
      partition: 2,
      minReadySeconds: 3,
      retention: { whenDeleted: 'Retain', whenScaled: 'Delete' },
      selector: { app: 'web' },
      podLabels: { app: 'web', tier: 'x' },
      claimTemplates: [
        { name: 'data', requestedBytes: 1_073_741_824, storageClass: null, accessModes: ['ReadWriteOnce'] },
      ],
      containers: [
        { name: 'i', init: true, image: 'b' },
        { name: 'c', init: false, image: 'n' },
      ],
      gracePeriodSeconds: 0,
      status: {
        replicas: 2,
        readyReplicas: 1,
        updatedReplicas: 2,
        currentRevision: 'a',
        updateRevision: 'b',
      },
    })
  })
})

describe('services, endpoints and events', () => {
  it('a headless service is told from one with an address, or with none yet', () => {
    const service = (spec: unknown) => facts(FACTS.services({ metadata: METADATA, spec }))
    expect(service({ clusterIP: 'None', selector: { app: 'web' }, ports: [{ port: 80 }] })).toMatchObject({
      headless: true,
      clusterIP: 'None',
      type: 'ClusterIP',
      selector: { app: 'web' },
      ports: [{ name: null, port: 80 }],
      publishNotReadyAddresses: false,
    })
    expect(service({ clusterIP: '10.0.0.9' }).headless).toBe(false)
    expect(service({ type: 'ExternalName', clusterIP: '' })).toMatchObject({
      headless: false,
      clusterIP: null,
      selector: null,
    })
  })

  it('endpoints of all subsets are put together', () => {
    const address = (ip: string) => ({ ip, hostname: `h${ip}`, targetRef: { kind: 'Pod', name: `p${ip}` } })
    const subsets = [
      { addresses: [address('1')], notReadyAddresses: [address('2')] },
      { addresses: [{ ip: '3' }] },
    ]
    expect(facts(FACTS.endpoints({ metadata: METADATA, subsets }))).toMatchObject({
      ready: [
        { ip: '1', hostname: 'h1', pod: 'p1' },
        { ip: '3', hostname: null, pod: null },
      ],
      notReady: [{ ip: '2', hostname: 'h2', pod: 'p2' }],
    })
  })

  it('events of old and of new recorders are read alike', () => {
    const involvedObject = { kind: 'Pod', name: 'web-1', uid: 'p1' }
    const old = {
      metadata: METADATA,
      type: 'Warning',
      reason: 'Failed',
      message: 'm',
      count: 4,
      lastTimestamp: 'L',
      involvedObject,
    }
    expect(facts(FACTS.events(old))).toMatchObject({
      warning: true,
      reason: 'Failed',
      message: 'm',
      count: 4,
      lastSeen: 'L',
      about: involvedObject,
    })
    const recent = {
      metadata: METADATA,
      type: 'Normal',
      eventTime: 'E',
      series: { count: 9, lastObservedTime: 'O' },
    }
    expect(facts(FACTS.events(recent))).toMatchObject({ warning: false, count: 9, lastSeen: 'O' })
  })
})
