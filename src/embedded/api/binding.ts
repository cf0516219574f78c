import { timestamp } from '../clock.ts'
import { copyOf, type Mutable } from '../object.ts'
import type { Kind } from '../registry/kind.ts'
import type { Pod } from '../shapes.ts'
import { conflict } from '../status.ts'
import type { Api } from './api.ts'

/** Gives a pod its node. @throws StatusError 409 when it has one */
export function bindPod(
  api: Api,
  {
    kind,
    namespace,
    name,
  }: { readonly kind: Kind; readonly namespace: string | undefined; readonly name: string },
  node: string,
  manager: string,
): void {
  const pod = api.get(kind, namespace, name) as Pod
  const taken = pod.spec.nodeName ?? ''
  if (taken !== '')
    throw conflict(kind, pod.metadata.name, `pod ${pod.metadata.name} is already assigned to node "${taken}"`)
  api.change(
    kind,
    namespace,
    name,
    (current) => {
      const copy = copyOf(current) as unknown as Mutable<Pod>
      copy.spec.nodeName = node
      copy.status ??= {}
      const others = (copy.status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled')
      const lastTransitionTime = timestamp(api.clock.nowMs())
      copy.status.conditions = [...others, { type: 'PodScheduled', status: 'True', lastTransitionTime }]
      return copy
    },
    { manager },
    'binding',
  )
}
