import { describe, expect, it } from 'vitest'
import { locate, parseFieldPath } from '../../src/kube/field-path.ts'

describe('a path in the words of the API server', () => {
  it.each([
    ['spec.replicas', ['spec', 'replicas']],
    ['.spec.replicas', ['spec', 'replicas']],
    ['spec.containers[0].image', ['spec', 'containers', 0, 'image']],
    ['.spec.containers[name="my-box"].image', ['spec', 'containers', { name: 'my-box' }, 'image']],
    ['.spec.ports[port=80,protocol="TCP"].nam', ['spec', 'ports', { port: '80', protocol: 'TCP' }, 'nam']],
    ['metadata.labels["app.kubernetes.io/name"]', ['metadata', 'labels', 'app.kubernetes.io/name']],
    ['metadata.finalizers[="x"]', ['metadata', 'finalizers']],
  ])('%s', (text, steps) => {
    expect(parseFieldPath(text)).toEqual(steps)
  })
})

describe('its place in an object', () => {
  const object = { spec: { ports: [{ port: 53, protocol: 'UDP' }, { port: 80 }], plain: 1 } }

  it('is found by the keys of a list, where the manifest leaves out a default', () => {
    expect(locate(object, ['spec', 'ports', { port: '80', protocol: 'TCP' }, 'x'])).toEqual([
      'spec',
      'ports',
      1,
      'x',
    ])
  })

  it('ends where the object does not go that way', () => {
    expect(locate(object, ['spec', 'ports', { port: '99' }, 'x'])).toEqual(['spec', 'ports'])
    expect(locate(object, ['spec', 'plain', { name: 'x' }])).toEqual(['spec', 'plain'])
  })
})
