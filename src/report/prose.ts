import { wrap } from './layout.ts'
import type { Paint } from './paint.ts'

/**
 * A lab's prose as lines of a terminal: paragraphs and "- " lists are wrapped to `width` cells, blocks indented
 * by four spaces are kept as they are, `code` and *stress* are styled. Without colour the backquotes stay.
 */
export function proseLines(text: string, width: number, paint: Paint, colour: boolean): string[] {
  const lines: string[] = []
  for (const block of text.trim().split(/\n[ \t]*\n/)) {
    if (lines.length > 0) lines.push('')
    for (const piece of piecesOf(block)) lines.push(...pieceLines(piece, width, paint, colour))
  }
  return lines
}

type Piece =
  | { readonly kind: 'verbatim'; readonly text: string }
  | { readonly kind: 'item' | 'paragraph'; readonly text: string }

/** Lines of one block, put together again where an author's editor broke them. */
function piecesOf(block: string): Piece[] {
  const pieces: Piece[] = []
  for (const line of block.split('\n')) {
    const last = pieces.at(-1)
    if (line.startsWith('    ') && last?.kind !== 'item')
      pieces.push({ kind: 'verbatim', text: line.trimEnd() })
    else if (line.startsWith('- ')) pieces.push({ kind: 'item', text: line.slice(2) })
    else if (last !== undefined && last.kind !== 'verbatim')
      pieces[pieces.length - 1] = { ...last, text: `${last.text} ${line.trim()}` }
    else pieces.push({ kind: 'paragraph', text: line.trim() })
  }
  return pieces
}

function pieceLines(piece: Piece, width: number, paint: Paint, colour: boolean): string[] {
  switch (piece.kind) {
    case 'verbatim':
      return [paint.command(piece.text)]
    case 'item':
      return wrapStyled(piece.text, width - 2, paint, colour).map(
        (line, index) => `${index === 0 ? '- ' : '  '}${line}`,
      )
    case 'paragraph':
      return wrapStyled(piece.text, width, paint, colour)
  }
}

/** A space inside `code` is held together by a character that nobody writes, so that a line never breaks there. */
const HELD = '\ue000'

function wrapStyled(text: string, width: number, paint: Paint, colour: boolean): string[] {
  const held = text.replace(/`[^`]{1,60}`/g, (code) => code.replaceAll(' ', HELD))
  return wrap(held, width).map((line) =>
    line
      .replaceAll(HELD, ' ')
      .replace(/`([^`]+)`/g, (all, code: string) => (colour ? paint.command(code) : all))
      .replace(
        /(^|\s)\*([^*\s][^*]*)\*/g,
        (_all, before: string, words: string) => before + paint.strong(words),
      ),
  )
}
