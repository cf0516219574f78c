/** Bytes that come when they come, for one reader that awaits them. */
export class ByteQueue implements AsyncIterable<Buffer> {
  readonly #waiting: Buffer[] = []
  #ended = false
  #wake: (() => void) | null = null

  push(chunk: Buffer): void {
    this.#waiting.push(chunk)
    this.#wake?.()
  }

  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (;;) {
      const next = this.#waiting.shift()
      if (next !== undefined) yield next
      else if (this.#ended) return
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }
}
