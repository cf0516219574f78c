/** How a watch is told from outside that something is missing in what it told: it lists anew. */
export class Distrust {
  #reason: string | null = null
  #hear: (() => void) | null = null

  tell(reason: string): void {
    this.#reason = reason
    this.#hear?.()
  }

  /** For the watch: why, once; null while it is trusted. */
  take(): string | null {
    const reason = this.#reason
    this.#reason = null
    return reason
  }

  get isTold(): boolean {
    return this.#reason !== null
  }

  /** For the watch: calls back when it is told. @returns a function that ends that */
  onTold(hear: () => void): () => void {
    this.#hear = hear
    return () => {
      this.#hear = null
    }
  }
}
