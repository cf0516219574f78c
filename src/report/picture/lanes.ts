import type { ClaimFacts, PodFacts } from '../../timeline/facts.ts'
import type { Observation } from '../../timeline/observation.ts'
import { byOrdinal, claimName, ordinalOf } from '../../timeline/state.ts'

export type PodState = 'waiting' | 'ready' | 'terminating' | 'gone'
export type ClaimState = 'pending' | 'bound' | 'lost' | 'terminating' | 'gone'

/** A change of state in a lane. `begins`: another life (UID) than before. `known`: it was there when the recording began. */
export interface Step<S extends string = PodState | ClaimState> {
  readonly seq: number
  readonly state: S
  readonly begins: boolean
  readonly known: boolean
}

export type Lane =
  | { readonly kind: 'pod'; readonly name: string; readonly steps: readonly Step<PodState>[] }
  | { readonly kind: 'claim'; readonly name: string; readonly steps: readonly Step<ClaimState>[] }

export interface PictureTarget {
  readonly namespace: string
  readonly name: string
  readonly uid: string | null
}

/**
 * One lane per pod name of the set, each followed by the lanes of its claims; claims that have no pod come
 * last. A pod is the set's by its controller; where the set has none at all, `foreign` is true and the
 * lanes are the namespace's other pods, so that there is something to look at.
 */
export function lanesOf(
  observations: readonly Observation[],
  target: PictureTarget,
): { readonly lanes: readonly Lane[]; readonly foreign: boolean } {
  const own = (pod: PodFacts): boolean => target.uid !== null && pod.controller?.uid === target.uid
  const foreign = !observations.some((o) => o.stream === 'pods' && o.type !== 'gap' && own(o.object))
  const belongs = foreign ? (pod: PodFacts): boolean => pod.labels[managedBy] !== 'sts-lab' : own

  const pods = new Map<string, Track<PodState>>()
  const claims = new Map<string, Track<ClaimState>>()
  const claimsOfPod = new Map<string, Set<string>>()
  const templates = new Set<string>()
  for (const observation of observations) {
    if (observation.stream === 'run' || observation.type === 'gap') continue
    if (observation.stream === 'statefulsets' && observation.object.name === target.name) {
      for (const template of observation.object.claimTemplates) templates.add(template.name)
    }
    if (observation.stream === 'pods' && belongs(observation.object)) {
      const pod = observation.object
      trackOf(pods, pod.name).see(observation, pod.uid, podState(pod))
      const names = claimsOfPod.get(pod.name) ?? new Set<string>()
      for (const { claim } of pod.claims) names.add(claim)
      claimsOfPod.set(pod.name, names)
    }
    if (observation.stream === 'claims') {
      trackOf(claims, observation.object.name).see(
        observation,
        observation.object.uid,
        claimState(observation.object),
      )
    }
  }

  const lanes: Lane[] = []
  const shown = new Set<string>()
  const addClaim = (name: string): void => {
    const track = claims.get(name)
    if (track === undefined || shown.has(name)) return
    shown.add(name)
    lanes.push({ kind: 'claim', name, steps: track.steps })
  }
  for (const name of [...pods.keys()].map((name) => ({ name })).sort(byOrdinal)) {
    lanes.push({ kind: 'pod', name: name.name, steps: trackOf(pods, name.name).steps })
    const expected = [...templates].map((template) => claimName(template, name.name))
    for (const claim of [...(claimsOfPod.get(name.name) ?? []), ...expected].sort()) addClaim(claim)
  }
  for (const claim of [...claims.keys()].map((name) => ({ name })).sort(byOrdinal)) {
    if ([...templates].some((template) => isClaimOf(template, target.name, claim.name))) addClaim(claim.name)
  }
  return { lanes, foreign: foreign && pods.size > 0 }
}

const managedBy = 'app.kubernetes.io/managed-by'

const isClaimOf = (template: string, set: string, claim: string): boolean =>
  claim.startsWith(`${template}-`) && ordinalOf(set, claim.slice(template.length + 1)) !== null

function podState(pod: PodFacts): PodState {
  if (pod.deletionTimestamp !== null) return 'terminating'
  return pod.ready ? 'ready' : 'waiting'
}

function claimState(claim: ClaimFacts): ClaimState {
  if (claim.deletionTimestamp !== null) return 'terminating'
  return claim.phase === 'Bound' ? 'bound' : claim.phase === 'Lost' ? 'lost' : 'pending'
}

/** The changes of state of everything that bore one name. */
class Track<S extends string> {
  readonly steps: Step<S | 'gone'>[] = []
  #uid: string | null = null

  see(observation: { readonly seq: number; readonly type: string }, uid: string, state: S): void {
    const { seq, type } = observation
    const last = this.steps.at(-1)
    if (type === 'deleted' || type === 'vanished') {
      if (uid === this.#uid && last?.state !== 'gone') {
        this.steps.push({ seq, state: 'gone', begins: false, known: false })
      }
      return
    }
    const begins = uid !== this.#uid || last?.state === 'gone'
    this.#uid = uid
    if (begins || last?.state !== state) {
      this.steps.push({ seq, state, begins, known: type === 'listed' && last === undefined })
    }
  }
}

function trackOf<S extends string>(tracks: Map<string, Track<S>>, name: string): Track<S> {
  const found = tracks.get(name) ?? new Track<S>()
  tracks.set(name, found)
  return found
}
