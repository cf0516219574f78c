import { type ApiObject, at, listAt, textAt } from '../../object.ts'
import type { Pod } from '../../shapes.ts'
import { selectorOf } from '../../store/selector.ts'
import { isTerminating } from '../owners.ts'

/** What a pod that is to be placed finds on a node. */
export interface Candidate {
  readonly node: ApiObject
  /** That run on it already. */
  readonly pods: readonly Pod[]
}

const labelOf = ({ metadata }: ApiObject, key: string): string | undefined => metadata.labels?.[key]

/** nodeSelector and the required part of nodeAffinity. */
export function mayUse(pod: Pod, node: ApiObject): boolean {
  const selected = Object.entries(pod.spec.nodeSelector ?? {}).every(
    ([key, value]) => labelOf(node, key) === value,
  )
  const required = at(pod.spec, 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution')
  return (
    selected &&
    (required === undefined || listAt(required, 'nodeSelectorTerms').some((term) => meets(node, term)))
  )
}

/** All expressions of one term; a term without any is met by no node. */
function meets(node: ApiObject, term: unknown): boolean {
  const labels = listAt(term, 'matchExpressions')
  const fields = listAt(term, 'matchFields')
  return (
    labels.length + fields.length > 0 &&
    labels.every((expression) => holds(labelOf(node, textAt(expression, 'key')), expression)) &&
    fields.every((expression) => holds(node.metadata.name, expression))
  )
}

function holds(value: string | undefined, expression: unknown): boolean {
  const values = listAt(expression, 'values').map(String)
  switch (textAt(expression, 'operator')) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return Number(value) > Number(values[0])
    case 'Lt':
      return Number(value) < Number(values[0])
    default:
      return false
  }
}

const termsOf = (pod: Pod, kind: 'podAffinity' | 'podAntiAffinity'): readonly unknown[] =>
  listAt(pod.spec, 'affinity', kind, 'requiredDuringSchedulingIgnoredDuringExecution')

/** Whether a term of one pod's speaks of another. */
function speaksOf(term: unknown, owner: Pod, other: Pod): boolean {
  const named = listAt(term, 'namespaces')
  const everywhere = at(term, 'namespaceSelector') !== undefined
  const own = named.length === 0 ? [owner.metadata.namespace] : named
  if (!everywhere && !own.includes(other.metadata.namespace)) return false
  return selects(term, other)
}

/** A selector that is left out selects nothing. */
function selects(of: unknown, pod: Pod): boolean {
  const selector = at(of, 'labelSelector')
  return selector !== undefined && selectorOf(selector as object)(pod.metadata.labels ?? {})
}

/** Pods in the same part of the cluster as the node. */
const near = (node: ApiObject, key: string, all: readonly Candidate[]): readonly Pod[] =>
  labelOf(node, key) === undefined
    ? []
    : all.filter((other) => labelOf(other.node, key) === labelOf(node, key)).flatMap(({ pods }) => pods)

/** Every term has a pod near; a pod that is the first of its kind need not wait for itself. */
export function isNearFriends(pod: Pod, { node }: Candidate, all: readonly Candidate[]): boolean {
  const terms = termsOf(pod, 'podAffinity')
  if (terms.some((term) => labelOf(node, textAt(term, 'topologyKey')) === undefined)) return false
  const found = (pods: readonly Pod[]) => (term: unknown) => pods.some((other) => speaksOf(term, pod, other))
  if (terms.every((term) => found(near(node, textAt(term, 'topologyKey'), all))(term))) return true
  const anywhere = all.flatMap(({ pods }) => pods)
  return terms.every((term) => speaksOf(term, pod, pod)) && !terms.some(found(anywhere))
}

/** No pod near that it will not be with. */
export const isFarFromFoes = (pod: Pod, { node }: Candidate, all: readonly Candidate[]): boolean =>
  termsOf(pod, 'podAntiAffinity').every(
    (term) => !near(node, textAt(term, 'topologyKey'), all).some((other) => speaksOf(term, pod, other)),
  )

/** No pod near that will not be with it. */
export const isWelcome = (pod: Pod, { node }: Candidate, all: readonly Candidate[]): boolean =>
  all.every((candidate) =>
    candidate.pods.every((other) =>
      termsOf(other, 'podAntiAffinity').every((term) => {
        const key = textAt(term, 'topologyKey')
        const place = labelOf(node, key)
        return place === undefined || place !== labelOf(candidate.node, key) || !speaksOf(term, other, pod)
      }),
    ),
  )

/** topologySpreadConstraints that forbid a node: it lacks the label, or would have too many. */
export function spreadProblem(
  pod: Pod,
  { node }: Candidate,
  all: readonly Candidate[],
): 'no label' | 'too many' | null {
  const hard = listAt(pod.spec, 'topologySpreadConstraints').filter(
    (constraint) => textAt(constraint, 'whenUnsatisfiable') !== 'ScheduleAnyway',
  )
  const keys = hard.map((constraint) => textAt(constraint, 'topologyKey'))
  if (keys.some((key) => labelOf(node, key) === undefined)) return 'no label'
  const counted = all.filter(
    (other) => mayUse(pod, other.node) && keys.every((key) => labelOf(other.node, key) !== undefined),
  )
  const isTooMuch = hard.some((constraint) => {
    const key = textAt(constraint, 'topologyKey')
    const counts = new Map<string, number>()
    for (const { node: there, pods } of counted) {
      const place = labelOf(there, key) ?? ''
      const matching = pods.filter(
        (other) =>
          other.metadata.namespace === pod.metadata.namespace &&
          !isTerminating(other) &&
          selects(constraint, other),
      )
      counts.set(place, (counts.get(place) ?? 0) + matching.length)
    }
    const least = Math.min(...counts.values())
    const then = (counts.get(labelOf(node, key) ?? '') ?? 0) + (selects(constraint, pod) ? 1 : 0)
    return then - least > Number(at(constraint, 'maxSkew') ?? 1)
  })
  return isTooMuch ? 'too many' : null
}
