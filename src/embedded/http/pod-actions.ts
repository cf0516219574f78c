import type { IncomingMessage } from 'node:http'
import type { Api } from '../api/api.ts'
import { timestamp } from '../clock.ts'
import { at, copyOf, isObject, type Mutable, textAt } from '../object.ts'
import type { Pod } from '../shapes.ts'
import { conflict } from '../status.ts'
import { created, type Reply } from './reply.ts'
import { managerOf, parseBody, required, type Target } from './request.ts'

const SUCCESS = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }

/** POST …/pods/NAME/binding (the scheduler's word) and …/eviction (a drain's). */
export function answerPodAction(
  api: Api,
  target: Target,
  action: 'binding' | 'eviction',
  body: Buffer,
  request: IncomingMessage,
): Reply {
  const { kind, namespace } = target
  const name = required(target.name)
  const parsed = parseBody(body, request.headers['content-type'])
  if (action === 'eviction') {
    const options = at(parsed, 'deleteOptions')
    const grace = at(options, 'gracePeriodSeconds')
    const uid = textAt(options, 'preconditions', 'uid')
    api.remove(kind, namespace, name, {
      ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
      ...(uid === '' ? {} : { uid }),
    })
    return created(SUCCESS)
  }
  bindPod(api, target, textAt(parsed, 'target', 'name'), managerOf(new URLSearchParams(), request))
  return created(SUCCESS)
}

/** Gives a pod its node. @throws StatusError 409 when it has one */
export function bindPod(
  api: Api,
  { kind, namespace, name }: Pick<Target, 'kind' | 'namespace' | 'name'>,
  node: string,
  manager: string,
): void {
  const pod = api.get(kind, namespace, required(name)) as Pod
  const taken = pod.spec.nodeName ?? ''
  if (taken !== '')
    throw conflict(kind, pod.metadata.name, `pod ${pod.metadata.name} is already assigned to node "${taken}"`)
  const change = (edit: (copy: Mutable<Pod>) => void, subresource?: string) =>
    api.change(
      kind,
      namespace,
      pod.metadata.name,
      (current) => {
        const copy = copyOf(current) as unknown as Mutable<Pod>
        edit(copy)
        delete copy.metadata.resourceVersion
        return copy
      },
      { manager },
      subresource,
    )
  change((copy) => {
    copy.spec.nodeName = node
  })
  change((copy) => {
    copy.status ??= {}
    const others = (copy.status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled')
    const lastTransitionTime = timestamp(api.clock.nowMs())
    copy.status.conditions = [...others, { type: 'PodScheduled', status: 'True', lastTransitionTime }]
  }, 'status')
}

/** SelfSubjectAccessReview: whoever has the token may do everything. */
export function answerReview(body: Buffer, request: IncomingMessage): Reply {
  const parsed = parseBody(body, request.headers['content-type'])
  return created({
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec: isObject(parsed) ? (parsed.spec ?? {}) : {},
    status: { allowed: true },
  })
}
