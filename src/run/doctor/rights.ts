import type { Cluster } from '../../ports.ts'
import { eachAtOnce } from '../session.ts'
import { type Finding, finding } from './finding.ts'

/** What the labs do, as verbs on resources. */
const RIGHTS = [
  { verb: 'create', resource: 'namespaces', cluster: true },
  { verb: 'patch', group: 'apps', resource: 'statefulsets' },
  { verb: 'patch', group: 'apps', resource: 'statefulsets', subresource: 'scale' },
  { verb: 'watch', resource: 'pods' },
  { verb: 'create', resource: 'pods' },
  { verb: 'delete', resource: 'pods' },
  { verb: 'create', resource: 'pods', subresource: 'exec' },
  { verb: 'watch', resource: 'persistentvolumeclaims' },
  { verb: 'delete', resource: 'persistentvolumeclaims' },
  { verb: 'patch', resource: 'services' },
  { verb: 'create', resource: 'configmaps' },
  { verb: 'list', resource: 'events' },
] as const

/** May we do all of it in this namespace? */
export async function rightsFinding(
  cluster: Cluster,
  namespace: string,
  signal: AbortSignal,
): Promise<Finding[]> {
  const answers = await eachAtOnce(RIGHTS, async (right) => {
    const { verb, resource } = right
    const group = 'group' in right ? { group: right.group } : {}
    const subresource = 'subresource' in right ? { subresource: right.subresource } : {}
    const where = 'cluster' in right ? {} : { namespace }
    const allowed = await cluster.canI({ verb, resource, ...group, ...subresource, ...where }, signal)
    return { allowed, name: `${verb} ${resource}${'subresource' in right ? `/${right.subresource}` : ''}` }
  })
  const refused = answers.filter((answer) => !answer.allowed).map((answer) => answer.name)
  return [
    refused.length === 0
      ? finding('rights', 'Rights', 'ok', `all ${RIGHTS.length} that the labs need`, null)
      : finding(
          'rights',
          'Rights',
          'problem',
          `you may not ${refused.join(', ')} in namespace ${namespace}`,
          'ask for the role "admin" in that namespace, or use a cluster of your own',
        ),
  ]
}
