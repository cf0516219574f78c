import type { DeletedObjects, LabAction, LabGoal } from '../lab/lab.ts'
import { expectedPodNames } from '../timeline/state.ts'
import { type GoalContext, hasLabel, judgeGoal } from './lab-goal.ts'

/** What was done, in a sentence, as soon as the cluster shows that it was begun; null: not yet. */
export function noticed(action: LabAction, until: LabGoal, context: GoalContext): string | null {
  const { state, statefulSet } = context
  const set = state.statefulsets.get(statefulSet)
  switch (action.do) {
    case 'apply':
      return applied(until, context)
    case 'delete-pod': {
      // A pod that goes as the set shrinks or is deleted was not deleted by itself.
      if (set === undefined || set.deletionTimestamp !== null) return null
      if (!expectedPodNames(set).includes(action.pod)) return null
      const before = context.podsAtStart.get(action.pod)
      const now = state.pods.get(action.pod)
      const untouched = before === undefined || (now?.uid === before && now.deletionTimestamp === null)
      return untouched ? null : `${action.pod} was deleted`
    }
    case 'scale':
      return set?.replicas === action.replicas ? `the set asks for ${action.replicas} pods` : null
    case 'set-image':
      return set?.containers.some(({ name, image }) => name === action.container && image === action.image)
        ? `the template names ${action.image}`
        : null
    case 'delete':
      return action.objects.every((objects) => leaving(objects, context)) ? 'it is being deleted' : null
    case 'fill':
      return applied(until, context)
    case 'write':
      return judgeGoal(until, context).done ? `${action.file} is there in every pod` : null
    case 'wait':
    case 'several':
      return null
  }
}

function applied(until: LabGoal, { state, statefulSet, namespace }: GoalContext): string | null {
  if (until.see === 'namespace') return namespace === 'there' ? 'the namespace is there' : null
  if (until.see === 'service') return state.services.has(until.name) ? `service ${until.name} is there` : null
  return state.statefulsets.has(statefulSet) ? `StatefulSet ${statefulSet} is there` : null
}

/** Gone, or on its way. */
function leaving({ kind, name, selector }: DeletedObjects, context: GoalContext): boolean {
  const { state, namespace, keepNamespace } = context
  const meant = <T extends { readonly name: string; readonly labels: Readonly<Record<string, string>> }>(
    objects: ReadonlyMap<string, T>,
  ): T[] =>
    [...objects.values()].filter((object) =>
      name === null ? hasLabel(object.labels, selector) : object.name === name,
    )
  const ends = (objects: readonly { readonly deletionTimestamp: string | null }[]): boolean =>
    objects.every(({ deletionTimestamp }) => deletionTimestamp !== null)
  switch (kind) {
    case 'Namespace':
      return keepNamespace || namespace === 'gone' || namespace === 'terminating'
    case 'StatefulSet':
      return ends(meant(state.statefulsets))
    case 'Service':
      return ends(meant(state.services))
    case 'PersistentVolumeClaim':
      return ends(meant(state.claims))
    case 'Pod':
      return ends(meant(state.pods))
  }
}
