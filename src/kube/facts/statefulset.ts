import type { StatefulSetFacts } from '../../timeline/facts.ts'
import { parseClaimSpec } from './claim.ts'
import { containerSpecs, readinessBudgetMs } from './containers.ts'
import {
  at,
  createdAt,
  deletionTimestamp,
  labels,
  list,
  number,
  parseMetadata,
  stringMap,
  text,
} from './shape.ts'

/** An apps/v1 StatefulSet; null without name, UID and resourceVersion. */
export const parseStatefulSet = (set: unknown): StatefulSetFacts | null => {
  const metadata = parseMetadata(set)
  if (metadata === null) return null
  const spec = at(set, 'spec')
  const podSpec = at(spec, 'template', 'spec')
  return {
    kind: 'StatefulSet',
    ...metadata,
    createdAt: createdAt(set),
    labels: labels(set),
    generation: number(at(set, 'metadata', 'generation'), 0),
    observedGeneration: number(at(set, 'status', 'observedGeneration'), 0),
    replicas: number(at(spec, 'replicas'), 1),
    startOrdinal: number(at(spec, 'ordinals', 'start'), 0),
    serviceName: text(at(spec, 'serviceName')) ?? '',
    podManagementPolicy: at(spec, 'podManagementPolicy') === 'Parallel' ? 'Parallel' : 'OrderedReady',
    updateStrategy: at(spec, 'updateStrategy', 'type') === 'OnDelete' ? 'OnDelete' : 'RollingUpdate',
    partition: number(at(spec, 'updateStrategy', 'rollingUpdate', 'partition'), 0),
    minReadySeconds: number(at(spec, 'minReadySeconds'), 0),
    retention: retention(at(spec, 'persistentVolumeClaimRetentionPolicy')),
    selector: stringMap(at(spec, 'selector', 'matchLabels')),
    podLabels: labels(at(spec, 'template')),
    claimTemplates: list(at(spec, 'volumeClaimTemplates')).map((template) => ({
      name: text(at(template, 'metadata', 'name')) ?? '',
      ...parseClaimSpec(at(template, 'spec')),
    })),
    containers: containerSpecs(podSpec).map(({ name, init, spec: container }) => ({
      name,
      init,
      image: text(container.image) ?? '',
    })),
    readinessBudgetMs: readinessBudgetMs(podSpec),
    gracePeriodSeconds: number(at(podSpec, 'terminationGracePeriodSeconds'), 30),
    status: {
      replicas: number(at(set, 'status', 'replicas'), 0),
      readyReplicas: number(at(set, 'status', 'readyReplicas'), 0),
      updatedReplicas: number(at(set, 'status', 'updatedReplicas'), 0),
      currentRevision: text(at(set, 'status', 'currentRevision')),
      updateRevision: text(at(set, 'status', 'updateRevision')),
    },
    deletionTimestamp: deletionTimestamp(set),
  }
}

const retention = (policy: unknown): StatefulSetFacts['retention'] => {
  if (typeof policy !== 'object' || policy === null) return null
  return {
    whenDeleted: text(at(policy, 'whenDeleted')) ?? 'Retain',
    whenScaled: text(at(policy, 'whenScaled')) ?? 'Retain',
  }
}
