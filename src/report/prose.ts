import { asciiOnly, cellWidth, wrap } from './layout.ts'
import type { Paint } from './paint.ts'
import { type Table, tableLines } from './table.ts'

/**
 * A lab's prose as lines of a terminal: paragraphs and "- " lists are wrapped to `width` cells, "## " lines are
 * headings, "| a | b |" lines are tables, blocks indented by four spaces are kept as they are, `code` and
 * *stress* are styled. Without colour the backquotes stay.
 */
export function proseLines(
  text: string,
  width: number,
  paint: Paint,
  colour: boolean,
  unicode = true,
): string[] {
  const lines: string[] = []
  for (const block of text
    .trimEnd()
    .replace(/^\s*\n/, '')
    .split(/\n[ \t]*\n/)) {
    if (lines.length > 0) lines.push('')
    for (const piece of piecesOf(block)) lines.push(...pieceLines(piece, { width, paint, colour, unicode }))
  }
  return lines
}

interface Look {
  readonly width: number
  readonly paint: Paint
  readonly colour: boolean
  readonly unicode: boolean
}

type Piece =
  | { readonly kind: 'verbatim' | 'heading' | 'item' | 'paragraph'; readonly text: string }
  | { readonly kind: 'table'; readonly text: string; readonly rows: Table }

/** Lines of one block, put together again where an author's editor broke them. */
function piecesOf(block: string): Piece[] {
  const pieces: Piece[] = []
  for (const line of block.split('\n')) {
    const last = pieces.at(-1)
    if (line.startsWith('    ') && last?.kind !== 'item')
      pieces.push({ kind: 'verbatim', text: line.trimEnd() })
    else if (line.startsWith('- ')) pieces.push({ kind: 'item', text: line.slice(2) })
    else if (line.startsWith('## ')) pieces.push({ kind: 'heading', text: line.slice(3).trim() })
    else if (line.startsWith('|')) {
      // The line of dashes below a head is for those who read the source.
      const row = /^[\s|:-]+$/.test(line) ? [] : [cellsOf(line)]
      if (last?.kind === 'table') pieces[pieces.length - 1] = { ...last, rows: [...last.rows, ...row] }
      else pieces.push({ kind: 'table', text: '', rows: row })
    } else if (last?.kind === 'item' || last?.kind === 'paragraph')
      pieces[pieces.length - 1] = { ...last, text: `${last.text} ${line.trim()}` }
    else pieces.push({ kind: 'paragraph', text: line.trim() })
  }
  return pieces
}

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim())

function pieceLines(piece: Piece, look: Look): string[] {
  const { width, paint, colour, unicode } = look
  switch (piece.kind) {
    case 'verbatim':
      return [paint.command(unicode ? piece.text : asciiOnly(piece.text))]
    case 'heading':
      // Without colour a heading would look like a short paragraph.
      return [paint.strong(piece.text), ...(colour ? [] : [(unicode ? '─' : '-').repeat(piece.text.length)])]
    case 'table':
      return tableLines(
        piece.rows.map((row) => row.map(held)),
        { width, paint, unicode, style: (line) => styled(line, look), measure: seenCells(look) },
      )
    case 'item':
      return wrapStyled(piece.text, width - 2, look).map(
        (line, index) => `${index === 0 ? '- ' : '  '}${line}`,
      )
    case 'paragraph':
      return wrapStyled(piece.text, width, look)
  }
}

/** A space inside `code` is held together by a character that nobody writes, so that a line never breaks there. */
const HELD = '\ue000'

const CODE = /`([^`]+)`/g

/** *Words* that are stressed. */
const STRESS = /(^|\s)\*([^*\s][^*]*)\*/g

/** What has to survive a line's end: code is not broken, and stress is put on each word. */
const held = (text: string): string =>
  text
    .replace(/`[^`]{1,60}`/g, (code) => code.replaceAll(' ', HELD))
    .replace(STRESS, (_all, before: string, words: string) => before + words.replace(/[^ ]+/g, '*$&*'))

const wrapStyled = (text: string, width: number, look: Look): string[] =>
  wrap(held(text), width, seenCells(look)).map((line) => styled(line, look))

/** How much of a line is seen: marks that styling takes away take no room. */
const seenCells =
  ({ colour }: Look) =>
  (line: string): number =>
    cellWidth((colour ? line.replace(CODE, '$1') : line).replace(STRESS, '$1$2'))

const styled = (line: string, { paint, colour }: Look): string =>
  line
    .replaceAll(HELD, ' ')
    .replace(CODE, (all, code: string) => (colour ? paint.command(code) : all))
    .replace(STRESS, (_all, before: string, words: string) => before + paint.strong(words))
