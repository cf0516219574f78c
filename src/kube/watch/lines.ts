const NEWLINE = 0x0a

/**
 * Cuts a byte stream into lines. It works on bytes, because a chunk may end inside a UTF-8 character or a
 * megabyte-sized object: pieces are joined once, when their line is complete.
 */
export class Lines {
  #pieces: Buffer[] = []

  /** @returns the lines that this chunk completes, without their newline */
  push(chunk: Buffer): readonly Buffer[] {
    const lines: Buffer[] = []
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      lines.push(this.#join(chunk.subarray(start, end)))
      start = end + 1
    }
    if (start < chunk.length) this.#pieces.push(chunk.subarray(start))
    return lines
  }

  /** What came after the last newline. */
  rest(): Buffer {
    return this.#join(Buffer.alloc(0))
  }

  #join(last: Buffer): Buffer {
    if (this.#pieces.length === 0) return last
    const line = Buffer.concat([...this.#pieces, last])
    this.#pieces = []
    return line
  }
}
