import type { Client } from '../../client.ts'
import type { Mutable } from '../../object.ts'
import type { PersistentVolumeClaim, Pod, StatefulSet } from '../../shapes.ts'
import { StatusError } from '../../status.ts'
import type { Misdeeds } from '../misdeeds.ts'
import { Unfinished } from '../work-queue.ts'
import { claimsAt, identityMatches, mendIdentity, ordinalOf, storageMatches } from './identity.ts'
import { hasStrangeController, isOwnedByPolicy, isStaleFor, ownersByPolicy } from './retention.ts'

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Creates, mends and deletes the pods of a set together with their claims, and says so in events. */
export class Members {
  readonly #client: Client
  readonly #misdeeds: Misdeeds

  constructor(client: Client, misdeeds: Misdeeds) {
    this.#client = client
    this.#misdeeds = misdeeds
  }

  /** Claims first. @throws StatusError, Unfinished */
  create(set: StatefulSet, pod: Pod): void {
    this.#saying('create', set, pod, () => {
      if (this.#misdeeds.has('loses-volumes')) this.#loseVolumes(set, pod)
      const comesBack = this.#claims(set, pod).length > 0
      this.#createClaims(set, pod)
      const created = this.#client.create<Pod>('pods', this.#misdone(set, pod, comesBack))
      this.#ownClaims(set, created)
    })
  }

  delete(set: StatefulSet, pod: Pod): void {
    this.#saying('delete', set, pod, () => {
      this.#client.remove('pods', pod)
    })
  }

  /** Puts identity, volumes and owners of claims right where they are not. */
  mend(set: StatefulSet, pod: Pod): void {
    if (this.#misdeeds.has('shares-claims') || this.#misdeeds.has('swaps-claims')) return
    const rightPod = identityMatches(set, pod) && storageMatches(set, pod)
    if (rightPod && this.claimsAreOwned(set, pod)) return
    this.#saying('update', set, pod, () => {
      if (!storageMatches(set, pod)) this.#createClaims(set, pod)
      this.#ownClaims(set, pod)
      if (!rightPod) this.#client.change<Pod>('pods', pod, (copy) => mendIdentity(set, copy))
    })
  }

  deleteClaims(set: StatefulSet, pod: Pod): void {
    for (const claim of this.#claims(set, pod)) this.#client.remove('persistentvolumeclaims', claim)
  }

  #misdone(set: StatefulSet, pod: Pod, comesBack: boolean): Pod {
    if (this.#misdeeds.has('forgets-hostnames')) return withoutHostname(pod)
    if (this.#misdeeds.has('shares-claims')) return withClaims(pod, claimsAt(set, 0))
    if (!this.#misdeeds.has('swaps-claims') || !comesBack) return pod
    const others = claimsAt(set, ordinalOf(pod) ?? 0).map((claim) => {
      const metadata = { ...claim.metadata, name: `${claim.metadata.name}-other` }
      const { namespace } = metadata
      const there = this.#claim(namespace, metadata.name)
      return (
        there ?? this.#client.create<PersistentVolumeClaim>('persistentvolumeclaims', { ...claim, metadata })
      )
    })
    return withClaims(pod, others)
  }

  #loseVolumes(set: StatefulSet, pod: Pod): void {
    for (const claim of this.#claims(set, pod)) {
      this.#client.change<PersistentVolumeClaim>('persistentvolumeclaims', claim, (copy) => {
        delete copy.metadata.finalizers
      })
      this.#client.remove('persistentvolumeclaims', claim)
    }
  }

  /** For a pod that waits for a claim that somebody has taken away. */
  createMissingClaims(set: StatefulSet, pod: Pod): void {
    this.#createClaims(set, pod)
    this.#ownClaims(set, pod)
  }

  /** A claim of an earlier pod is still there, on its way out. */
  hasStaleClaim(set: StatefulSet, pod: Pod): boolean {
    return this.#claims(set, pod).some((claim) => isStaleFor(claim, set, pod))
  }

  claimsAreOwned(set: StatefulSet, pod: Pod): boolean {
    return this.#claims(set, pod).every((claim) => isOwnedByPolicy(claim, set, pod))
  }

  /** The owners of the claims of a pod that is to go. */
  ownClaims(set: StatefulSet, pod: Pod): void {
    if (!this.claimsAreOwned(set, pod)) this.#ownClaims(set, pod)
  }

  #claims(set: StatefulSet, pod: Pod): readonly PersistentVolumeClaim[] {
    return claimsAt(set, ordinalOf(pod) ?? 0).flatMap(({ metadata }) => {
      const claim = this.#claim(metadata.namespace, metadata.name)
      return claim === null ? [] : [claim]
    })
  }

  #claim(namespace: string | undefined, name: string): PersistentVolumeClaim | null {
    return this.#client.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, name)
  }

  #createClaims(set: StatefulSet, pod: Pod): void {
    const problems: string[] = []
    for (const claim of claimsAt(set, ordinalOf(pod) ?? 0)) {
      const { namespace, name } = claim.metadata
      const there = this.#claim(namespace, name)
      if (there !== null) {
        if (there.metadata.deletionTimestamp !== undefined) problems.push(`pvc ${name} is being deleted`)
        continue
      }
      try {
        this.#client.create('persistentvolumeclaims', claim)
        const message = `create Claim ${name} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} success`
        this.#client.record(set, 'Normal', 'SuccessfulCreate', message)
      } catch (error) {
        if (!(error instanceof StatusError)) throw error
        problems.push(`failed to create PVC ${name}: ${error.message}`)
        const message = `create Claim ${name} for Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} failed error: ${error.message}`
        this.#client.record(set, 'Warning', 'FailedCreate', message)
      }
    }
    if (problems.length > 0) throw new Unfinished(inBrackets(problems))
  }

  #ownClaims(set: StatefulSet, pod: Pod): void {
    for (const claim of this.#claims(set, pod)) {
      if (hasStrangeController(claim, set, pod))
        this.#client.record(
          set,
          'Warning',
          'ConflictingController',
          `PersistentVolumeClaim ${claim.metadata.name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim`,
        )
      if (isOwnedByPolicy(claim, set, pod)) continue
      const owners = ownersByPolicy(claim, set, pod)
      this.#client.change<PersistentVolumeClaim>('persistentvolumeclaims', claim, (copy) => {
        const { metadata } = copy as Mutable<PersistentVolumeClaim>
        if (owners.length === 0) delete metadata.ownerReferences
        else metadata.ownerReferences = owners.map((owner) => ({ ...owner }))
      })
    }
  }

  #saying(verb: 'create' | 'delete' | 'update', set: StatefulSet, pod: Pod, act: () => void): void {
    const what = `${verb} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`
    const reason = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}`
    try {
      act()
      this.#client.record(set, 'Normal', `Successful${reason}`, `${what} successful`)
    } catch (error) {
      const there = error instanceof StatusError && error.reason === 'AlreadyExists'
      if (!there)
        this.#client.record(set, 'Warning', `Failed${reason}`, `${what} failed error: ${messageOf(error)}`)
      throw error
    }
  }
}

/** The volumes of its claims, which come first, on these. */
function withClaims(pod: Pod, claims: readonly PersistentVolumeClaim[]): Pod {
  const volumes = (pod.spec.volumes ?? []).map((volume, index) => {
    const claimName = claims[index]?.metadata.name
    return claimName === undefined ? volume : { ...volume, persistentVolumeClaim: { claimName } }
  })
  return { ...pod, spec: { ...pod.spec, volumes } }
}

function withoutHostname(pod: Pod): Pod {
  const { hostname: _, subdomain: __, ...spec } = pod.spec
  return { ...pod, spec }
}

/** As Go writes several errors. */
const inBrackets = (problems: readonly string[]): string =>
  problems.length === 1 ? (problems[0] ?? '') : `[${problems.join(', ')}]`
