import type { IncomingMessage } from 'node:http'
import type { Api } from '../api/api.ts'
import { bindPod } from '../api/binding.ts'
import { askBudgets } from '../api/eviction.ts'
import { at, isObject, type JsonObject, textAt } from '../object.ts'
import { impersonated } from './impersonation.ts'
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
  query: URLSearchParams,
): Reply {
  const { kind, namespace } = target
  const name = required(target.name)
  const parsed = parseBody(body, request.headers['content-type'])
  if (action === 'eviction') {
    const options = at(parsed, 'deleteOptions')
    const asked = at(options, 'dryRun')
    const dryRun = query.has('dryRun') || (Array.isArray(asked) && asked.length > 0)
    askBudgets(api, namespace, name, dryRun)
    const grace = at(options, 'gracePeriodSeconds')
    const uid = textAt(options, 'preconditions', 'uid')
    api.remove(kind, namespace, name, {
      dryRun,
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

const ALLOWED: Readonly<Record<string, { readonly kind: string; readonly status: JsonObject }>> = {
  selfsubjectaccessreviews: { kind: 'SelfSubjectAccessReview', status: { allowed: true } },
  selfsubjectrulesreviews: {
    kind: 'SelfSubjectRulesReview',
    status: {
      resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
      nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
      incomplete: false,
    },
  },
}

/** Whoever has the token may do everything. null for what is no such review */
export function answerReview(path: string, body: Buffer, request: IncomingMessage): Reply | null {
  const [, plural = ''] = /^\/apis\/authorization\.k8s\.io\/v1\/(\w+)$/.exec(path) ?? []
  const review = ALLOWED[plural]
  if (review === undefined) return null
  const parsed = parseBody(body, request.headers['content-type'])
  const status = impersonated(request) === null ? review.status : { allowed: false, resourceRules: [] }
  return created({
    kind: review.kind,
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec: isObject(parsed) ? (parsed.spec ?? {}) : {},
    status,
  })
}
