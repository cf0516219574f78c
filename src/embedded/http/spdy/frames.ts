import { adler32, DICTIONARY } from './dictionary.ts'

// SPDY/3.1 frames, as far as exec needs them. The client opens every stream; nobody minds windows.

export const SYN_STREAM = 1
const SYN_REPLY = 2
export const RST_STREAM = 3
export const PING = 6
const GOAWAY = 7

/** The last frame of a stream's direction. */
export const FIN = 1

export type Frame =
  | { readonly kind: 'control'; readonly type: number; readonly flags: number; readonly body: Buffer }
  | { readonly kind: 'data'; readonly stream: number; readonly flags: number; readonly body: Buffer }

/** Cuts a byte stream into frames. */
export class FrameReader {
  #rest = Buffer.alloc(0)

  push(chunk: Buffer): readonly Frame[] {
    this.#rest = Buffer.concat([this.#rest, chunk])
    const frames: Frame[] = []
    while (this.#rest.length >= 8) {
      const first = this.#rest.readUInt32BE(0)
      const second = this.#rest.readUInt32BE(4)
      const end = 8 + (second & 0xffffff)
      if (this.#rest.length < end) break
      const body = this.#rest.subarray(8, end)
      const flags = second >>> 24
      frames.push(
        first >= 0x80000000
          ? { kind: 'control', type: first & 0xffff, flags, body }
          : { kind: 'data', stream: first, flags, body },
      )
      this.#rest = this.#rest.subarray(end)
    }
    return frames
  }
}

function control(type: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(0x80030000 + type, 0)
  head.writeUInt32BE(body.length, 4)
  return Buffer.concat([head, body])
}

export function dataFrame(stream: number, flags: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(stream, 0)
  head.writeUInt32BE(((flags << 24) | body.length) >>> 0, 4)
  return Buffer.concat([head, body])
}

export const pingFrame = (body: Buffer): Buffer => control(PING, body)
export const goAwayFrame = (lastStream: number): Buffer =>
  control(GOAWAY, Buffer.concat([word(lastStream), word(0)]))

/** Accepts streams. Its header blocks are parts of one zlib stream, which may as well be uncompressed. */
export class Replies {
  #begun = false

  to(stream: number): Buffer {
    // No headers at all.
    return control(SYN_REPLY, Buffer.concat([word(stream), this.#block(word(0))]))
  }

  #block(headers: Buffer): Buffer {
    const stored = Buffer.alloc(5)
    stored.writeUInt16LE(headers.length, 1)
    stored.writeUInt16LE(~headers.length & 0xffff, 3)
    // The empty block at the end is what makes the reader hand out what it has.
    const block = Buffer.concat([stored, headers, Buffer.from([0, 0, 0, 0xff, 0xff])])
    if (this.#begun) return block
    this.#begun = true
    // Deflate with a 32 KB window, and the dictionary that both sides know.
    return Buffer.concat([Buffer.from([0x78, 0xbb]), word(adler32(DICTIONARY)), block])
  }
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
