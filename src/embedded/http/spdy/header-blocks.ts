import { constants, inflateSync } from 'node:zlib'
import { DICTIONARY } from './dictionary.ts'

/** The headers with which a client opens its streams. */
export class HeaderBlocks {
  #compressed = Buffer.alloc(0)
  #inflatedBytes = 0

  /** @param body of a SYN_STREAM, in the order of their coming */
  ofStream(body: Buffer): ReadonlyMap<string, string> {
    // Stream, associated stream, priority and slot come before the headers.
    return readHeaders(this.#inflated(body.subarray(10)))
  }

  /** The blocks of a connection are one zlib stream: few and small, so each time it is read from its beginning. */
  #inflated(block: Buffer): Buffer {
    this.#compressed = Buffer.concat([this.#compressed, block])
    const all = inflateSync(this.#compressed, { dictionary: DICTIONARY, finishFlush: constants.Z_SYNC_FLUSH })
    const fresh = all.subarray(this.#inflatedBytes)
    this.#inflatedBytes = all.length
    return fresh
  }
}

/** Name and value pairs of a header block that has been inflated. */
function readHeaders(block: Buffer): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  let at = 4
  const text = (): string => {
    const length = block.readUInt32BE(at)
    const found = block.subarray(at + 4, at + 4 + length).toString('utf8')
    at += 4 + length
    return found
  }
  for (let left = block.readUInt32BE(0); left > 0; left -= 1) headers.set(text(), text())
  return headers
}
