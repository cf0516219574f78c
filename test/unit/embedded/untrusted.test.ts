import { describe, expect, it } from 'vitest'
import { parseYaml, targetOf } from '../../../src/embedded/http/request.ts'
import { jsonPatch } from '../../../src/embedded/patch/json-patch.ts'
import { mergePatch } from '../../../src/embedded/patch/merge-patch.ts'
import { decode } from '../../../src/embedded/schema/decode.ts'
import { readProtobuf } from '../../../src/embedded/schema/protobuf.ts'
import { typeNamed } from '../../../src/embedded/schema/schema.ts'
import { StatusError } from '../../../src/embedded/status.ts'

const untouched = () => expect(Object.keys(Object.prototype)).toEqual([])

describe('what a client sends', () => {
  it('reaches no object but the one it is for', () => {
    expect(() => jsonPatch({ a: 1 }, [{ op: 'add', path: '/__proto__/x', value: 1 }])).toThrow(StatusError)
    expect(() => jsonPatch({ a: {} }, [{ op: 'add', path: '/a/constructor/x', value: 1 }])).toThrow(
      StatusError,
    )
    untouched()
    mergePatch({}, JSON.parse('{"__proto__":{"x":1}}'))
    untouched()
  })

  it('knows no field by the names that every object has', () => {
    const body = JSON.parse(
      '{"metadata":{"name":"a"},"constructor":{},"__proto__":{"x":1},"data":{"__proto__":"y","a":"b"}}',
    )
    const { value, strays } = decode(body, typeNamed('io.k8s.api.core.v1.ConfigMap'))
    expect(strays).toEqual(['unknown field "constructor"', 'unknown field "__proto__"'])
    expect(value).toEqual({ metadata: { name: 'a' }, data: { a: 'b' } })
    untouched()
  })

  it('is kept as Go would write it: without nulls, empty lists and empty maps, but with empty structs', () => {
    const body = {
      metadata: { name: 'a', labels: {}, annotations: null, finalizers: [] },
      spec: { containers: [{ name: 'm', command: [], resources: {}, env: [{ name: 'A', value: null }] }] },
    }
    const { value } = decode(body, typeNamed('io.k8s.api.core.v1.Pod'))
    expect(value).toEqual({
      metadata: { name: 'a' },
      spec: { containers: [{ name: 'm', resources: {}, env: [{ name: 'A' }] }] },
    })
  })

  it('is refused where it is broken', () => {
    expect(() => targetOf('/api/v1/namespaces/%zz/pods')).toThrow(StatusError)
    expect(() => readProtobuf(Buffer.from('nonsense'))).toThrow(StatusError)
    // A length that goes beyond the end.
    expect(() => readProtobuf(Buffer.concat([Buffer.from('k8s\0'), Buffer.from([0x0a, 0x7f, 1])]))).toThrow(
      StatusError,
    )
  })

  it('does not grow without bounds by aliases of aliases', () => {
    const lines = ['a: &a [x,x,x,x,x,x,x,x,x]']
    for (const [of, name] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh'].map((pair) => [...pair]))
      lines.push(`${name}: &${name} [${Array(9).fill(`*${of}`).join(', ')}]`)
    expect(() => parseYaml(lines.join('\n'))).toThrow(StatusError)
    expect(parseYaml('a: &a {x: 1}\nb: *a')).toEqual({ a: { x: 1 }, b: { x: 1 } })
  })

  it('may be protobuf', () => {
    const text = (number: number, value: string | Buffer) => {
      const bytes = Buffer.from(value)
      return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes])
    }
    const entry = Buffer.concat([text(1, 'a'), text(2, 'b')])
    const object = Buffer.concat([text(1, text(1, 'conf')), text(2, entry)])
    const type = Buffer.concat([text(1, 'v1'), text(2, 'ConfigMap')])
    const body = Buffer.concat([Buffer.from('k8s\0'), text(1, type), text(2, object)])
    expect(readProtobuf(body)).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'conf' },
      data: { a: 'b' },
    })
  })
})
