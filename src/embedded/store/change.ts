import type { ApiObject } from '../object.ts'

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED'

/** One write, in the order of the store's one counter. */
export interface Change {
  readonly type: ChangeType
  /** As it was written; of a deletion the last state, with the deletion's resourceVersion. */
  readonly object: ApiObject
  readonly previous: ApiObject | null
  readonly revision: number
}

export interface Listing {
  readonly items: readonly ApiObject[]
  /** What all items are as of. */
  readonly revision: number
}

/** The position lies before what the store still remembers. */
export class RevisionGone extends Error {
  readonly oldest: number

  constructor(asked: number, oldest: number) {
    super(`too old resource version: ${asked} (${oldest})`)
    this.oldest = oldest
  }
}
