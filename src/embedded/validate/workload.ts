import { isObject, sameJson } from '../object.ts'
import type { LabelSelector, StatefulSet, Workload } from '../shapes.ts'
import { selectorOf } from '../store/selector.ts'
import { type FieldError, GoValue, invalid, notAllowed, required, unsupported } from './field-error.ts'
import { notNegative, validateLabels, validateSelector } from './metadata.ts'
import { validateTemplate } from './pod.ts'

const EMPTY_SELECTOR = (kind: string): string => `empty selector is invalid for ${kind}`

/** A selector as Go prints it. */
const goSelector = ({ matchLabels, matchExpressions }: LabelSelector): GoValue => {
  const labels =
    matchLabels === undefined
      ? 'map[string]string(nil)'
      : `map[string]string{${Object.entries(matchLabels)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
          .join(', ')}}`
  const expressions = (matchExpressions ?? []).map(
    ({ key, operator, values = [] }) =>
      `v1.LabelSelectorRequirement{Key:"${key}", Operator:"${operator}", Values:[]string{${values.map((value) => JSON.stringify(value)).join(', ')}}}`,
  )
  const list =
    expressions.length === 0
      ? '[]v1.LabelSelectorRequirement(nil)'
      : `[]v1.LabelSelectorRequirement{${expressions.join(', ')}}`
  return new GoValue(`v1.LabelSelector{MatchLabels:${labels}, MatchExpressions:${list}}`)
}

/** Selector and template, and that the one selects the other. */
function validateSelected({ spec }: Workload, kind: string): readonly FieldError[] {
  const errors: FieldError[] = []
  const { selector, template } = spec
  const asked = [...Object.keys(selector?.matchLabels ?? {}), ...(selector?.matchExpressions ?? [])]
  if (selector === undefined) errors.push(required('spec.selector'))
  else {
    errors.push(...validateSelector(selector, 'spec.selector'))
    if (asked.length === 0) errors.push(invalid('spec.selector', goSelector(selector), EMPTY_SELECTOR(kind)))
  }
  const labels = template?.metadata?.labels ?? {}
  if ((selector === undefined || asked.length > 0) && !selectorOf(selector)(labels))
    errors.push(
      invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'),
    )
  // The real server looks no closer at the pods of a StatefulSet: they fail when they are created.
  errors.push(
    ...(kind === 'statefulset'
      ? validateLabels(template?.metadata?.labels, 'spec.template.labels')
      : validateTemplate(template, 'spec.template')),
  )
  const policy = template?.spec?.restartPolicy ?? 'Always'
  if (policy !== 'Always') errors.push(unsupported('spec.template.spec.restartPolicy', policy, ['Always']))
  if (isObject(template?.spec) && template.spec.activeDeadlineSeconds !== undefined)
    errors.push(
      notAllowed(
        'spec.template.spec.activeDeadlineSeconds',
        `activeDeadlineSeconds in ${kind === 'statefulset' ? 'StatefulSet' : 'ReplicaSet'} is not Supported`,
      ),
    )
  return errors
}

export function validateStatefulSet(set: StatefulSet): readonly FieldError[] {
  const { spec } = set
  const {
    podManagementPolicy = '',
    updateStrategy = {},
    persistentVolumeClaimRetentionPolicy: retention,
  } = spec
  const errors: FieldError[] = []
  if (podManagementPolicy === '') errors.push(required('spec.podManagementPolicy'))
  else if (podManagementPolicy !== 'OrderedReady' && podManagementPolicy !== 'Parallel')
    errors.push(
      invalid('spec.podManagementPolicy', podManagementPolicy, "must be 'OrderedReady' or 'Parallel'"),
    )
  switch (updateStrategy.type) {
    case 'OnDelete':
      if (updateStrategy.rollingUpdate !== undefined)
        errors.push(
          invalid(
            'spec.updateStrategy.rollingUpdate',
            new GoValue(
              `apps.RollingUpdateStatefulSetStrategy{Partition:${updateStrategy.rollingUpdate.partition ?? 0}, MaxUnavailable:(*intstr.IntOrString)(nil)}`,
            ),
            "only allowed for updateStrategy 'RollingUpdate'",
          ),
        )
      break
    case 'RollingUpdate':
      errors.push(
        ...notNegative(
          updateStrategy.rollingUpdate?.partition,
          'spec.updateStrategy.rollingUpdate.partition',
        ),
      )
      break
    default:
      errors.push(invalid('spec.updateStrategy', updateStrategy, "must be 'RollingUpdate' or 'OnDelete'"))
  }
  for (const when of ['whenDeleted', 'whenScaled'] as const) {
    const policy = retention?.[when]
    if (policy !== undefined && policy !== 'Retain' && policy !== 'Delete')
      errors.push(
        unsupported(`spec.persistentVolumeClaimRetentionPolicy.${when}`, policy, ['Delete', 'Retain']),
      )
  }
  errors.push(
    ...notNegative(spec.replicas, 'spec.replicas'),
    ...notNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...notNegative(spec.ordinals?.start, 'spec.ordinals.start'),
    ...notNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
  )
  errors.push(...validateSelected(set, 'statefulset'))
  return errors
}

const CHANGEABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]

export function validateStatefulSetUpdate(set: StatefulSet, old: StatefulSet): readonly FieldError[] {
  const fixed = ({ spec }: StatefulSet) =>
    Object.fromEntries(Object.entries(spec).filter(([key]) => !CHANGEABLE.includes(key)))
  if (sameJson(fixed(set), fixed(old))) return []
  const names = CHANGEABLE.map((name) => `'${name}'`)
  return [
    notAllowed(
      'spec',
      `updates to statefulset spec for fields other than ${names.slice(0, -1).join(', ')} and ${names.at(-1)} are forbidden`,
    ),
  ]
}

export function validateDeployment(deployment: Workload): readonly FieldError[] {
  const { spec } = deployment
  const { strategy, progressDeadlineSeconds } = spec as Workload['spec'] & {
    readonly strategy?: { readonly type?: string; readonly rollingUpdate?: object }
    readonly progressDeadlineSeconds?: number
  }
  const errors: FieldError[] = []
  if (strategy?.type === 'Recreate' && strategy.rollingUpdate !== undefined)
    errors.push(
      notAllowed('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'"),
    )
  else if (strategy?.type !== 'Recreate' && strategy?.type !== 'RollingUpdate')
    errors.push(unsupported('spec.strategy.type', strategy?.type ?? '', ['Recreate', 'RollingUpdate']))
  if (progressDeadlineSeconds !== undefined && progressDeadlineSeconds <= (spec.minReadySeconds ?? 0))
    errors.push(
      invalid(
        'spec.progressDeadlineSeconds',
        progressDeadlineSeconds,
        'must be greater than minReadySeconds',
      ),
    )
  errors.push(
    ...notNegative(spec.replicas, 'spec.replicas'),
    ...notNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...notNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
    ...validateSelected(deployment, 'deployment'),
  )
  return errors
}

export const validateReplicaSet = (set: Workload): readonly FieldError[] => [
  ...notNegative(set.spec.replicas, 'spec.replicas'),
  ...notNegative(set.spec.minReadySeconds, 'spec.minReadySeconds'),
  ...validateSelected(set, 'deployment'),
]

export const selectorIsImmutable = (object: Workload, old: Workload): readonly FieldError[] =>
  sameJson(object.spec.selector, old.spec.selector)
    ? []
    : [invalid('spec.selector', goSelector(object.spec.selector ?? {}), 'field is immutable')]
