import type { Duplex } from 'node:stream'
import { ByteQueue } from '../byte-queue.ts'
import { drained } from '../drained.ts'
import {
  dataFrame,
  FIN,
  type Frame,
  FrameReader,
  PING,
  pingFrame,
  Replies,
  RST_STREAM,
  SYN_STREAM,
} from './frames.ts'
import { HeaderBlocks } from './header-blocks.ts'

const LARGEST = 32 * 1024

/** A stream that a client has opened, both ways. */
export interface TunnelStream {
  readonly headers: ReadonlyMap<string, string>
  /** Ends when the client closes its side. */
  readonly input: AsyncIterable<Buffer>
  write(chunk: Buffer): Promise<void>
  /** Closes our side. */
  end(): void
}

/** Hands each stream that a client opens on a SPDY/3.1 connection to `opened`. Resolves when the client is gone. */
export async function serveStreams(
  socket: Duplex,
  head: Buffer,
  opened: (stream: TunnelStream) => void,
): Promise<void> {
  const reader = new FrameReader()
  const headers = new HeaderBlocks()
  const replies = new Replies()
  const inputs = new Map<number, ByteQueue>()
  const write = async (frame: Buffer): Promise<void> => {
    if (socket.destroyed || socket.writableEnded) return
    if (!socket.write(frame)) await drained(socket)
  }
  const take = (frame: Frame): void => {
    if (frame.kind === 'data') {
      const input = inputs.get(frame.stream)
      if (frame.body.length > 0) input?.push(Buffer.from(frame.body))
      if ((frame.flags & FIN) !== 0) input?.end()
      return
    }
    switch (frame.type) {
      case SYN_STREAM: {
        const stream = frame.body.readUInt32BE(0)
        const input = new ByteQueue()
        inputs.set(stream, input)
        void write(replies.to(stream))
        opened({
          headers: headers.ofStream(frame.body),
          input,
          async write(chunk) {
            for (let start = 0; start < chunk.length; start += LARGEST)
              await write(dataFrame(stream, 0, chunk.subarray(start, start + LARGEST)))
          },
          end() {
            inputs.delete(stream)
            void write(dataFrame(stream, FIN, Buffer.alloc(0)))
          },
        })
        if ((frame.flags & FIN) !== 0) input.end()
        return
      }
      case RST_STREAM:
        inputs.get(frame.body.readUInt32BE(0))?.end()
        return
      case PING:
        void write(pingFrame(frame.body))
        return
    }
  }
  try {
    for (const frame of reader.push(head)) take(frame)
    for await (const chunk of socket as AsyncIterable<Buffer>)
      for (const frame of reader.push(chunk)) take(frame)
  } catch {
    // A client that breaks off, or speaks something else, is gone.
  } finally {
    for (const input of inputs.values()) input.end()
    socket.destroy()
  }
}
