import type { IncomingMessage } from 'node:http'
import type { Api } from '../api/api.ts'
import { bindPod } from '../api/binding.ts'
import { at, isObject, textAt } from '../object.ts'
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
  bindPod(
    api,
    { kind, namespace, name },
    textAt(parsed, 'target', 'name'),
    managerOf(new URLSearchParams(), request),
  )
  return created(SUCCESS)
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
