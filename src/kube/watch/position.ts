/**
 * How far a stream has been received, and so from where it resumes and what would be a replay.
 *
 * Inside one resource's stream versions only grow (etcd revisions; comparable by contract since
 * Kubernetes 1.35). One version may still carry several events: Event objects that expire together are
 * deleted in one etcd transaction. Hence the UIDs.
 */
export class Position {
  #version: string
  /** Everything up to and including this has been received (a list or a bookmark says so). */
  #complete: string
  /** What was received since: versions with UIDs. */
  readonly #seen = new Set<string>()

  constructor(listVersion: string) {
    this.#version = listVersion
    this.#complete = listVersion
  }

  /** What to resume from. */
  get resourceVersion(): string {
    return this.#version
  }

  /**
   * new     comes after all before it
   * replay  was received before
   * late    should have come before what came last: the order cannot be trusted
   */
  advance(resourceVersion: string, uid: string): 'new' | 'replay' | 'late' {
    const change = `${resourceVersion} ${uid}`
    if (compareVersions(resourceVersion, this.#complete) <= 0 || this.#seen.has(change)) return 'replay'
    if (compareVersions(resourceVersion, this.#version) < 0) return 'late'
    this.#seen.add(change)
    this.#version = resourceVersion
    return 'new'
  }

  bookmark(resourceVersion: string): void {
    if (compareVersions(resourceVersion, this.#version) < 0) return
    this.#version = resourceVersion
    this.#complete = resourceVersion
    this.#seen.clear()
  }
}

/** Versions that are no decimal numbers can only be the same or another, later one. */
export const compareVersions = (a: string, b: string): number => {
  if (a === b) return 0
  if (!/^\d+$/.test(a) || !/^\d+$/.test(b)) return 1
  return BigInt(a) < BigInt(b) ? -1 : 1
}
