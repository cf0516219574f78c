import type { ApiObject } from '../object.ts'
import type { Kind } from '../registry/kind.ts'
import type { LabelSelector, Labels } from '../shapes.ts'
import { type FieldError, invalid, notAllowed, required, tooLong } from './field-error.ts'
import { dnsSubdomain, labelValue, qualifiedName } from './formats.ts'

const MAX_ANNOTATIONS = 256 * 1024

export function validateMetadata(object: ApiObject, kind: Kind): readonly FieldError[] {
  const { name, generateName, labels, annotations, ownerReferences, finalizers } = object.metadata
  const errors: FieldError[] = []
  if (name === '' && (generateName ?? '') === '')
    errors.push(required('metadata.name', 'name or generateName is required'))
  else for (const problem of kind.nameFormat(name)) errors.push(invalid('metadata.name', name, problem))
  errors.push(...validateLabels(labels, 'metadata.labels'))
  let bytes = 0
  for (const [key, value] of Object.entries(annotations ?? {})) {
    bytes += key.length + Buffer.byteLength(value)
    for (const problem of qualifiedName(key.toLowerCase()))
      errors.push(invalid('metadata.annotations', key, problem))
  }
  if (bytes > MAX_ANNOTATIONS) errors.push(tooLong('metadata.annotations', MAX_ANNOTATIONS))
  for (const [index, finalizer] of (finalizers ?? []).entries()) {
    const field = `metadata.finalizers[${index}]`
    for (const problem of qualifiedName(finalizer)) errors.push(invalid(field, finalizer, problem))
    if (!finalizer.includes('/') && !STANDARD_FINALIZERS.has(finalizer))
      errors.push(
        invalid(field, finalizer, 'name is neither a standard finalizer name nor is it fully qualified'),
      )
  }
  const controllers = (ownerReferences ?? []).filter(({ controller }) => controller === true)
  if (controllers.length > 1)
    errors.push(
      invalid(
        'metadata.ownerReferences',
        JSON.stringify(ownerReferences),
        `Only one reference can have Controller set to true. Found "true" in references for ${controllers[0]?.kind}/${controllers[0]?.name} and ${controllers[1]?.kind}/${controllers[1]?.name}`,
      ),
    )
  for (const [index, owner] of (ownerReferences ?? []).entries())
    for (const key of ['apiVersion', 'kind', 'name', 'uid'] as const)
      if ((owner[key] ?? '') === '')
        errors.push(
          invalid(
            `metadata.ownerReferences[${index}].${key}`,
            '',
            `${key === 'apiVersion' ? 'version' : key} must not be empty`,
          ),
        )
  return errors
}

const STANDARD_FINALIZERS = new Set(['foregroundDeletion', 'orphan', 'kubernetes'])

export function validateMetadataUpdate(object: ApiObject, old: ApiObject): readonly FieldError[] {
  const errors: FieldError[] = []
  const before = old.metadata.finalizers ?? []
  const added = (object.metadata.finalizers ?? []).filter((finalizer) => !before.includes(finalizer))
  if (old.metadata.deletionTimestamp !== undefined && added.length > 0)
    errors.push(
      notAllowed(
        'metadata.finalizers',
        `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((name) => `"${name}"`).join(', ')}}`,
      ),
    )
  return errors
}

export function validateLabels(labels: Labels | undefined, field: string): readonly FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...qualifiedName(key).map((problem) => invalid(field, key, problem)),
    ...labelValue(value).map((problem) => invalid(field, value, problem)),
  ])
}

const OPERATORS = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist'])

export function validateSelector(selector: LabelSelector | undefined, field: string): readonly FieldError[] {
  const errors: FieldError[] = [...validateLabels(selector?.matchLabels, `${field}.matchLabels`)]
  for (const [index, { key, operator, values = [] }] of (selector?.matchExpressions ?? []).entries()) {
    const place = `${field}.matchExpressions[${index}]`
    if (!OPERATORS.has(operator))
      errors.push(invalid(`${place}.operator`, operator, 'not a valid selector operator'))
    else if (operator.endsWith('In') && values.length === 0)
      errors.push(required(`${place}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
    else if (!operator.endsWith('In') && values.length > 0)
      errors.push(
        notAllowed(`${place}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
      )
    for (const problem of qualifiedName(key)) errors.push(invalid(`${place}.key`, key, problem))
  }
  return errors
}

/** For fields that name another object. */
export const namesObject = (value: string, field: string): readonly FieldError[] =>
  dnsSubdomain(value).map((problem) => invalid(field, value, problem))

export const notNegative = (value: number | undefined, field: string): readonly FieldError[] =>
  value !== undefined && value < 0 ? [invalid(field, value, 'must be greater than or equal to 0')] : []
