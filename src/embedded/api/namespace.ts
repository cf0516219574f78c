import { namespaces } from '../registry/core.ts'
import type { Kind } from '../registry/kind.ts'
import { notFound, StatusError } from '../status.ts'
import type { Api } from './api.ts'

/** Whether new objects may be made in a namespace. @throws StatusError 403, 404 */
export function checkNamespace(api: Pick<Api, 'find'>, kind: Kind, namespace: string, name: string): void {
  const found = api.find(namespaces, undefined, namespace)
  if (found === null) throw notFound(namespaces, namespace)
  if (found.metadata.deletionTimestamp === undefined) return
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`
  const plural = kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`
  throw new StatusError(403, 'Forbidden', `${plural} "${name}" is forbidden: ${why}`, {
    name,
    ...(kind.group === '' ? {} : { group: kind.group }),
    kind: kind.plural,
    causes: [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  })
}
