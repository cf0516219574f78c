import { describe, expect, it } from 'vitest'
import { undecidedError } from '../../../src/errors.ts'
import type { KubeObject, ObjectRef } from '../../../src/ports.ts'
import type { Self } from '../../../src/run/holder.ts'
import { labLock } from '../../../src/run/lab-lock.ts'
import { HeldClock } from '../../helpers/held-clock.ts'

/** The ConfigMaps of one namespace. */
class ConfigMaps {
  readonly calls: string[] = []
  readonly kept = new Map<string, KubeObject>()
  /** What creating comes to instead: `not-found` (no namespace), `forbidden`. */
  refuses: string | null = null
  #uids = 0

  async create(object: KubeObject): Promise<KubeObject> {
    const { name } = object.metadata
    this.calls.push(`create ${name}`)
    if (this.refuses !== null) throw undecidedError(this.refuses, this.refuses)
    if (this.kept.has(name)) throw undecidedError('already-exists', `${name} exists`)
    this.#uids += 1
    const made = { ...object, metadata: { ...object.metadata, uid: `uid-${this.#uids}` } }
    this.kept.set(name, made)
    return made
  }

  async get({ name }: ObjectRef): Promise<KubeObject | null> {
    this.calls.push(`get ${name}`)
    return this.kept.get(name) ?? null
  }

  async patch({ name }: ObjectRef, body: unknown): Promise<KubeObject> {
    this.calls.push(`patch ${name}`)
    const known = this.kept.get(name)
    if (known === undefined) throw undecidedError('not-found', `no ${name}`)
    const patched = { ...known, ...(body as object) }
    this.kept.set(name, patched)
    return patched
  }

  async remove({ name }: ObjectRef, { uid }: { readonly uid?: string }) {
    this.calls.push(`delete ${name}`)
    const known = this.kept.get(name)
    if (known === undefined) return 'absent' as const
    if (known.metadata.uid !== uid) return 'replaced' as const
    this.kept.delete(name)
    return 'deleting' as const
  }
}

const NAME = 'sts-lab-start-section1'
const signal = new AbortController().signal

/** A machine on which process numbers below 100 are alive, and which knows nothing of other machines. */
const process = (pid: number, host = 'here'): Self => ({
  host,
  pid,
  birth: '1',
  isAlive: (where, number) => (where === host ? number < 100 : null),
})

function world() {
  const cluster = new ConfigMaps()
  const clock = new HeldClock()
  const lock = (self: Self) => labLock({ cluster, clock, self, lab: 'section1', namespace: 'lab' })
  return { cluster, clock, lock }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('the lock of a lab run', () => {
  it('costs one request to take, none to take again and one to give back, and leaves nothing', async () => {
    const { cluster, clock, lock } = world()
    const mine = lock(process(1))
    await mine.hold(signal)
    await mine.hold(signal)
    await mine.release(signal)
    expect(cluster.calls).toEqual([`create ${NAME}`, `delete ${NAME}`])
    expect(cluster.kept.size).toBe(0)
    await settled()
    expect(clock.pending).toBe(0)
  })

  it('refuses a second run, says who has it, and leaves it to them', async () => {
    const { cluster, lock } = world()
    await lock(process(1)).hold(signal)
    const second = lock(process(2))
    await expect(second.hold(signal)).rejects.toMatchObject({
      code: 'already-running',
      kind: 'usage',
      message: expect.stringContaining('process 1'),
    })
    await second.release(signal)
    expect(cluster.kept.size).toBe(1)
  })

  it('takes over what a killed run left, on this machine at once', async () => {
    const { cluster, lock } = world()
    await lock(process(666)).hold(signal)
    const mine = lock(process(2))
    await mine.hold(signal)
    expect(cluster.kept.get(NAME)?.metadata.uid).toBe('uid-2')
    await mine.release(signal)
    expect(cluster.kept.size).toBe(0)
  })

  it('takes over what a run on another machine left when it has been silent for long, and not before', async () => {
    const { cluster, clock, lock } = world()
    const theirs = lock(process(1, 'there'))
    await theirs.hold(signal)
    for (let minute = 0; minute < 60; minute += 5) {
      clock.advance(5 * 60_000)
      await settled()
    }
    const mine = lock(process(2))
    await expect(mine.hold(signal)).rejects.toMatchObject({ message: expect.stringContaining('on there') })
    cluster.patch = async () => Promise.reject(undecidedError('connection-lost', 'their machine is off'))
    clock.advance(16 * 60_000)
    await mine.hold(signal)
    expect(cluster.kept.get(NAME)?.metadata.uid).toBe('uid-2')
  })

  it('does not take away what another run has just taken over', async () => {
    const { cluster, lock } = world()
    await lock(process(666)).hold(signal)
    const { get } = cluster
    cluster.get = async (ref) => {
      const found = await get.call(cluster, ref)
      cluster.kept.delete(NAME)
      cluster.get = get
      await lock(process(3)).hold(signal)
      return found
    }
    await expect(lock(process(2)).hold(signal)).rejects.toMatchObject({ code: 'already-running' })
    expect(cluster.kept.size).toBe(1)
  })

  it('waits for the namespace, and is done without where we may not', async () => {
    const { cluster, lock } = world()
    const mine = lock(process(1))
    cluster.refuses = 'not-found'
    await mine.hold(signal)
    cluster.refuses = null
    await mine.hold(signal)
    expect(cluster.kept.size).toBe(1)
    await mine.release(signal)
    cluster.refuses = 'forbidden'
    const other = lock(process(2))
    await other.hold(signal)
    await other.hold(signal)
    await other.release(signal)
    expect(cluster.calls.slice(-1)).toEqual([`create ${NAME}`])
  })

  it('is only looked at by a clean, which removes what a killed run left', async () => {
    const { cluster, lock } = world()
    await lock(process(666)).hold(signal)
    await lock(process(2)).expectFree(signal)
    expect(cluster.kept.size).toBe(0)
    await lock(process(1)).hold(signal)
    await expect(lock(process(2)).expectFree(signal)).rejects.toMatchObject({ code: 'already-running' })
    expect(cluster.kept.size).toBe(1)
  })
})
