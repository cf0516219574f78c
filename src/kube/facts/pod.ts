import type { PodFacts } from '../../timeline/facts.ts'
import { containerSpecs, parseContainers, readinessBudgetMs } from './containers.ts'
import { parseMounts } from './mounts.ts'
import {
  at,
  controller,
  createdAt,
  deletionTimestamp,
  labels,
  list,
  number,
  parseMetadata,
  text,
} from './shape.ts'

/** A v1 Pod; null without name, UID and resourceVersion. */
export const parsePod = (pod: unknown): PodFacts | null => {
  const metadata = parseMetadata(pod)
  if (metadata === null) return null
  const spec = at(pod, 'spec')
  return {
    kind: 'Pod',
    ...metadata,
    createdAt: createdAt(pod),
    controller: controller(pod),
    labels: labels(pod),
    hostname: text(at(spec, 'hostname')),
    subdomain: text(at(spec, 'subdomain')),
    node: text(at(spec, 'nodeName')),
    phase: text(at(pod, 'status', 'phase')) ?? 'Unknown',
    ready: at(condition(pod, 'Ready'), 'status') === 'True',
    deletionTimestamp: deletionTimestamp(pod),
    gracePeriodSeconds: number(
      at(pod, 'metadata', 'deletionGracePeriodSeconds'),
      number(at(spec, 'terminationGracePeriodSeconds'), 30),
    ),
    ips: addresses(pod),
    hostNetwork: at(spec, 'hostNetwork') === true,
    ...parseMounts(pod),
    containers: parseContainers(pod),
    configMaps: configMaps(spec),
    unschedulable: unschedulable(pod),
    readinessBudgetMs: readinessBudgetMs(spec),
    revision: text(at(pod, 'metadata', 'labels', 'controller-revision-hash')),
  }
}

/** As files, in a projected volume too, or as variables of a container. */
const configMaps = (spec: unknown): readonly string[] => {
  const volumes = list(at(spec, 'volumes')).flatMap((volume) => [
    text(at(volume, 'configMap', 'name')),
    ...list(at(volume, 'projected', 'sources')).map((source) => text(at(source, 'configMap', 'name'))),
  ])
  const variables = containerSpecs(spec).flatMap(({ spec: container }) => [
    ...list(container.env).map((variable) => text(at(variable, 'valueFrom', 'configMapKeyRef', 'name'))),
    ...list(container.envFrom).map((source) => text(at(source, 'configMapRef', 'name'))),
  ])
  const names = [...volumes, ...variables].filter((name) => name !== null)
  // Newer clusters give each pod the certificate of their API server this way.
  return [...new Set(names)].filter((name) => name !== 'kube-root-ca.crt')
}

const condition = (pod: unknown, type: string): unknown =>
  list(at(pod, 'status', 'conditions')).find((item) => at(item, 'type') === type)

const addresses = (pod: unknown): readonly string[] => {
  const all = [
    text(at(pod, 'status', 'podIP')),
    ...list(at(pod, 'status', 'podIPs')).map((entry) => text(at(entry, 'ip'))),
  ]
  return [...new Set(all.filter((ip): ip is string => ip !== null))]
}

const unschedulable = (pod: unknown): PodFacts['unschedulable'] => {
  const scheduled = condition(pod, 'PodScheduled')
  if (at(scheduled, 'status') !== 'False') return null
  return { reason: text(at(scheduled, 'reason')) ?? '', message: text(at(scheduled, 'message')) ?? '' }
}
