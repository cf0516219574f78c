import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { heldClock } from '../../../../src/embedded/clock.ts'
import { Shelf } from '../../../../src/embedded/node/os/shelf.ts'
import type { ApiObject } from '../../../../src/embedded/object.ts'
import { headerOf } from '../../../../src/embedded/state/format.ts'
import { Keeper } from '../../../../src/embedded/state/keeper.ts'
import { type KeptState, readState } from '../../../../src/embedded/state/read-state.ts'
import { encodeRecord } from '../../../../src/embedded/state/records.ts'
import { Store } from '../../../../src/embedded/store/store.ts'

const credentials = { caPem: 'ca', certificatePem: 'cert', keyPem: 'key', token: 'token' }
const header = headerOf(credentials, 4711, 'fast')
const thing = (name: string, data: unknown): ApiObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'here', uid: `uid of ${name}` },
  data,
})

let folder: string
let file: string
const troubles: (string | null)[] = []
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'journal-'))
  file = path.join(folder, 'journal')
  troubles.length = 0
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A store and a shelf that are kept, new or as they were read. */
function kept(before: KeptState | null = null) {
  const clock = heldClock()
  const trees = before?.trees ?? new Map()
  const store = new Store(undefined, before?.contents)
  const shelf = new Shelf(clock, new Map([...trees].map(([key, tree]) => [key, tree.device(clock)])))
  const keeper = new Keeper({
    file,
    header,
    clock,
    store,
    shelf,
    trees,
    resume: before?.bytes ?? null,
    trouble: (error) => troubles.push(error === null ? null : error.message),
  })
  return { store, shelf, keeper }
}

const read = (): KeptState => {
  const state = readState(file)
  if (state === null) throw new Error('there is no journal')
  return state
}
const namesIn = ({ contents }: KeptState) => [...(contents.resources.get('configmaps')?.keys() ?? [])]

describe('the journal', () => {
  it('is for its owner only, holds what was flushed, and forgets what was deleted', () => {
    const { store, keeper } = kept()
    const first = store.put('configmaps', thing('a', { text: 'ä\u0000\n' }))
    store.put('configmaps', thing('b', {}))
    keeper.flush()
    store.remove('configmaps', 'here/b')
    // Nobody has closed it: so it is after kill -9.
    keeper.flush()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const state = read()
    expect(state.header).toEqual(header)
    expect(namesIn(state)).toEqual(['here/a'])
    expect(state.contents.resources.get('configmaps')?.get('here/a')).toEqual(first)
    keeper.close()
  })

  it('makes every position of before too old, also those that were not written down', () => {
    const { store, keeper } = kept()
    store.put('configmaps', thing('a', {}))
    keeper.close()
    for (let count = 0; count < 50; count += 1) store.put('configmaps', thing('later', { count }))
    const again = new Store(undefined, read().contents)
    expect(() => again.watch('configmaps', store.revision, () => undefined)).toThrow('too old')
    expect(Number(again.put('configmaps', thing('b', {})).metadata.resourceVersion)).toBeGreaterThan(
      store.revision,
    )
  })

  it('is cut off after the last whole record, wherever the last one was torn', () => {
    const { store, keeper } = kept()
    store.put('configmaps', thing('a', {}))
    keeper.flush()
    const whole = statSync(file).size
    store.put('configmaps', thing('b', { text: 'x'.repeat(40) }))
    keeper.close()
    const all = readFileSync(file)
    for (let bytes = whole + 1; bytes < all.length; bytes += 1) {
      writeFileSync(file, all)
      truncateSync(file, bytes)
      const state = read()
      expect(state).toMatchObject({ cut: 'torn', bytes: whole, cutBytes: bytes - whole })
      expect(namesIn(state)).toEqual(['here/a'])
      expect(statSync(file).size).toBe(whole)
    }
    // What comes next is added behind what is good.
    const next = kept(read())
    next.store.put('configmaps', thing('c', {}))
    next.keeper.close()
    expect(read()).toMatchObject({ cut: 'nothing' })
    expect(namesIn(read())).toEqual(['here/a', 'here/c'])
  })

  it('goes up to a record that is damaged, and leaves a copy of the whole', () => {
    const { store, keeper } = kept()
    for (const name of ['a', 'b', 'c']) {
      store.put('configmaps', thing(name, {}))
      keeper.flush()
    }
    keeper.close()
    const bytes = readFileSync(file)
    const at = bytes.indexOf('uid of b')
    bytes[at] = 0x58
    writeFileSync(file, bytes)
    const state = read()
    expect(state.cut).toBe('damaged')
    expect(namesIn(state)).toEqual(['here/a'])
    expect(readFileSync(`${file}.damaged`).equals(bytes)).toBe(true)
  })

  it('is refused when it is of a newer format, or none', () => {
    writeFileSync(file, encodeRecord(JSON.stringify({ ...header, version: 2 })))
    expect(() => readState(file)).toThrow(expect.objectContaining({ code: 'NEWER' }))
    writeFileSync(file, encodeRecord('{"kind":"something else"}'))
    expect(() => readState(file)).toThrow(expect.objectContaining({ code: 'UNREADABLE' }))
    writeFileSync(file, '')
    expect(readState(file)).toBeNull()
    rmSync(file)
    expect(readState(file)).toBeNull()
  })

  it('is rewritten when it has grown, loses nothing meanwhile, and leaves one file', async () => {
    const { store, keeper } = kept()
    store.put('configmaps', thing('first', {}))
    let largest = 0
    for (let count = 0; count < 120; count += 1) {
      store.put('configmaps', thing('big', { count, text: 'x'.repeat(300_000) }))
      keeper.flush()
      await new Promise(setImmediate)
      largest = Math.max(largest, statSync(file).size)
    }
    keeper.close()
    expect(largest).toBeLessThan(18 * 1024 * 1024)
    expect(readdirSync(folder)).toEqual(['journal'])
    const objects = read().contents.resources.get('configmaps')
    expect(objects?.get('here/big')?.data).toMatchObject({ count: 119 })
    expect(objects?.has('here/first')).toBe(true)
  })

  it('lets the cluster go on without a disk, and says so once', () => {
    rmSync(folder, { recursive: true })
    const { store, keeper } = kept()
    for (const name of ['a', 'b']) {
      store.put('configmaps', thing(name, {}))
      keeper.flush()
    }
    expect(store.count()).toBe(2)
    expect(troubles).toEqual([expect.stringContaining('ENOENT')])
    keeper.close()
  })

  it('begins anew where only half of its first record is there', () => {
    appendFileSync(file, '12345678 {"kind":"sts')
    expect(readState(file)).toBeNull()
  })
})
