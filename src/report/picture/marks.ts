/** Something to point out at a column. */
export interface Mark {
  readonly column: number
  readonly label: string
}

const mostLevels = 6

/**
 * Lines of labels with stems down to their columns, the line nearest the lanes first. A label begins at its
 * column, or ends there where it would not fit; later ones stay low, earlier ones climb. What finds no place
 * keeps its stem only.
 */
export function placeMarks(marks: readonly Mark[], width: number, stem: string): string[] {
  const right = place(marks, width, stem, 'right')
  if (right.unplaced === 0) return right.lines
  const left = place(marks, width, stem, 'left')
  return left.unplaced < right.unplaced ? left.lines : right.lines
}

function place(
  marks: readonly Mark[],
  width: number,
  stem: string,
  towards: 'left' | 'right',
): { readonly lines: string[]; readonly unplaced: number } {
  const levels: string[][] = []
  const level = (index: number): string[] => {
    const found = levels[index] ?? Array.from({ length: width }, () => ' ')
    levels[index] = found
    return found
  }
  const ordered = [...marks].sort((a, b) => a.column - b.column)
  // Two at one column: the later label stands lower, so that reading down is reading on.
  if (towards === 'right') ordered.reverse()
  let unplaced = 0
  for (const { column, label } of ordered) {
    const start = startOf(column, label.length, width, towards)
    const index = start === null ? -1 : freeLevel(level, column, start, label.length)
    if (start === null || index < 0) {
      unplaced += 1
      continue
    }
    for (let below = 0; below < index; below += 1) level(below)[column] = stem
    for (const [offset, character] of [...label].entries()) level(index)[start + offset] = character
  }
  const lines = levels.map((cells) => cells.join('').trimEnd())
  while (lines.length > 0 && lines.at(-1) === '') lines.pop()
  return { lines, unplaced }
}

function startOf(column: number, length: number, width: number, towards: 'left' | 'right'): number | null {
  const right = column + length <= width ? column : null
  const left = column - length + 1 >= 0 ? column - length + 1 : null
  return towards === 'right' ? (right ?? left) : (left ?? right)
}

/** The lowest level where the label has room (a blank on each side) and the stem can come down; -1 if there is none. */
function freeLevel(
  level: (index: number) => string[],
  column: number,
  start: number,
  length: number,
): number {
  for (let index = 0; index < mostLevels; index += 1) {
    const cells = level(index)
    const around = cells.slice(Math.max(0, start - 1), start + length + 1)
    if (around.every((cell) => cell === ' ')) return index
    if (cells[column] !== ' ') return -1
  }
  return -1
}
