import { describe, expect, it } from 'vitest'
import { notOffered, offerLines } from '../../../src/cli/choice-lines.ts'

const choices = [
  { key: '', text: 'do it for me (or do it in another terminal: it will be noticed)' },
  { key: 'h', text: 'hint' },
  { key: 'n', text: 'skip' },
  { key: 'q', text: 'quit' },
]

describe('choices', () => {
  it('break between two of them where a line is full, and not within one', () => {
    expect(offerLines(choices, 87)).toEqual([
      'Enter: do it for me (or do it in another terminal: it will be noticed) · h: hint',
      'n: skip · q: quit',
    ])
  })

  it('are named again to who typed something else, which is shown without its control characters', () => {
    expect(notOffered(' x\u001b[2J ', choices)).toMatch(/^"x[^\u001b]*" is none of these: Enter, h, n, q\.$/)
  })
})
