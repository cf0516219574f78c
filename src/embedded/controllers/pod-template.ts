import { copyOf } from '../object.ts'
import type { Pod, Workload } from '../shapes.ts'
import { controllerReference } from './owners.ts'

/** A pod from the template of what will control it; the API completes its name. */
export function podFromTemplate(owner: Workload): Partial<Pod> {
  const { metadata: meta = {}, spec } = copyOf(owner.spec.template)
  const { namespace, name } = owner.metadata
  return {
    metadata: {
      ...meta,
      name: '',
      generateName: `${name}-`,
      ...(namespace === undefined ? {} : { namespace }),
      ownerReferences: [controllerReference(owner)],
    },
    spec: { containers: [], ...spec },
  }
}
