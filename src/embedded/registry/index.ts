import { ABSENT } from './absent.ts'
import { controllerRevisions, daemonSets, deployments, replicaSets, statefulSets } from './apps.ts'
import { jobs } from './batch.ts'
import { leases } from './coordination.ts'
import { configMaps, namespaces, nodes, secrets, serviceAccounts } from './core.ts'
import { disruptionBudgets } from './disruption.ts'
import { events, groupEvents } from './events.ts'
import type { Kind } from './kind.ts'
import { endpointSlices, endpoints, services } from './network.ts'
import { pods } from './pods.ts'
import { resourceQuotas } from './quotas.ts'
import { claims, storageClasses, volumes } from './storage.ts'

/** Every kind that is stored, in the order in which discovery lists groups. */
export const KINDS: readonly Kind[] = [
  configMaps,
  endpoints,
  events,
  namespaces,
  nodes,
  claims,
  volumes,
  pods,
  resourceQuotas,
  secrets,
  serviceAccounts,
  services,
  controllerRevisions,
  daemonSets,
  deployments,
  replicaSets,
  statefulSets,
  groupEvents,
  jobs,
  disruptionBudgets,
  storageClasses,
  leases,
  endpointSlices,
]

/** Every kind that clients may ask for. */
export const SERVED: readonly Kind[] = [...KINDS, ...ABSENT]

/** The name by which controllers speak of a resource: the plural, as in `kubectl get`. */
export function kindOf(plural: string): Kind {
  const found = KINDS.find((kind) => kind.plural === plural)
  if (found === undefined) throw new Error(`the embedded cluster knows no resource "${plural}"`)
  return found
}

export const findKind = (group: string, version: string, plural: string): Kind | undefined =>
  SERVED.find((kind) => kind.group === group && kind.version === version && kind.plural === plural)

/** Where a kind's objects lie in the store. */
export const storeName = (kind: Kind): string => kind.storedAs?.resource ?? kind.plural
