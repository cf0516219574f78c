import { describe, expect, it } from 'vitest'
import type { ApiObject } from '../../../src/embedded/object.ts'
import { type Change, RevisionGone } from '../../../src/embedded/store/change.ts'
import { Store } from '../../../src/embedded/store/store.ts'

const thing = (name: string, changes: object = {}): ApiObject => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name, namespace: 'here' },
  ...changes,
})
const names = (items: readonly ApiObject[]) => items.map(({ metadata }) => metadata.name)
const told = (changes: readonly Change[]) =>
  changes.map(({ type, object }) => `${type} ${object.metadata.name}`)

describe('the store', () => {
  it('stamps each write with the next version of one counter', () => {
    const store = new Store()
    const first = store.put('things', thing('a'))
    const second = store.put('others', thing('b'))
    expect(Number(second.metadata.resourceVersion)).toBe(Number(first.metadata.resourceVersion) + 1)
    expect(store.revision).toBe(Number(second.metadata.resourceVersion))
  })

  it('lists a moment of the past, whatever has been written since', () => {
    const store = new Store()
    store.put('things', thing('a'))
    store.put('things', thing('b', { size: 1 }))
    const then = store.revision
    store.put('things', thing('b', { size: 2 }))
    store.put('things', thing('c'))
    store.remove('things', 'here/a')
    expect(names(store.list('things').items)).toEqual(['b', 'c'])
    const past = store.listAt('things', then)
    expect(names(past.items)).toEqual(['a', 'b'])
    expect(past.items[1]).toMatchObject({ size: 1 })
  })

  it('gives a watch first what it missed, then what comes', () => {
    const store = new Store()
    store.put('things', thing('a'))
    const seen: Change[] = []
    store.put('things', thing('b'))
    const stop = store.watch('things', store.revision - 1, (change) => seen.push(change))
    store.put('things', thing('b', { size: 2 }))
    store.remove('things', 'here/a')
    stop()
    store.put('things', thing('d'))
    expect(told(seen)).toEqual(['ADDED b', 'MODIFIED b', 'DELETED a'])
    expect(seen.at(-1)?.object.metadata.resourceVersion).toBe(String(seen.at(-1)?.revision))
  })

  it('says Gone for a position it no longer remembers', () => {
    const store = new Store(4)
    store.put('things', thing('a'))
    const early = store.revision
    for (let size = 0; size < 20; size += 1) store.put('things', thing('a', { size }))
    expect(() => store.watch('things', early, () => undefined)).toThrow(RevisionGone)
    expect(() => store.watch('things', store.revision - 2, () => undefined)).not.toThrow()
    store.compact()
    expect(() => store.listAt('things', store.revision - 1)).toThrow(RevisionGone)
    expect(() => store.listAt('things', store.revision)).not.toThrow()
  })

  it('tells the other watchers although one of them stops while being told', () => {
    const store = new Store()
    const seen: string[] = []
    const stop = store.watch('things', store.revision, () => stop())
    store.watch('things', store.revision, ({ object }) => seen.push(object.metadata.name))
    store.put('things', thing('a'))
    expect(seen).toEqual(['a'])
  })
})
