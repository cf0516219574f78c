import type { StatefulSetFacts } from '../timeline/facts.ts'
import { type ClusterState, podsOf } from '../timeline/state.ts'

/**
 * Why DNS cannot answer as it should for a set, whatever is asked and however often: its service is not there, has
 * an address of its own, or selects none of the pods. null: it could. Endpoints are not asked: they lag behind, and
 * with a service without a selector they are somebody's own.
 */
export function whyNoRecords(state: ClusterState, set: StatefulSetFacts): string | null {
  const service = state.services.get(set.serviceName)
  if (service === undefined) return `there is no Service ${set.serviceName}`
  if (!service.headless && (service.clusterIP ?? '') !== '') return `Service ${service.name} is not headless`
  const wanted = Object.entries(service.selector ?? {})
  const pods = podsOf(state, set.uid)
  const labels = pods.length > 0 ? pods.map((pod) => pod.labels) : [set.podLabels]
  const selected = labels.some((each) => wanted.every(([key, value]) => each[key] === value))
  return selected ? null : `Service ${service.name} selects none of the pods`
}
