import type { MountFacts, PodFacts, StatefulSetFacts } from '../timeline/facts.ts'
import { type ClusterState, claimName } from '../timeline/state.ts'

/** A claim of a pod and where it can be read. */
export interface Place {
  readonly pod: PodFacts
  readonly template: string
  readonly claim: string
}
/** The claims that were made for these pods, as far as they are there and in use. */
export function placesOf(pods: readonly PodFacts[], set: StatefulSetFacts, state: ClusterState): Place[] {
  return pods.flatMap((pod) =>
    set.claimTemplates
      .map((template) => ({ pod, template: template.name, claim: claimName(template.name, pod.name) }))
      .filter(
        (place) => state.claims.has(place.claim) && pod.claims.some((used) => used.claim === place.claim),
      ),
  )
}

/** The claims that pods use without having been made for them. */
export const sharedPlacesOf = (pods: readonly PodFacts[]): Place[] =>
  pods.flatMap((pod) => pod.claims.map(({ volume, claim }) => ({ pod, template: volume, claim })))

export function groupByNode(places: readonly Place[]): Map<string, Place[]> {
  const groups = new Map<string, Place[]>()
  for (const place of places) {
    const node = place.pod.node ?? ''
    groups.set(node, [...(groups.get(node) ?? []), place])
  }
  return groups
}

export const mountsOf = (place: Place): readonly MountFacts[] =>
  place.pod.claims.find((used) => used.claim === place.claim)?.mounts ?? []
