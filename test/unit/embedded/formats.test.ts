import { describe, expect, it } from 'vitest'
import { BadSelector, labelSelector } from '../../../src/embedded/store/selector.ts'
import { humanDuration } from '../../../src/embedded/tables/human-duration.ts'
import { canonicalQuantity, quantityValue } from '../../../src/embedded/validate/quantity.ts'

describe('a quantity', () => {
  it.each([
    ['1', 1],
    ['100m', 0.1],
    ['50Mi', 50 * 2 ** 20],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['1e3', 1000],
    ['1E', 1e18],
  ])('%s is %d', (text, value) => {
    expect(quantityValue(text)).toBeCloseTo(value, 6)
  })

  it.each(['', 'lots', '1 Gi', '1.2.3', 'Mi', '0x10'])('"%s" is none', (text) => {
    expect(quantityValue(text)).toBeNull()
  })

  it.each([
    ['1024Mi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['0.5', '500m'],
    ['1000m', '1'],
    ['2000', '2k'],
    ['50Mi', '50Mi'],
    ['0', '0'],
    ['1500Ki', '1500Ki'],
  ])('%s is written back as %s', (given, written) => {
    expect(canonicalQuantity(given)).toBe(written)
  })
})

describe('an age', () => {
  const [second, minute, hour, day] = [1, 60, 3600, 86_400].map((seconds) => seconds * 1000) as [
    number,
    number,
    number,
    number,
  ]
  it.each([
    [0, '0s'],
    [119 * second, '119s'],
    [2 * minute, '2m'],
    [5 * minute + 7 * second, '5m7s'],
    [10 * minute + 7 * second, '10m'],
    [3 * hour + 20 * minute, '3h20m'],
    [9 * hour + 20 * minute, '9h'],
    [2 * day + 4 * hour, '2d4h'],
    [30 * day, '30d'],
    [3 * 365 * day, '3y'],
  ])('of %d ms is %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text)
  })
})

describe('a label selector', () => {
  const labels = { app: 'web', tier: 'front' }
  it.each([
    ['app=web', true],
    ['app==web,tier!=back', true],
    ['app in (web,db)', true],
    ['app notin (web, db)', false],
    ['!canary', true],
    ['canary', false],
    ['tier,app', true],
    ['size!=big', true],
  ])('%s: %s', (text, holds) => {
    expect(labelSelector(text)(labels)).toBe(holds)
  })

  it.each(['a b=c', 'app in web', '=x', 'app=(a)'])('refuses "%s"', (text) => {
    expect(() => labelSelector(text)).toThrow(BadSelector)
  })
})
