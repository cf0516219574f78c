import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createPaint } from '../../../src/report/paint.ts'
import { proseLines } from '../../../src/report/prose.ts'

const shown = (text: string, colour: boolean): string[] =>
  proseLines(text, 20, createPaint(colour), colour).map(stripVTControlCharacters)

describe('prose', () => {
  it('fills its lines by what is seen: marks that become colour take no room', () => {
    expect(shown('*one two three* of `x` 4', true)).toEqual(['one two three of x 4'])
    expect(shown('*one two three* of `x` 4', false)).toEqual(['one two three of `x`', '4'])
  })

  it('measures the columns of a table in the same way', () => {
    const lines = shown('| `a` | *b* |\n| `one two` | *three four* |', true)
    expect(lines).toEqual(['a        b', '───────  ──────────', 'one two  three four'])
  })
})
