import { type ApiObject, at, copyOf, type JsonObject } from '../object.ts'
import type { Kind } from '../registry/kind.ts'
import type { Workload } from '../shapes.ts'
import { badRequest } from '../status.ts'
import { selectorText } from '../tables/selector-text.ts'
import type { Api, WriteOptions } from './api.ts'

/** The autoscaling/v1 view of a workload. */
export function scaleOf(object: ApiObject): JsonObject {
  const { metadata, spec, status } = object as Workload
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    // Zero is left out, as Go does it.
    spec: (spec.replicas ?? 0) === 0 ? {} : { replicas: spec.replicas },
    status: { replicas: status?.replicas ?? 0, selector: selectorText(spec.selector) },
  }
}

/** Writes the replicas of the scale that `edit` makes of the present one. */
export function changeScale(
  api: Api,
  kind: Kind,
  namespace: string | undefined,
  name: string,
  edit: (current: JsonObject) => unknown,
  options: WriteOptions,
): JsonObject {
  const wanted = edit(scaleOf(api.get(kind, namespace, name)))
  const replicas = at(wanted, 'spec', 'replicas') ?? 0
  if (typeof replicas !== 'number' || !Number.isInteger(replicas))
    throw badRequest(
      'Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32',
    )
  const version = at(wanted, 'metadata', 'resourceVersion')
  const changed = api.change(
    kind,
    namespace,
    name,
    (current) => {
      const next = copyOf(current) as { spec: { replicas: number }; metadata: { resourceVersion?: string } }
      next.spec.replicas = replicas
      if (typeof version === 'string' && version !== '') next.metadata.resourceVersion = version
      return next
    },
    options,
    'scale',
  )
  return scaleOf(changed)
}
