import { describe, expect, it } from 'vitest'
import { cellWidth } from '../../../src/report/layout.ts'
import { createPaint } from '../../../src/report/paint.ts'
import { proseLines } from '../../../src/report/prose.ts'
import { type Table, tableLines } from '../../../src/report/table.ts'

const plain = { paint: createPaint(false), unicode: true }
const table: Table = [
  ['', 'StatefulSet', 'Deployment'],
  ['pod names', 'known before they exist, and kept', 'new each time'],
  ['order', 'one after the other', 'all at once'],
]

describe('a table', () => {
  it('takes what it needs where there is room', () => {
    expect(tableLines(table, { ...plain, width: 80 })).toEqual([
      '           StatefulSet                        Deployment',
      '─────────  ─────────────────────────────────  ─────────────',
      'pod names  known before they exist, and kept  new each time',
      'order      one after the other                all at once',
    ])
  })

  it('wraps its cells where there is not, and stays within the width', () => {
    const lines = tableLines(table, { ...plain, width: 40 })
    expect(lines).toEqual([
      '           StatefulSet     Deployment',
      '─────────  ──────────────  ─────────────',
      'pod names  known before    new each time',
      '           they exist,',
      '           and kept',
      'order      one after the   all at once',
      '           other',
    ])
    for (const width of [30, 36, 44, 52])
      for (const line of tableLines(table, { ...plain, width }))
        expect(cellWidth(line)).toBeLessThanOrEqual(width)
  })

  it('becomes blocks where the columns would break words', () => {
    expect(tableLines(table, { ...plain, width: 24 }).slice(0, 6)).toEqual([
      'pod names',
      '  StatefulSet',
      '    known before they',
      '    exist, and kept',
      '  Deployment',
      '    new each time',
    ])
  })

  it('keeps its columns in line when a cell is styled', () => {
    const text = '| a | b |\n|---|---|\n| `x` | y |\n| zz *w* | y |'
    const coloured = proseLines(text, 60, createPaint(true), true).map((line) =>
      line.replace(/\u001b\[\d+m/g, ''),
    )
    expect(coloured).toEqual(['a     b', '────  ─', 'x     y', 'zz w  y'])
  })

  it('is drawn in ASCII where nothing else can be shown', () => {
    expect(tableLines(table, { ...plain, unicode: false, width: 80 })[1]).toMatch(/^[- ]+$/)
  })
})

describe('prose', () => {
  it('has headings that show without colour', () => {
    expect(proseLines('## Why\nBecause.', 40, createPaint(false), false)).toEqual(['Why', '───', 'Because.'])
    expect(proseLines('## Why\nBecause.', 40, createPaint(true), true)).toHaveLength(2)
  })

  it('stresses words across the end of a line', () => {
    const lines = proseLines('Look at *what is lowest of all* first.', 20, createPaint(false), false)
    expect(lines.join(' ')).toBe('Look at what is lowest of all first.')
  })

  it('keeps a drawing as it is, and makes it ASCII where it has to be', () => {
    const drawing = 'Look:\n\n    ┌──┐\n    │ →│'
    expect(proseLines(drawing, 40, createPaint(false), false)).toEqual(['Look:', '', '    ┌──┐', '    │ →│'])
    expect(proseLines(drawing, 40, createPaint(false), false, false).slice(2)).toEqual([
      '    +--+',
      '    | >|',
    ])
  })
})
