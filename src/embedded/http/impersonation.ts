import type { IncomingMessage } from 'node:http'
import { StatusError } from '../status.ts'
import { isOn, type Target } from './request.ts'

/** Who a request is to be judged as (`kubectl --as`); null: as who sends it. */
export const impersonated = (request: IncomingMessage): string | null =>
  request.headers['impersonate-user'] === undefined ? null : String(request.headers['impersonate-user'])

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch' }

/** Nobody has rights but who has the token: what the real server says to all others. */
export function refusal(user: string, method: string, target: Target, query: URLSearchParams): StatusError {
  const { kind, namespace, name, subresource } = target
  const all = name === undefined
  const verb =
    VERBS[method] ??
    (method === 'DELETE'
      ? all
        ? 'deletecollection'
        : 'delete'
      : all
        ? isOn(query, 'watch')
          ? 'watch'
          : 'list'
        : 'get')
  const resource = subresource === undefined ? kind.plural : `${kind.plural}/${subresource}`
  const where =
    kind.namespaced && namespace !== undefined ? `in the namespace "${namespace}"` : 'at the cluster scope'
  const what = kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`
  return new StatusError(
    403,
    'Forbidden',
    `${what}${name === undefined ? '' : ` "${name}"`} is forbidden: User "${user}" cannot ${verb} resource "${resource}" in API group "${kind.group}" ${where}`,
    {
      ...(name === undefined ? {} : { name }),
      ...(kind.group === '' ? {} : { group: kind.group }),
      kind: kind.plural,
    },
  )
}
