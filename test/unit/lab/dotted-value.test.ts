import { expect, it } from 'vitest'
import { dottedValue } from '../../../src/lab/dotted-value.ts'

const pod = {
  metadata: { labels: { app: 'web', 'app.kubernetes.io/name': 'nginx' } },
  list: [{ ip: '10.0.0.1' }],
}

it('a value is found by keys and list positions', () => {
  expect(dottedValue(pod, 'metadata.labels.app')).toBe('web')
  expect(dottedValue(pod, 'list.0.ip')).toBe('10.0.0.1')
  expect(dottedValue(pod, 'list.length')).toBe(1)
})

it('a key may have dots itself', () => {
  expect(dottedValue(pod, 'metadata.labels.app.kubernetes.io/name')).toBe('nginx')
})

it('nothing is there where there is nothing, not even what every object has', () => {
  expect(dottedValue(pod, 'metadata.name')).toBeUndefined()
  expect(dottedValue(null, 'metadata')).toBeUndefined()
  expect(dottedValue(pod, 'list.0.ip.length')).toBeUndefined()
  expect(dottedValue(pod, 'metadata.constructor')).toBeUndefined()
})
