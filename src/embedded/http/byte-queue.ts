/** As much may wait for its reader before whoever sends is to be held up. */
const FULL_BYTES = 1024 * 1024

/** Bytes that come when they come, for one reader that awaits them. */
export class ByteQueue implements AsyncIterable<Buffer> {
  readonly #waiting: Buffer[] = []
  readonly #forRoom: (() => void)[] = []
  #bytes = 0
  #ended = false
  #wake: (() => void) | null = null

  push(chunk: Buffer): void {
    if (this.#ended) return
    this.#waiting.push(chunk)
    this.#bytes += chunk.length
    this.#wake?.()
  }

  end(): void {
    this.#ended = true
    this.#wake?.()
    this.#makeRoom()
  }

  /** Calls back when more may be pushed: at once, or when the reader has caught up. */
  whenRoom(callback: () => void): void {
    if (this.#bytes < FULL_BYTES || this.#ended) callback()
    else this.#forRoom.push(callback)
  }

  get isFull(): boolean {
    return this.#bytes >= FULL_BYTES && !this.#ended
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (;;) {
      const next = this.#waiting.shift()
      if (next !== undefined) {
        this.#bytes -= next.length
        if (this.#bytes < FULL_BYTES) this.#makeRoom()
        yield next
      } else if (this.#ended) return
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }

  #makeRoom(): void {
    for (const tell of this.#forRoom.splice(0)) tell()
  }
}
