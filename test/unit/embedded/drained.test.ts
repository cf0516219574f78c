import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { drained } from '../../../src/embedded/http/drained.ts'

/** One that takes a byte and then no more until it is read. */
const full = (): PassThrough => {
  const stream = new PassThrough({ highWaterMark: 1 })
  stream.write('much')
  return stream
}

it.each([
  ['takes more', (stream: PassThrough) => stream.resume()],
  ['is closed', (stream: PassThrough) => stream.destroy()],
])('a stream that %s is waited for no longer, and is left with no listener of ours', async (_, happens) => {
  const stream = full()
  const listeners = () => [stream.listenerCount('drain'), stream.listenerCount('close')]
  const before = listeners()
  const waited = drained(stream)
  happens(stream)
  await waited
  expect(listeners()).toEqual(before)
})
