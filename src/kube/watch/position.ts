/**
 * How far a stream has been received, and so from where it resumes and what would be a replay.
 *
 * Inside one resource's stream versions only grow (etcd revisions; comparable by contract since
 * Kubernetes 1.35). One version may still carry several events: Event objects that expire together are
 * deleted in one etcd transaction. Hence the UIDs seen at the last version.
 */
export class Position {
  #version: string
  /** Everything up to and including #version has been received (a list or a bookmark says so). */
  #complete = true
  readonly #seenAtVersion = new Set<string>()

  constructor(listVersion: string) {
    this.#version = listVersion
  }

  /** What to resume from. */
  get resourceVersion(): string {
    return this.#version
  }

  /** @returns false when the event is a replay of one received before */
  advance(resourceVersion: string, uid: string): boolean {
    const order = compareVersions(resourceVersion, this.#version)
    if (order < 0) return false
    if (order === 0 && (this.#complete || this.#seenAtVersion.has(uid))) return false
    if (order > 0) this.#seenAtVersion.clear()
    this.#seenAtVersion.add(uid)
    this.#version = resourceVersion
    this.#complete = false
    return true
  }

  bookmark(resourceVersion: string): void {
    if (compareVersions(resourceVersion, this.#version) < 0) return
    this.#version = resourceVersion
    this.#complete = true
    this.#seenAtVersion.clear()
  }
}

/** Versions that are no decimal numbers can only be the same or another, later one. */
const compareVersions = (a: string, b: string): number => {
  if (a === b) return 0
  if (!/^\d+$/.test(a) || !/^\d+$/.test(b)) return 1
  return BigInt(a) < BigInt(b) ? -1 : 1
}
