import { type Change, RevisionGone } from './change.ts'

/** The last writes of each resource, for watches that resume and lists that go on. */
export class History {
  readonly #remembered: number
  readonly #changes = new Map<string, Change[]>()
  /** Per resource, the revision up to which writes have been dropped. */
  readonly #droppedTo = new Map<string, number>()
  #compactedTo = 0

  constructor(remembered: number) {
    this.#remembered = remembered
  }

  add(resource: string, change: Change): void {
    const changes = this.#changes.get(resource) ?? []
    this.#changes.set(resource, changes)
    changes.push(change)
    // In blocks: shifting one by one would cost the whole length each time.
    if (changes.length >= this.#remembered * 1.25) {
      const dropped = changes.splice(0, changes.length - this.#remembered)
      this.#droppedTo.set(resource, dropped.at(-1)?.revision ?? 0)
    }
  }

  /** The writes after a revision, oldest first, as a new array. @throws RevisionGone */
  since(resource: string, revision: number): Change[] {
    const oldest = Math.max(this.#compactedTo, this.#droppedTo.get(resource) ?? 0)
    if (revision < oldest) throw new RevisionGone(revision, oldest)
    const changes = this.#changes.get(resource) ?? []
    // Mostly only the end is asked for.
    let from = changes.length
    while (from > 0 && (changes[from - 1]?.revision ?? 0) > revision) from -= 1
    return changes.slice(from)
  }

  compact(revision: number): void {
    this.#compactedTo = revision
    this.#changes.clear()
  }
}
