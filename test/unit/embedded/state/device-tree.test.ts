import { describe, expect, it } from 'vitest'
import { heldClock } from '../../../../src/embedded/clock.ts'
import { Errno } from '../../../../src/embedded/node/os/errno.ts'
import { Files } from '../../../../src/embedded/node/os/files.ts'
import { Device, type DirNode } from '../../../../src/embedded/node/os/inode.ts'
import { type DeviceRecord, DeviceTree } from '../../../../src/embedded/state/device-tree.ts'

const ROOT = { uid: 0, gid: 0 }
const NAMES = ['a', 'b', '1', '__proto__', 'ä b']

/** Everything about every file of a device. */
const shownOf = (dir: DirNode): unknown =>
  [...dir.entries].sort().map(([name, node]) => {
    const { ino, mode, uid, gid, mtimeMs, ctimeMs, nlink, kind } = node
    const content =
      node.kind === 'file'
        ? node.text
        : node.kind === 'link'
          ? node.target
          : node.kind === 'dir'
            ? shownOf(node)
            : ''
    return { name, ino, mode, uid, gid, mtimeMs, ctimeMs, nlink, kind, content }
  })

/** The same numbers each time. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function doSomething(files: Files, random: (below: number) => number): void {
  const name = () => NAMES[random(NAMES.length)] ?? 'a'
  const path = () => (random(2) === 0 ? `/${name()}` : `/${name()}/${name()}`)
  const content = () => String.fromCharCode(...Array.from({ length: random(30) }, () => random(256)))
  const acts = [
    () => files.open(path(), '/', { write: true, create: true, truncate: true }, ROOT).close(),
    () => {
      const handle = files.open(path(), '/', { append: true, create: true }, ROOT)
      handle.write(content()).next()
    },
    () => {
      const handle = files.open(path(), '/', { write: true, create: true }, ROOT)
      handle.write(content()).next()
    },
    () => files.create(path(), '/', (device) => device.dir(0o700 + random(64)), ROOT),
    () => files.create(path(), '/', (device) => device.link(path()), ROOT, false),
    () => files.create(path(), '/', (device) => device.fifo(), ROOT),
    () => files.hardLink(path(), path(), '/', ROOT),
    () => files.rename(path(), path(), '/', ROOT),
    () => files.remove(path(), '/', random(2) === 0, ROOT),
  ]
  try {
    acts[random(acts.length)]?.()
  } catch (error) {
    if (!(error instanceof Errno)) throw error
  }
}

describe('what is written down of a volume', () => {
  it('makes the same files again, whatever was done to them and whenever that was written', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = randomNumbers(seed)
      const clock = heldClock()
      const device = new Device(clock, 1_000_000)
      const files = new Files(device)
      const written = new DeviceTree('v')
      const read = new DeviceTree('v')
      for (let step = 0; step < 80; step += 1) {
        doSomething(files, random)
        clock.advance(random(3))
        if (random(4) > 0) continue
        const record = written.follow(device)
        if (record !== null) read.apply(JSON.parse(JSON.stringify(record)) as DeviceRecord)
        expect(written.follow(device)).toBeNull()
      }
      const last = written.follow(device)
      if (last !== null) read.apply(JSON.parse(JSON.stringify(last)) as DeviceRecord)
      const compacted = new DeviceTree('v')
      compacted.apply(JSON.parse(JSON.stringify(written.whole())) as DeviceRecord)
      for (const tree of [read, compacted]) {
        const again = tree.device(clock)
        expect(shownOf(again.root)).toEqual(shownOf(device.root))
        expect([again.id, again.usedBytes, again.lastIno]).toEqual([
          device.id,
          device.usedBytes,
          device.lastIno,
        ])
      }
    }
  })

  it('adds only what is new at the end of a file', () => {
    const device = new Device(heldClock(), 1_000_000)
    const tree = new DeviceTree('v')
    const handle = new Files(device).open('/log', '/', { append: true, create: true }, ROOT)
    handle.write('x'.repeat(1000)).next()
    tree.follow(device)
    handle.write('more').next()
    expect(tree.follow(device)?.nodes).toMatchObject([{ kind: 'file', append: 'more' }])
  })
})
