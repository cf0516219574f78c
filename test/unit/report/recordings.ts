import type { ClaimFacts, PodFacts, StatefulSetFacts } from '../../../src/timeline/facts.ts'
import type { ActionMark, PhaseName } from '../../../src/timeline/observation.ts'
import { Timeline } from '../../../src/timeline/timeline.ts'

const setUid = 'set-uid'
export const target = { namespace: 'statefulset-lab', name: 'web', uid: setUid }

export const aPod = (fields: Partial<PodFacts> & { readonly name: string }): PodFacts => ({
  kind: 'Pod',
  namespace: 'statefulset-lab',
  uid: `${fields.name}-uid-1`,
  resourceVersion: '1',
  createdAt: '2026-11-20T20:00:00Z',
  controller: { kind: 'StatefulSet', name: 'web', uid: setUid },
  labels: { app: 'web' },
  hostname: fields.name,
  subdomain: 'nginx',
  node: 'node-1',
  phase: fields.ready ? 'Running' : 'Pending',
  ready: false,
  deletionTimestamp: null,
  gracePeriodSeconds: 10,
  ips: fields.ready ? ['10.2.0.4'] : [],
  hostNetwork: false,
  configMaps: [],
  claims: [{ volume: 'www', claim: `www-${fields.name}`, mounts: [] }],
  otherMounts: [],
  containers: [],
  unschedulable: null,
  readinessBudgetMs: 0,
  revision: null,
  ...fields,
})

export const aClaim = (fields: Partial<ClaimFacts> & { readonly name: string }): ClaimFacts => ({
  kind: 'PersistentVolumeClaim',
  namespace: 'statefulset-lab',
  uid: `${fields.name}-uid-1`,
  resourceVersion: '1',
  createdAt: '2026-11-20T20:00:00Z',
  labels: {},
  phase: 'Bound',
  volumeName: `pvc-${fields.name}`,
  storageClass: 'standard',
  accessModes: ['ReadWriteOnce'],
  requestedBytes: 50 * 1024 * 1024,
  capacityBytes: 50 * 1024 * 1024,
  deletionTimestamp: null,
  owners: [],
  ...fields,
})

export const aSet = (fields: Partial<StatefulSetFacts> = {}): StatefulSetFacts => ({
  kind: 'StatefulSet',
  namespace: 'statefulset-lab',
  name: 'web',
  uid: setUid,
  resourceVersion: '1',
  createdAt: '2026-11-20T20:00:00Z',
  labels: {},
  generation: 1,
  observedGeneration: 1,
  replicas: 3,
  startOrdinal: 0,
  serviceName: 'nginx',
  podManagementPolicy: 'OrderedReady',
  updateStrategy: 'RollingUpdate',
  partition: 0,
  minReadySeconds: 0,
  retention: null,
  selector: { app: 'web' },
  podLabels: { app: 'web' },
  claimTemplates: [
    { name: 'www', requestedBytes: 50 * 1024 * 1024, storageClass: null, accessModes: ['ReadWriteOnce'] },
  ],
  containers: [{ name: 'nginx', init: false, image: 'nginx:1.21' }],
  readinessBudgetMs: 0,
  gracePeriodSeconds: 10,
  status: {
    replicas: 3,
    readyReplicas: 3,
    updatedReplicas: 3,
    currentRevision: null,
    updateRevision: null,
  },
  deletionTimestamp: null,
  ...fields,
})

/** A timeline whose clock stands still until it is told to go on. */
export function aRecorder(start = '2026-11-20T20:31:07.000Z') {
  let now = Date.parse(start)
  const timeline = new Timeline(() => new Date(now))
  const lives = new Map<string, number>()
  const uid = (name: string): string => `${name}-uid-${lives.get(name) ?? 1}`
  const pods = (type: 'listed' | 'added' | 'modified' | 'deleted', object: PodFacts) =>
    timeline.append({ stream: 'pods', type, object })
  const recorder = {
    timeline,
    now: () => new Date(now),
    wait(ms: number) {
      now += ms
      return recorder
    },
    listed(name: string) {
      lives.set(name, 1)
      return pods('listed', aPod({ name, uid: uid(name), ready: true }))
    },
    added(name: string) {
      lives.set(name, (lives.get(name) ?? 0) + 1)
      return pods('added', aPod({ name, uid: uid(name) }))
    },
    ready: (name: string) => pods('modified', aPod({ name, uid: uid(name), ready: true })),
    terminating: (name: string) =>
      pods(
        'modified',
        aPod({ name, uid: uid(name), ready: true, deletionTimestamp: '2026-11-20T20:32:00Z' }),
      ),
    gone: (name: string) => pods('deleted', aPod({ name, uid: uid(name) })),
    claim: (
      name: string,
      type: 'listed' | 'added' | 'modified' | 'deleted' = 'listed',
      fields: Partial<ClaimFacts> = {},
    ) => timeline.append({ stream: 'claims', type, object: aClaim({ name, ...fields }) }),
    act: (action: ActionMark['action']) => timeline.append({ stream: 'run', type: 'action', action }),
    phase: (phase: PhaseName, boundary: 'begin' | 'end') =>
      timeline.append({ stream: 'run', type: 'phase', phase, boundary, outcome: null, reason: null }),
    up(name: string, ms = 1500) {
      recorder.added(name)
      recorder.wait(ms)
      recorder.ready(name)
      recorder.wait(12)
    },
    down(name: string, ms = 900) {
      recorder.terminating(name)
      recorder.wait(ms)
      recorder.gone(name)
      recorder.wait(12)
    },
  }
  return recorder
}

/** What verify records of a set of three: baseline, replace, 3→5, 5→0, 0→3. With `rush`, 0→3 happens all at once. */
export function aVerifyRecording({ rush = false } = {}) {
  const r = aRecorder()
  r.timeline.append({ stream: 'statefulsets', type: 'listed', object: aSet() })
  for (const n of [0, 1, 2]) {
    r.listed(`web-${n}`)
    r.claim(`www-web-${n}`)
  }
  r.wait(2100)
  r.act({ do: 'delete-pod', pod: 'web-1', uid: 'web-1-uid-1' })
  r.wait(30)
  r.down('web-1')
  r.up('web-1')
  r.wait(2500)
  r.act({ do: 'scale', set: 'web', from: 3, to: 5 })
  r.wait(25)
  for (const n of [3, 4]) {
    r.claim(`www-web-${n}`, 'added', { phase: 'Pending', volumeName: null })
    r.wait(4)
    r.claim(`www-web-${n}`, 'modified')
    r.up(`web-${n}`)
  }
  r.wait(800)
  r.act({ do: 'scale', set: 'web', from: 5, to: 0 })
  r.wait(20)
  for (const n of [4, 3, 2, 1, 0]) r.down(`web-${n}`)
  r.wait(2000)
  r.act({ do: 'scale', set: 'web', from: 0, to: 3 })
  r.wait(20)
  if (rush) {
    for (const n of [0, 1, 2]) r.added(`web-${n}`)
    r.wait(1400)
    for (const n of [1, 0, 2]) r.wait(80).ready(`web-${n}`)
  } else {
    for (const n of [0, 1, 2]) r.up(`web-${n}`)
  }
  r.wait(1200)
  r.timeline.append({ stream: 'statefulsets', type: 'modified', object: aSet() })
  return r.timeline.observations
}
