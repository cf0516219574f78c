import type {
  ClaimFacts,
  EndpointsFacts,
  EventFacts,
  PodFacts,
  ServiceFacts,
  StatefulSetFacts,
} from '../../src/timeline/facts.ts'

/** The set all builders build for, unless told otherwise. */
export const NAMESPACE = 'lab'
export const SET = 'web'
export const SET_UID = 'set-web'
export const SERVICE = 'web-svc'
export const TEMPLATE = 'data'
export const TARGET = { namespace: NAMESPACE, name: SET, uid: SET_UID }

const base = (name: string, uid: string) => ({
  namespace: NAMESPACE,
  name,
  uid,
  resourceVersion: '1',
  createdAt: '2026-01-01T00:00:00Z',
})

/** `aPod({ ordinal: 1, ready: true })`; `life` 2 is its successor: another UID and IP. */
export function aPod(
  options: Partial<PodFacts> & {
    readonly ordinal?: number
    readonly life?: number
    readonly terminating?: boolean
  } = {},
): PodFacts {
  const { ordinal = 0, life = 1, terminating = false, ...facts } = options
  const name = facts.name ?? `${SET}-${ordinal}`
  const ready = facts.ready ?? false
  const mount = { container: 'app', init: false, path: '/data', subPath: '', readOnly: false }
  return {
    kind: 'Pod',
    ...base(name, `${name}#${life}`),
    controller: { kind: 'StatefulSet', name: SET, uid: SET_UID },
    labels: { app: 'web' },
    hostname: name,
    subdomain: SERVICE,
    node: 'node-1',
    phase: ready ? 'Running' : 'Pending',
    ready,
    deletionTimestamp: terminating ? '2026-01-01T00:00:09Z' : null,
    gracePeriodSeconds: 10,
    ips: ready ? [`10.0.${life}.${ordinal}`] : [],
    hostNetwork: false,
    claims: [{ volume: TEMPLATE, claim: `${TEMPLATE}-${name}`, mounts: [mount] }],
    otherMounts: [],
    containers: [
      {
        name: 'app',
        init: false,
        image: 'busybox:1.36',
        state: ready ? 'running' : 'waiting',
        ready,
        reason: null,
        message: null,
        restarts: 0,
        lastExitCode: null,
        lastExitReason: null,
        startedAt: null,
        hasReadinessProbe: false,
        readinessCommand: null,
      },
    ],
    configMaps: [],
    unschedulable: null,
    readinessBudgetMs: 0,
    revision: 'web-1',
    ...facts,
  }
}

export function aClaim(options: Partial<ClaimFacts> & { readonly ordinal?: number } = {}): ClaimFacts {
  const { ordinal = 0, ...facts } = options
  const name = facts.name ?? `${TEMPLATE}-${SET}-${ordinal}`
  const bound = (facts.phase ?? 'Bound') === 'Bound'
  return {
    kind: 'PersistentVolumeClaim',
    ...base(name, `${name}#1`),
    labels: {},
    phase: 'Bound',
    volumeName: bound ? `pv-${name}` : null,
    storageClass: 'local-path',
    accessModes: ['ReadWriteOnce'],
    requestedBytes: 100 * 1024 * 1024,
    capacityBytes: bound ? 100 * 1024 * 1024 : null,
    deletionTimestamp: null,
    owners: [],
    ...facts,
  }
}

export function aSet(facts: Partial<StatefulSetFacts> = {}): StatefulSetFacts {
  return {
    kind: 'StatefulSet',
    ...base(SET, SET_UID),
    labels: {},
    generation: 1,
    observedGeneration: 1,
    replicas: 3,
    startOrdinal: 0,
    serviceName: SERVICE,
    podManagementPolicy: 'OrderedReady',
    updateStrategy: 'RollingUpdate',
    partition: 0,
    minReadySeconds: 0,
    retention: null,
    selector: { app: 'web' },
    podLabels: { app: 'web' },
    claimTemplates: [
      {
        name: TEMPLATE,
        requestedBytes: 100 * 1024 * 1024,
        storageClass: null,
        accessModes: ['ReadWriteOnce'],
      },
    ],
    containers: [{ name: 'app', init: false, image: 'busybox:1.36' }],
    readinessBudgetMs: 0,
    gracePeriodSeconds: 10,
    status: {
      replicas: 3,
      readyReplicas: 3,
      updatedReplicas: 3,
      currentRevision: 'web-1',
      updateRevision: 'web-1',
    },
    deletionTimestamp: null,
    ...facts,
  }
}

export function aService(facts: Partial<ServiceFacts> = {}): ServiceFacts {
  const name = facts.name ?? SERVICE
  const { createdAt: _, ...common } = base(name, `svc-${name}`)
  return {
    kind: 'Service',
    ...common,
    labels: {},
    type: 'ClusterIP',
    clusterIP: 'None',
    headless: true,
    selector: { app: 'web' },
    ports: [{ name: null, port: 80 }],
    publishNotReadyAddresses: false,
    sticky: false,
    deletionTimestamp: null,
    ...facts,
  }
}

export function someEndpoints(facts: Partial<EndpointsFacts> = {}): EndpointsFacts {
  const { createdAt: _, ...common } = base(SERVICE, 'ep-1')
  return { kind: 'Endpoints', ...common, ready: [], notReady: [], ...facts }
}

export function anEvent(facts: Partial<EventFacts> = {}): EventFacts {
  const { createdAt: _, ...common } = base('an-event', 'event-1')
  return {
    kind: 'Event',
    ...common,
    warning: true,
    reason: 'Failed',
    message: 'something failed',
    count: 1,
    about: { kind: 'Pod', name: 'web-0', uid: 'web-0#1' },
    lastSeen: null,
    ...facts,
  }
}
