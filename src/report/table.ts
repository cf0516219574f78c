import { stripVTControlCharacters } from 'node:util'
import { cellWidth, type Measure, wrap } from './layout.ts'
import type { Paint } from './paint.ts'

/** The first row is the head. */
export type Table = readonly (readonly string[])[]

const GAP = 2

/**
 * A table in at most `width` cells: columns share the room by what they need, and cells are wrapped. Where the
 * columns would get too narrow to read, each row becomes a block of "head: cell" lines.
 *
 * @param style applied to every line of a body cell after it was wrapped.
 * @param measure cells that text takes once it is styled.
 */
export function tableLines(
  table: Table,
  options: {
    readonly width: number
    readonly paint: Paint
    readonly unicode: boolean
    readonly style?: (line: string) => string
    readonly measure?: Measure
  },
): string[] {
  const { width, paint, unicode, style = (line: string) => line, measure = cellWidth } = options
  const [head = [], ...rows] = table
  const widths = columnWidths(table, width - GAP * (head.length - 1), measure)
  if (widths === null) return stacked(head, rows, options)
  const line = (cells: readonly string[], styled: (text: string) => string): string[] => {
    const columns = widths.map((room, index) => wrap(cells[index] ?? '', room, measure))
    const height = Math.max(...columns.map((lines) => lines.length))
    return Array.from({ length: height }, (_, at) =>
      columns
        .map((lines, index) => {
          const text = styled(lines[at] ?? '')
          // Styling may take marks away as well as add colour: what counts is what is seen.
          const seen = cellWidth(stripVTControlCharacters(text))
          return index === columns.length - 1 ? text : text + ' '.repeat((widths[index] ?? 0) - seen)
        })
        .join(' '.repeat(GAP))
        .trimEnd(),
    )
  }
  const rule = widths.map((room) => (unicode ? '─' : '-').repeat(room)).join(' '.repeat(GAP))
  return [
    ...line(head, (text) => paint.strong(style(text))),
    paint.dim(rule),
    ...rows.flatMap((row) => line(row, style)),
  ]
}

/** null: there is no way to give each column enough. */
function columnWidths(table: Table, available: number, measure: Measure): readonly number[] | null {
  const columns = Math.max(...table.map((row) => row.length))
  const most = (size: Measure): number[] =>
    Array.from({ length: columns }, (_, index) => Math.max(...table.map((row) => size(row[index] ?? ''))))
  const wanted = most(measure)
  if (sum(wanted) <= available) return wanted
  // Each has room for its longest word; what is left is shared, and no column gets more than it needs.
  const widths = most((cell) => Math.max(...cell.split(/\s+/).map(measure)))
  let left = available - sum(widths)
  if (left < 0) return null
  const needs = wanted.map((need, index) => ({ index, more: need - (widths[index] ?? 0) }))
  // What a row is about is read first: it is not broken if half of the room keeps it whole.
  const [first] = needs
  if (first !== undefined && first.more <= left / 2) {
    widths[0] = wanted[0] ?? 0
    left -= first.more
    first.more = 0
  }
  const byNeed = needs.sort((a, b) => a.more - b.more)
  byNeed.forEach(({ index, more }, at) => {
    const share = Math.min(more, Math.floor(left / (columns - at)))
    widths[index] = (widths[index] ?? 0) + share
    left -= share
  })
  return widths
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

function stacked(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { width, paint, style = (line: string) => line, measure = cellWidth }: Parameters<typeof tableLines>[1],
): string[] {
  return rows.flatMap((row, index) => [
    ...(index === 0 ? [] : ['']),
    ...row.flatMap((cell, at) =>
      at === 0
        ? wrap(cell, width, measure).map((line) => paint.strong(line))
        : [
            paint.dim(`  ${head[at] ?? ''}`.trimEnd()),
            ...wrap(cell, width - 4, measure).map((line) => `    ${style(line)}`),
          ],
    ),
  ])
}
