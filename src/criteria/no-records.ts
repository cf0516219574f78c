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
  if (!selected) return `Service ${service.name} selects none of the pods`
  // Its name is made of the subdomain that it was made with: a set that took it over does not change that.
  const stranger = pods.find(
    ({ deletionTimestamp, subdomain }) => deletionTimestamp === null && subdomain !== set.serviceName,
  )
  return stranger === undefined
    ? null
    : `${stranger.name} was made for service ${stranger.subdomain ?? '(none)'}, not ${set.serviceName}`
}
