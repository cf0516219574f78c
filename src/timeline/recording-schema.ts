import * as z from 'zod'
import { type Observation, STREAMS } from './observation.ts'

/**
 * What a line of a saved recording must look like: every field of every fact, nothing else. A recording is
 * evidence, so a field we do not know is refused rather than dropped. Keep in step with facts.ts and
 * observation.ts (the `satisfies` at the end does not compile otherwise).
 */
const text = z.string()
const maybe = text.nullable()
const count = z.int().nonnegative()
const labels = z.record(text, text)
const owner = z.strictObject({ kind: text, name: text, uid: text })
const base = { namespace: text, name: text, uid: text, resourceVersion: text }
const mount = z.strictObject({
  container: text,
  init: z.boolean(),
  path: text,
  subPath: text,
  readOnly: z.boolean(),
})

const container = z.strictObject({
  name: text,
  init: z.boolean(),
  image: text,
  state: z.enum(['waiting', 'running', 'terminated', 'unknown']),
  ready: z.boolean(),
  reason: maybe,
  message: maybe,
  restarts: count,
  lastExitCode: z.int().nullable(),
  lastExitReason: maybe,
  startedAt: maybe,
  hasReadinessProbe: z.boolean(),
  // Recordings of before it was kept have none.
  readinessCommand: z.array(text).nullable().default(null),
})

const pod = z.strictObject({
  kind: z.literal('Pod'),
  ...base,
  createdAt: text,
  controller: owner.nullable(),
  labels,
  hostname: maybe,
  subdomain: maybe,
  node: maybe,
  phase: text,
  ready: z.boolean(),
  deletionTimestamp: maybe,
  gracePeriodSeconds: z.number(),
  ips: z.array(text),
  hostNetwork: z.boolean(),
  claims: z.array(z.strictObject({ volume: text, claim: text, mounts: z.array(mount) })),
  otherMounts: z.array(mount),
  containers: z.array(container),
  // Recordings of before it was kept have none.
  configMaps: z.array(text).default([]),
  unschedulable: z.strictObject({ reason: text, message: text }).nullable(),
  readinessBudgetMs: z.number(),
  revision: maybe,
})

const claim = z.strictObject({
  kind: z.literal('PersistentVolumeClaim'),
  ...base,
  createdAt: text,
  labels,
  phase: z.enum(['Pending', 'Bound', 'Lost']),
  volumeName: maybe,
  storageClass: maybe,
  accessModes: z.array(text),
  requestedBytes: z.number(),
  capacityBytes: z.number().nullable(),
  deletionTimestamp: maybe,
  owners: z.array(owner),
})

const statefulSet = z.strictObject({
  kind: z.literal('StatefulSet'),
  ...base,
  createdAt: text,
  labels,
  generation: count,
  observedGeneration: count,
  replicas: count,
  startOrdinal: count,
  serviceName: text,
  podManagementPolicy: z.enum(['OrderedReady', 'Parallel']),
  updateStrategy: z.enum(['RollingUpdate', 'OnDelete']),
  partition: z.number(),
  minReadySeconds: z.number(),
  retention: z.strictObject({ whenDeleted: text, whenScaled: text }).nullable(),
  selector: labels,
  podLabels: labels,
  claimTemplates: z.array(
    z.strictObject({
      name: text,
      requestedBytes: z.number(),
      storageClass: maybe,
      accessModes: z.array(text),
    }),
  ),
  containers: z.array(z.strictObject({ name: text, init: z.boolean(), image: text })),
  readinessBudgetMs: z.number(),
  gracePeriodSeconds: z.number(),
  status: z.strictObject({
    replicas: count,
    readyReplicas: count,
    updatedReplicas: count,
    currentRevision: maybe,
    updateRevision: maybe,
  }),
  deletionTimestamp: maybe,
})

const service = z.strictObject({
  kind: z.literal('Service'),
  ...base,
  labels,
  type: text,
  clusterIP: maybe,
  headless: z.boolean(),
  selector: labels.nullable(),
  ports: z.array(z.strictObject({ name: maybe, port: z.number() })),
  publishNotReadyAddresses: z.boolean(),
  // Recordings of before it was kept have none.
  sticky: z.boolean().default(false),
  deletionTimestamp: maybe,
})

const addresses = z.array(z.strictObject({ ip: text, hostname: maybe, pod: maybe }))
const endpoints = z.strictObject({
  kind: z.literal('Endpoints'),
  ...base,
  ready: addresses,
  notReady: addresses,
})

const event = z.strictObject({
  kind: z.literal('Event'),
  ...base,
  warning: z.boolean(),
  reason: text,
  message: text,
  count: z.number(),
  about: owner,
  lastSeen: maybe,
})

