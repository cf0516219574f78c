import { describe, expect, it } from 'vitest'
import { parseOnly } from '../../../src/cli/commands/verify.ts'
import { criteria } from '../../../src/criteria/index.ts'
import { LabError } from '../../../src/errors.ts'

const numbersOf = (text: string) => {
  const wanted = parseOnly(text)
  return criteria.filter((criterion) => wanted.includes(criterion.id)).map(({ number }) => number)
}

describe('verify --only', () => {
  it.each([
    ['5,6', [5, 6]],
    ['1-4,9', [1, 2, 3, 4, 9]],
    [' 2 , 3 ', [2, 3]],
    ['1-3,2-4', [1, 2, 3, 4]],
    ['9-99', [9, 10]],
  ])('takes numbers and ranges of numbers: %s', (text, expected) => {
    expect(numbersOf(text)).toEqual(expected)
  })

  it('takes ids, among numbers too, and each criterion once', () => {
    expect(parseOnly('dns-resolution')).toEqual(['dns-resolution'])
    expect(parseOnly('1,pvc-reuse,pod-naming,10')).toEqual(['pod-naming', 'pvc-reuse'])
  })

  it.each(['0', '11', '4-1', 'dns', '', '1,', '1;2', '-1', '1-'])(
    'refuses "%s" and names all ten',
    (text) => {
      expect(() => parseOnly(text)).toThrow(LabError)
      try {
        parseOnly(text)
      } catch (error) {
        expect(error).toMatchObject({ kind: 'usage', code: 'unknown-criterion' })
        for (const { number, id } of criteria) expect((error as LabError).hint).toContain(`${number} ${id}`)
      }
    },
  )
})
