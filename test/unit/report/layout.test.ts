import { describe, expect, it } from 'vitest'
import { cellWidth, cut, cutMiddle, wrap } from '../../../src/report/layout.ts'

describe('layout in terminal cells', () => {
  it.each([
    ['web-0', 5],
    ['日本', 4],
    ['한글', 4],
    ['😀', 2],
    ['é', 1],
    ['👩‍💻', 2],
    ['━●', 2],
    ['', 0],
  ])('counts %s as %i cells', (text, cells) => {
    expect(cellWidth(text)).toBe(cells)
  })

  it('cuts wide characters whole', () => {
    expect(cut('日本語', 4)).toBe('日…')
    expect(cut('日本語', 5)).toBe('日本…')
    expect(cut('abc', 0)).toBe('')
  })

  it('keeps both ends of a name', () => {
    expect(cutMiddle('a-very-long-name-12', 9)).toBe('a-ve…e-12')
    expect(cutMiddle('short', 9)).toBe('short')
  })

  it('wraps between words, breaks longer ones, and loses nothing', () => {
    const text = 'the claim www-a-name-that-is-longer-than-the-line was 日本語日本語日本語 bound'
    const lines = wrap(text, 12)
    for (const line of lines) expect(cellWidth(line)).toBeLessThanOrEqual(12)
    expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
  })

  it('keeps line breaks and makes the rest printable', () => {
    expect(wrap('one\ntwo\u001b[2J', 40)).toEqual(['one', 'two\\x1b[2J'])
  })
})
