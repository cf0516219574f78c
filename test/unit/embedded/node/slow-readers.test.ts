import { describe, expect, it } from 'vitest'
import { aPodCluster } from './pod-cluster.ts'

/** A client that is there and takes nothing. */
const idle = () => {
  const io = {
    taken: 0,
    stdin: null,
    stdout: (chunk: Buffer) => {
      io.taken += chunk.length
      return new Promise<void>(() => undefined)
    },
    stderr: async () => undefined,
    signal: new AbortController().signal,
    onResize: () => undefined,
  }
  return io
}

describe('a client that does not read', () => {
  it('holds up what it has started on a terminal, and no memory grows for it', () => {
    const cluster = aPodCluster()
    cluster.run('box', { containers: [{ name: 'main', image: 'busybox:1.36', command: ['sleep', '1000'] }] })
    const pod = cluster.pod('box')
    if (pod === null) throw new Error('no pod')
    const io = idle()
    void cluster.node.runtime.exec({ pod, container: 'main', command: ['yes'], tty: true }, io)
    for (let i = 0; i < 50; i += 1) cluster.clock.advance(100)
    expect(io.taken).toBeGreaterThan(1_000)
    expect(io.taken).toBeLessThan(1024 * 1024)
  })
})