const place = { seq: z.int().positive(), at: text }
const changeType = z.enum(['listed', 'added', 'modified', 'deleted', 'vanished'])
const change = <const S extends string, O extends z.ZodType>(stream: S, object: O) =>
  z.strictObject({ ...place, stream: z.literal(stream), type: changeType, object })

const claimOf = { pod: text, podUid: text, claim: text, template: text }
const reading = z.discriminatedUnion('read', [
  z.strictObject({
    read: z.literal('content'),
    ...claimOf,
    tokens: z.record(text, text),
    files: z.array(
      z.strictObject({
        path: text,
        sizeBytes: z.number(),
        modified: maybe,
        copy: z.strictObject({ inode: text, changed: text }).exactOptional(),
        text,
        truncated: z.boolean(),
      }),
    ),
    fileCount: count,
    partial: z.boolean(),
    via: text,
  }),
  z.strictObject({ read: z.literal('unreadable'), ...claimOf, reason: text }),
  z.strictObject({
    read: z.literal('dns'),
    name: text,
    pod: maybe,
    podUid: maybe,
    from: text,
    status: z.enum(['answered', 'none', 'failed']),
    addresses: z.array(text),
    expected: z.array(text),
    text,
    final: z.boolean(),
  }),
  z.strictObject({ read: z.literal('dns-unavailable'), reason: text }),
  z.strictObject({
    read: z.literal('page'),
    of: z.enum(['service', 'pod']),
    name: text,
    port: count,
    from: text,
    asked: count,
    pages: count,
    text,
  }),
  z.strictObject({ read: z.literal('page-unavailable'), reason: text }),
  z.strictObject({ read: z.literal('settings'), configMap: text, values: z.record(text, text) }),
  z.strictObject({ read: z.literal('volume'), claim: text, claimUid: text, volume: text, volumeUid: maybe }),
])

const action = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('scale'), set: text, from: count, to: count }),
  z.strictObject({ do: z.literal('delete-pod'), pod: text, uid: text }),
  z.strictObject({ do: z.literal('write-token'), pod: text, claim: text, token: text }),
  z.strictObject({ do: z.literal('apply'), objects: z.array(text) }),
  z.strictObject({ do: z.literal('other'), what: text }),
])

const mark = z.discriminatedUnion('type', [
  z.strictObject({
    ...place,
    stream: z.literal('run'),
    type: z.literal('phase'),
    phase: z.enum(['create', 'baseline', 'replace', 'grow', 'shrink', 'regrow', 'update', 'restore']),
    boundary: z.enum(['begin', 'end']),
    outcome: z.enum(['reached', 'hopeless', 'timeout', 'interrupted', 'lost', 'interfered']).nullable(),
    reason: maybe,
  }),
  z.strictObject({ ...place, stream: z.literal('run'), type: z.literal('action'), action }),
  z.strictObject({ ...place, stream: z.literal('run'), type: z.literal('reading'), reading }),
])

const gap = z.strictObject({
  ...place,
  stream: z.enum(STREAMS),
  type: z.literal('gap'),
  reason: text,
  since: count.exactOptional(),
})
const changes = z.discriminatedUnion('stream', [
  change('pods', pod),
  change('claims', claim),
  change('statefulsets', statefulSet),
  change('services', service),
  change('endpoints', endpoints),
  change('events', event),
])

/** The schema for one line, chosen by the line itself so that a message names the field that is wrong, not every alternative. */
export function schemaFor(line: unknown): z.ZodType<Observation> {
  const { stream, type } = z
    .object({ stream: z.unknown(), type: z.unknown() })
    .catch({ stream: null, type: null })
    .parse(line)
  if (type === 'gap') return gap
  return stream === 'run' ? mark : changes
}

/** The header's own shape; see jsonl.ts. */
export const headerSchema = z.strictObject({
  kind: z.literal('sts-lab-recording'),
  version: z.literal(1),
  target: z.strictObject({ namespace: text, name: text, uid: maybe }),
  cluster: z
    .strictObject({ context: text, server: text, version: text, provider: text, simulated: z.boolean() })
    .refine(({ version, simulated }) => simulated || !/[+-]sts-lab-simulated/.test(version), {
      path: ['simulated'],
      message: 'the version is that of the practice cluster, which is simulated',
    })
    .nullable(),
  tool: z.strictObject({ name: z.literal('sts-lab'), version: text }),
  lab: text,
  startedAt: text,
})

/** `criteria[3].verdict: Invalid input …`, the first thing wrong with a value. */
export function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0]
  if (issue === undefined) return 'not as expected'
  return `${issue.path.length === 0 ? '' : `${issue.path.join('.')}: `}${issue.message}`
}
