import { describe, expect, it } from 'vitest'
import { printable, printableLines } from '../../../src/timeline/printable.ts'

describe('printable', () => {
  it.each([
    ['plain text, ümläut, 日本語, 🚀', 'plain text, ümläut, 日本語, 🚀'],
    ['\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
    ['\u009b31m', '\\x9b31m'],
    ['a\r\nb\tc\u0000', 'a\\r\\nb\\tc\\x00'],
    ['\u007f\u0008', '\\x7f\\x08'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['\u2066x\u2069\u200b\ufeff', '\\u2066x\\u2069\\u200b\\ufeff'],
    ['\u2028line', '\\u2028line'],
    ['\ud800', '\\ud800'],
    ['\u{e0041}', '\\u{e0041}'],
  ])('shows %j as %j', (text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  it('leaves no control, bidi or invisible character of the whole basic plane', () => {
    const all = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).join(' ')
    expect(printable(all, 1_000_000)).not.toMatch(
      /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}\u200b-\u200d\ufeff]/u,
    )
  })

  it('is never longer than asked, and says when it was cut', () => {
    expect(printable('abcdef', 6)).toBe('abcdef')
    expect(printable('abcdefg', 6)).toBe('abcde…')
    expect(printable('\u001b\u001b\u001b', 6)).toBe('\\x1b…')
    expect(printable('abcd🚀🚀', 6)).toBe('abcd…')
    expect(printable('x'.repeat(10_000_000)).length).toBe(200)
  })
})

describe('printableLines', () => {
  it('keeps line breaks, and counts what it leaves out', () => {
    expect(printableLines('a\n\tb\u001b\nc\n', { maxLines: 2 })).toEqual(['a', '  b\\x1b', '… 1 more line'])
  })
})
