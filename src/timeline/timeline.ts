import type { Observation, Unplaced } from './observation.ts'

/**
 * The growing list of observations of one run. Appending gives each its place (`seq`) and our time.
 * Listeners are called in order, synchronously, after the observation is in the list; a listener that
 * throws is a bug and propagates to whoever appended.
 */
export class Timeline {
  readonly #observations: Observation[] = []
  readonly #listeners = new Set<(observation: Observation) => void>()
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  get observations(): readonly Observation[] {
    return this.#observations
  }

  append(unplaced: Unplaced): Observation {
    // Spreading a distributive Omit loses the union; the two added fields restore exactly an Observation.
    const observation = {
      seq: this.#observations.length + 1,
      at: this.#now().toISOString(),
      ...unplaced,
    } as Observation
    this.#observations.push(observation)
    for (const listener of [...this.#listeners]) listener(observation)
    return observation
  }

  /** @returns a function that ends the subscription. */
  subscribe(listener: (observation: Observation) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
