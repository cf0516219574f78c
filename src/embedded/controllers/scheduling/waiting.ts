/** Pods that found no node, and the claims that each of them mounts. */
export class Waiting {
  readonly #claimsOf = new Map<string, readonly string[]>()
  readonly #podsOf = new Map<string, Set<string>>()

  add(pod: string, claims: readonly string[]): void {
    this.#claimsOf.set(pod, claims)
    for (const claim of claims) {
      const pods = this.#podsOf.get(claim) ?? new Set()
      this.#podsOf.set(claim, pods.add(pod))
    }
  }

  remove(pod: string): void {
    for (const claim of this.#claimsOf.get(pod) ?? []) {
      const pods = this.#podsOf.get(claim)
      pods?.delete(pod)
      if (pods?.size === 0) this.#podsOf.delete(claim)
    }
    this.#claimsOf.delete(pod)
  }

  all(): readonly string[] {
    return [...this.#claimsOf.keys()]
  }

  forClaim(claim: string): readonly string[] {
    return [...(this.#podsOf.get(claim) ?? [])]
  }
}
