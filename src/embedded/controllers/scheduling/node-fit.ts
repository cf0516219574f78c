import { type ApiObject, at, listAt, textAt } from '../../object.ts'
import type { Pod } from '../../shapes.ts'
import { quantityValue } from '../../validate/quantity.ts'
import { isFinished } from '../pod-conditions.ts'
import type { PersistentVolume } from '../storage/persistent-volume.ts'
import { type Candidate, isFarFromFoes, isNearFriends, isWelcome, mayUse, spreadProblem } from './affinity.ts'

/** Why a pod cannot run on a node, in the real scheduler's words. */
export interface Obstacle {
  readonly reason: string
  /** It would be no more if other pods were not there. */
  readonly passing?: true
}

/** None: it can. @param all the candidates, for what depends on pods elsewhere */
export function obstacles(
  pod: Pod,
  candidate: Candidate,
  volumes: readonly PersistentVolume[],
  all: readonly Candidate[],
): readonly Obstacle[] {
  const { node, pods } = candidate
  const forGood = (reason: string): readonly Obstacle[] => [{ reason }]
  const becauseOfOthers = (reason: string): readonly Obstacle[] => [{ reason, passing: true }]
  const taint = untolerated(pod, node)
  if (at(node, 'spec', 'unschedulable') === true && !tolerates(pod, UNSCHEDULABLE))
    return forGood('node(s) were unschedulable')
  if (taint !== null) return forGood(`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`)
  if (!mayUse(pod, node)) return forGood("node(s) didn't match Pod's node affinity/selector")
  if (portsOf(pod).some((port) => pods.some((other) => portsOf(other).includes(port))))
    return becauseOfOthers("node(s) didn't have free ports for the requested pod ports")
  const lacking = lacks(pod, node, pods)
  if (lacking.length > 0) return lacking
  if (!volumes.every((volume) => isReachable(volume, node.metadata.labels ?? {})))
    return forGood('node(s) had volume node affinity conflict')
  const spread = spreadProblem(pod, candidate, all)
  const constraints = "node(s) didn't match pod topology spread constraints"
  if (spread === 'no label') return forGood(`${constraints} (missing required label)`)
  if (spread === 'too many') return becauseOfOthers(constraints)
  if (!isNearFriends(pod, candidate, all)) return forGood("node(s) didn't match pod affinity rules")
  if (!isFarFromFoes(pod, candidate, all))
    return becauseOfOthers("node(s) didn't match pod anti-affinity rules")
  return isWelcome(pod, candidate, all)
    ? []
    : becauseOfOthers("node(s) didn't satisfy existing pods anti-affinity rules")
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

function lacks(pod: Pod, node: ApiObject, pods: readonly Pod[]): readonly Obstacle[] {
  const allowed = (name: string) =>
    quantityValue(textAt(node, 'status', 'allocatable', name)) ?? Number.POSITIVE_INFINITY
  if (pods.length + 1 > allowed('pods')) return [{ reason: 'Too many pods', passing: true }]
  return ['cpu', 'memory'].flatMap((name): readonly Obstacle[] => {
    const asked = requestOf(pod, name)
    const reason = `Insufficient ${name}`
    if (asked > allowed(name)) return [{ reason }]
    const taken = pods.reduce((sum, other) => sum + requestOf(other, name), 0)
    return asked > 0 && asked + taken > allowed(name) ? [{ reason, passing: true }] : []
  })
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
