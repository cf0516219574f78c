import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/embedded/object.ts'
import { jsonPatch } from '../../../src/embedded/patch/json-patch.ts'
import { mergePatch } from '../../../src/embedded/patch/merge-patch.ts'
import { strategicPatch } from '../../../src/embedded/patch/strategic.ts'
import { typeNamed } from '../../../src/embedded/schema/schema.ts'

const POD = typeNamed('io.k8s.api.core.v1.Pod')
const pod = (containers: readonly object[], extra: object = {}): JsonObject => ({
  spec: { containers, ...extra },
})
const strategic = (document: JsonObject, patch: JsonObject) => strategicPatch(document, patch, POD)

describe('a strategic merge patch', () => {
  it('merges containers by name and their environment inside', () => {
    const before = pod([
      { name: 'a', image: 'one', env: [{ name: 'X', value: '1' }] },
      { name: 'b', image: 'two' },
    ])
    const patch = pod([
      {
        name: 'a',
        env: [
          { name: 'X', value: '2' },
          { name: 'Y', value: '3' },
        ],
      },
    ])
    expect(strategic(before, patch)).toEqual(
      pod([
        {
          name: 'a',
          image: 'one',
          env: [
            { name: 'X', value: '2' },
            { name: 'Y', value: '3' },
          ],
        },
        { name: 'b', image: 'two' },
      ]),
    )
  })

  it('deletes an item by directive, and puts the rest in the order it is told', () => {
    const before = pod([{ name: 'a' }, { name: 'b' }, { name: 'c' }])
    const patch = {
      spec: {
        '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }],
        containers: [{ name: 'b', $patch: 'delete' }],
      },
    }
    expect(strategic(before, patch)).toEqual(pod([{ name: 'c' }, { name: 'a' }]))
  })

  it('puts what it names in its order, and leaves the others before what they stood before', () => {
    const before = pod([{ name: 'a' }, { name: 'x' }, { name: 'b' }, { name: 'y' }])
    const named = (...names: readonly string[]) => pod(names.map((name) => ({ name })))
    expect(strategic(before, named('b', 'new', 'a'))).toEqual(named('x', 'b', 'new', 'a', 'y'))
  })

  it('keeps only the keys of a volume that it is told to keep', () => {
    const before = pod([], { volumes: [{ name: 'v', emptyDir: {} }] })
    const patch = {
      spec: { volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'c' } }] },
    }
    expect(strategic(before, patch)).toEqual(pod([], { volumes: [{ name: 'v', configMap: { name: 'c' } }] }))
  })

  it('replaces lists that have no key, and drops what is null', () => {
    const before = pod([{ name: 'a', command: ['x', 'y'], image: 'one' }], { hostname: 'h' })
    const patch = { spec: { hostname: null, containers: [{ name: 'a', command: ['z'] }] } }
    expect(strategic(before, patch)).toEqual(pod([{ name: 'a', command: ['z'], image: 'one' }]))
  })

  it('takes single finalizers away', () => {
    const before = { metadata: { finalizers: ['a/x', 'b/y'] } }
    const patch = { metadata: { '$deleteFromPrimitiveList/finalizers': ['a/x'] } }
    expect(strategic(before, patch)).toEqual({ metadata: { finalizers: ['b/y'] } })
  })
})

describe('a JSON patch', () => {
  it('adds, replaces, removes, moves and copies', () => {
    const patched = jsonPatch({ a: [1, 2], 'b/c': 'x' }, [
      { op: 'add', path: '/a/1', value: 9 },
      { op: 'add', path: '/a/-', value: 3 },
      { op: 'replace', path: '/b~1c', value: 'y' },
      { op: 'copy', from: '/a/0', path: '/d' },
      { op: 'move', from: '/b~1c', path: '/e' },
      { op: 'remove', path: '/a/0' },
    ])
    expect(patched).toEqual({ a: [9, 2, 3], d: 1, e: 'y' })
  })

  it.each([
    [{ op: 'remove', path: '/nothing' }],
    [{ op: 'test', path: '/a', value: 2 }],
    [{ op: 'replace', path: '/x/y', value: 1 }],
    [{ op: 'add', path: '/list/9', value: 1 }],
  ])('refuses %j', (operation) => {
    expect(() => jsonPatch({ a: 1, list: [] }, [operation])).toThrow('the server rejected our request')
  })

  it('leaves the document that it was given as it was', () => {
    const document = { a: [1] }
    jsonPatch(document, [{ op: 'add', path: '/a/-', value: 2 }])
    expect(document).toEqual({ a: [1] })
  })
})

describe('a merge patch', () => {
  it('merges objects, replaces lists and removes what is null', () => {
    const patched = mergePatch({ a: { b: 1, c: 2 }, d: [1, 2] }, { a: { b: null, e: 3 }, d: [3] })
    expect(patched).toEqual({ a: { c: 2, e: 3 }, d: [3] })
  })
})
