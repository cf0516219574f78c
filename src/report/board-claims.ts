import type { ClaimFacts, PodFacts, StatefulSetFacts } from '../timeline/facts.ts'
import { byOrdinal, type ClusterState, claimName, ordinalOf } from '../timeline/state.ts'

/**
 * The claims to show next to each pod (those it mounts and those its set's templates would give it) and those
 * left without a pod: what a scale-down keeps. `everything` adds claims that belong to no set.
 */
export function claimsBeside(
  state: ClusterState,
  sets: readonly StatefulSetFacts[],
  pods: readonly PodFacts[],
  everything: boolean,
): { readonly ofPod: ReadonlyMap<string, readonly ClaimFacts[]>; readonly left: readonly ClaimFacts[] } {
  const shown = new Set<string>()
  const ofPod = new Map<string, ClaimFacts[]>()
  for (const pod of pods) {
    const set = sets.find(({ uid }) => uid === pod.controller?.uid)
    const names = new Set([
      ...pod.claims.map(({ claim }) => claim),
      ...(set?.claimTemplates ?? []).map((template) => claimName(template.name, pod.name)),
    ])
    const claims = [...names].sort().flatMap((name) => state.claims.get(name) ?? [])
    for (const { name } of claims) shown.add(name)
    ofPod.set(pod.name, claims)
  }
  const belongs = (claim: string): boolean =>
    sets.some((set) =>
      set.claimTemplates.some(
        ({ name }) =>
          claim.startsWith(`${name}-`) && ordinalOf(set.name, claim.slice(name.length + 1)) !== null,
      ),
    )
  const left = [...state.claims.values()]
    .filter(({ name }) => !shown.has(name) && (everything || belongs(name)))
    .sort(byOrdinal)
  return { ofPod, left }
}
