import { type ApiObject, at } from '../object.ts'
import { kindOf } from '../registry/index.ts'
import type { Pod } from '../shapes.ts'
import { StatusError } from '../status.ts'
import { type LabelSelector, selectorOf } from '../store/selector.ts'
import type { Api } from './api.ts'

/**
 * Asks the budgets that protect a pod whether it may be evicted, and takes its share of one that allows it.
 * @throws StatusError 429 as long as it may not, 500 for a pod with several budgets, both in the real server's words
 */
export function askBudgets(api: Api, namespace: string | undefined, name: string, dryRun = false): void {
  const pod = api.find(kindOf('pods'), namespace, name) as Pod | null
  // Nobody is served by one that does not run.
  if (pod === null || pod.metadata.deletionTimestamp !== undefined || pod.status?.phase !== 'Running') return
  const kind = kindOf('poddisruptionbudgets')
  const budgets = api.list(kind, namespace).items.filter((budget) => covers(budget, pod))
  if (budgets.length > 1)
    throw new StatusError(
      500,
      'InternalError',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    )
  const [budget] = budgets
  if (budget === undefined) return
  const count = (what: string): number => Number(at(budget, 'status', what) ?? 0)
  const isReady = pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')
  const isSpare =
    isReady !== true && count('desiredHealthy') > 0 && count('currentHealthy') >= count('desiredHealthy')
  if (isSpare) return
  if (count('disruptionsAllowed') <= 0) {
    const needs = `needs ${count('desiredHealthy')} healthy pods and has ${count('currentHealthy')} currently`
    throw new StatusError(
      429,
      'TooManyRequests',
      "Cannot evict pod as it would violate the pod's disruption budget.",
      {
        causes: [
          { reason: 'DisruptionBudget', message: `The disruption budget ${budget.metadata.name} ${needs}` },
        ],
      },
    )
  }
  // Two at the same moment do not both have the last of it; the controller counts anew when the pod goes.
  api.change(
    kind,
    namespace,
    budget.metadata.name,
    (current) => ({
      ...current,
      status: { ...(current.status as object), disruptionsAllowed: count('disruptionsAllowed') - 1 },
    }),
    { manager: 'kube-apiserver', dryRun },
    'status',
  )
}

const covers = (budget: ApiObject, { metadata }: Pod): boolean =>
  selectorOf(at(budget, 'spec', 'selector') as LabelSelector | undefined)(metadata.labels ?? {})
