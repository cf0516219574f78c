import { type ApiObject, at, listAt, textAt } from '../../object.ts'
import type { Pod } from '../../shapes.ts'
import { quantityValue } from '../../validate/quantity.ts'
import { isFinished } from '../pod-conditions.ts'
import type { PersistentVolume } from '../storage/persistent-volume.ts'

/** What a pod that is to be placed finds on a node. */
export interface Candidate {
  readonly node: ApiObject
  /** That run on it already. */
  readonly pods: readonly Pod[]
}

/** Why the pod cannot run on the node, in the real scheduler's words. None: it can. */
export function obstacles(
  pod: Pod,
  { node, pods }: Candidate,
  volumes: readonly PersistentVolume[],
): readonly string[] {
  const taint = untolerated(pod, node)
  if (at(node, 'spec', 'unschedulable') === true && !tolerates(pod, UNSCHEDULABLE))
    return ['node(s) were unschedulable']
  if (taint !== null) return [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`]
  const labels = node.metadata.labels ?? {}
  const selected = Object.entries(pod.spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value)
  if (!selected) return ["node(s) didn't match Pod's node affinity/selector"]
  if (portsOf(pod).some((port) => pods.some((other) => portsOf(other).includes(port))))
    return ["node(s) didn't have free ports for the requested pod ports"]
  const lacking = lacks(pod, node, pods)
  if (lacking.length > 0) return lacking
  return volumes.every((volume) => isReachable(volume, labels))
    ? []
    : ['node(s) had volume node affinity conflict']
}

interface Taint {
  readonly key: string
  readonly value?: string
  readonly effect?: string
}

const UNSCHEDULABLE: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

const untolerated = (pod: Pod, node: ApiObject): Taint | null =>
  (listAt(node, 'spec', 'taints') as readonly Taint[]).find(
    (taint) => taint.effect !== 'PreferNoSchedule' && !tolerates(pod, taint),
  ) ?? null

const tolerates = ({ spec }: Pod, taint: Taint): boolean =>
  (spec.tolerations ?? []).some(
    ({ key, operator, value, effect }) =>
      (key === undefined || key === taint.key) &&
      (effect === undefined || effect === taint.effect) &&
      (operator === 'Exists' || (value ?? '') === (taint.value ?? '')),
  )

const portsOf = ({ spec }: Pod): readonly string[] =>
  spec.containers
    .flatMap(({ ports = [] }) => ports)
    .flatMap(({ hostPort = 0, protocol = 'TCP' }) => (hostPort === 0 ? [] : [`${protocol} ${hostPort}`]))

function lacks(pod: Pod, node: ApiObject, pods: readonly Pod[]): readonly string[] {
  const allowed = (name: string) =>
    quantityValue(textAt(node, 'status', 'allocatable', name)) ?? Number.POSITIVE_INFINITY
  if (pods.length + 1 > allowed('pods')) return ['Too many pods']
  return ['cpu', 'memory']
    .filter((name) => {
      const asked = requestOf(pod, name)
      if (asked === 0) return false
      return asked + pods.reduce((sum, other) => sum + requestOf(other, name), 0) > allowed(name)
    })
    .map((name) => `Insufficient ${name}`)
}

function requestOf({ spec }: Pod, name: string): number {
  const of = (requests: Readonly<Record<string, string>> | undefined) => {
    const text = requests?.[name]
    return text === undefined ? 0 : (quantityValue(text) ?? 0)
  }
  const together = spec.containers.reduce((sum, { resources }) => sum + of(resources?.requests), 0)
  return Math.max(together, ...(spec.initContainers ?? []).map(({ resources }) => of(resources?.requests)))
}

/** A volume that lies on one node is only there. */
function isReachable(volume: PersistentVolume, labels: Readonly<Record<string, string>>): boolean {
  const terms = listAt(volume, 'spec', 'nodeAffinity', 'required', 'nodeSelectorTerms')
  if (terms.length === 0) return true
  return terms.some((term) =>
    listAt(term, 'matchExpressions').every((expression) =>
      listAt(expression, 'values').includes(labels[textAt(expression, 'key')]),
    ),
  )
}

/** The nodes of a cluster with the pods that take room on them. */
export function candidatesOf(nodes: readonly ApiObject[], pods: readonly Pod[]): readonly Candidate[] {
  const onNode = new Map<string, Pod[]>(nodes.map(({ metadata }) => [metadata.name, []]))
  for (const pod of pods) if (!isFinished(pod)) onNode.get(pod.spec.nodeName ?? '')?.push(pod)
  return nodes.map((node) => ({ node, pods: onNode.get(node.metadata.name) ?? [] }))
}
