import { sameJson } from '../object.ts'
import type { Container, Pod, PodSpec, PodTemplate, Volume } from '../shapes.ts'
import { validateContainers } from './container.ts'
import { duplicate, type FieldError, invalid, notAllowed, required, unsupported } from './field-error.ts'
import { dnsLabel } from './formats.ts'
import { namesObject, notNegative, validateLabels } from './metadata.ts'

const RESTART_POLICIES = ['Always', 'Never', 'OnFailure']
const DNS_POLICIES = ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None']

export function validatePodSpec(spec: PodSpec, field: string): readonly FieldError[] {
  const errors: FieldError[] = []
  const volumes = new Set<string>()
  errors.push(...validateVolumes(spec.volumes ?? [], volumes, `${field}.volumes`))
  if ((spec.containers ?? []).length === 0) errors.push(required(`${field}.containers`))
  errors.push(...validateContainers(spec.containers ?? [], volumes, `${field}.containers`))
  errors.push(...validateContainers(spec.initContainers ?? [], volumes, `${field}.initContainers`))
  for (const [index, { name }] of (spec.initContainers ?? []).entries())
    if (spec.containers?.some((container) => container.name === name))
      errors.push(duplicate(`${field}.initContainers[${index}].name`, name))
  if (!RESTART_POLICIES.includes(spec.restartPolicy ?? ''))
    errors.push(unsupported(`${field}.restartPolicy`, spec.restartPolicy ?? '', RESTART_POLICIES))
  if (!DNS_POLICIES.includes(spec.dnsPolicy ?? ''))
    errors.push(unsupported(`${field}.dnsPolicy`, spec.dnsPolicy ?? '', DNS_POLICIES))
  errors.push(...notNegative(spec.terminationGracePeriodSeconds, `${field}.terminationGracePeriodSeconds`))
  errors.push(...validateLabels(spec.nodeSelector, `${field}.nodeSelector`))
  if (spec.serviceAccountName !== undefined && spec.serviceAccountName !== '')
    errors.push(...namesObject(spec.serviceAccountName, `${field}.serviceAccountName`))
  for (const name of ['hostname', 'subdomain'] as const) {
    const value = spec[name]
    if (value !== undefined && value !== '')
      errors.push(...dnsLabel(value).map((problem) => invalid(`${field}.${name}`, value, problem)))
  }
  return errors
}

function validateVolumes(
  volumes: readonly Volume[],
  names: Set<string>,
  field: string,
): readonly FieldError[] {
  const errors: FieldError[] = []
  const own = new Set<string>()
  for (const [index, volume] of volumes.entries()) {
    const place = `${field}[${index}]`
    const { name } = volume
    if (name === undefined || name === '') errors.push(required(`${place}.name`))
    else {
      errors.push(...dnsLabel(name).map((problem) => invalid(`${place}.name`, name, problem)))
      if (own.has(name)) errors.push(duplicate(`${place}.name`, name))
      own.add(name)
      names.add(name)
    }
    const sources = Object.keys(volume).filter((key) => key !== 'name')
    for (const extra of sources.slice(1))
      errors.push(notAllowed(`${place}.${extra}`, 'may not specify more than 1 volume type'))
    const claim = volume.persistentVolumeClaim as { readonly claimName?: string } | undefined
    if (claim !== undefined && (claim.claimName ?? '') === '')
      errors.push(required(`${place}.persistentVolumeClaim.claimName`))
  }
  return errors
}

export function validateTemplate(template: PodTemplate | undefined, field: string): readonly FieldError[] {
  return [
    ...validateLabels(template?.metadata?.labels, `${field}.labels`),
    ...validatePodSpec(template?.spec ?? { containers: [] }, `${field}.spec`),
  ]
}

const withoutImages = (containers: readonly Container[] | undefined): readonly Container[] =>
  (containers ?? []).map(({ image: _, ...rest }) => rest)

/** A pod's spec is fixed, save for its images, its deadline and tolerations that are added. */
export function validatePodUpdate(pod: Pod, old: Pod): readonly FieldError[] {
  const fixed = ({ spec }: Pod) => {
    const { activeDeadlineSeconds: _, tolerations: __, containers, initContainers, ...rest } = spec
    return {
      ...rest,
      // Binding writes the node once.
      nodeName: old.spec.nodeName === undefined ? undefined : rest.nodeName,
      containers: withoutImages(containers),
      initContainers: withoutImages(initContainers),
    }
  }
  const kept = (old.spec.tolerations ?? []).every((toleration) =>
    (pod.spec.tolerations ?? []).some((other) => sameJson(toleration, other)),
  )
  if (sameJson(fixed(pod), fixed(old)) && kept) return []
  return [
    notAllowed(
      'spec',
      'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
    ),
  ]
}
