import { printable } from '../timeline/printable.ts'

/**
 * Words into lines of terminal cells. Everything that comes in here is made printable first, so that what a
 * pod or a student wrote cannot reach a terminal raw; colours are put on afterwards, on what comes out.
 */

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
const longest = 4000

/** Cells the text takes: two for East Asian wide characters and emoji, none for combining marks. */
export function cellWidth(text: string): number {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length
  let width = 0
  for (const { segment } of segmenter.segment(text)) width += graphemeWidth(segment)
  return width
}

/** The printable text in at most `width` cells, the end replaced by an ellipsis where it is too long. */
export function cut(text: string, width: number): string {
  const clean = printable(text, longest)
  if (cellWidth(clean) <= width) return clean
  return width < 1 ? '' : `${take(clean, width - 1)}…`
}

/** As `cut`, but keeps the end too: in `very-long-name-12` the ordinal is what matters. */
export function cutMiddle(text: string, width: number): string {
  const clean = printable(text, longest)
  if (cellWidth(clean) <= width || width < 5) return cut(clean, width)
  const tail = Math.floor((width - 1) / 2)
  const reversed = [...segmenter.segment(clean)].map(({ segment }) => segment).reverse()
  const end: string[] = []
  let used = 0
  for (const segment of reversed) {
    used += graphemeWidth(segment)
    if (used > tail) break
    end.unshift(segment)
  }
  return `${take(clean, width - 1 - cellWidth(end.join('')))}…${end.join('')}`
}

/** Fills with blanks to `width` cells. */
export const padEnd = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - cellWidth(text)))

/**
 * The printable text, broken between words into lines of at most `width` cells; longer words are broken
 * anywhere, and line breaks stay. Never empty.
 *
 * @param measure cells that a line takes in the end, where marks in it are still to be styled away.
 */
export const wrap = (text: string, width: number, measure: Measure = cellWidth): string[] =>
  text.split(/\r?\n/).flatMap((paragraph) => wrapParagraph(paragraph, Math.max(8, width), measure))

export type Measure = (line: string) => number

function wrapParagraph(text: string, room: number, measure: Measure): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of printable(text, longest).split(/\s+/).filter(Boolean)) {
    const joined = line === '' ? word : `${line} ${word}`
    if (measure(joined) <= room) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    let rest = word
    while (measure(rest) > room) {
      const head = take(rest, room)
      lines.push(head)
      rest = rest.slice(head.length)
    }
    line = rest
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}

/** `head` followed by the wrapped text, further lines indented under its beginning. `paint` colours the text, not the head. */
export function hanging(
  head: string,
  text: string,
  options: { readonly width: number; readonly headWidth: number; readonly paint?: (line: string) => string },
): string[] {
  const paint = options.paint ?? ((line: string) => line)
  return wrap(text, options.width - options.headWidth).map(
    (line, index) => (index === 0 ? head : ' '.repeat(options.headWidth)) + paint(line),
  )
}

/** For a terminal without Unicode: every character in one ASCII cell per cell, so that widths stay as they are. */
export const asciiOnly = (text: string): string =>
  text.replace(
    /[^\u0000-\u007f]/gu,
    (character) => plainer[character] ?? '?'.repeat(graphemeWidth(character)),
  )

const plainer: Readonly<Record<string, string>> = {
  '…': '~',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '→': '>',
  '·': '.',
  '─': '-',
  '│': '|',
  '┌': '+',
  '┐': '+',
  '└': '+',
  '┘': '+',
  '├': '+',
  '┤': '+',
  '┬': '+',
  '┴': '+',
  '┼': '+',
  '═': '=',
  '▼': 'v',
  '▲': '^',
  '▸': '>',
  '←': '<',
  '✓': '+',
}

function take(text: string, width: number): string {
  let taken = ''
  let used = 0
  for (const { segment } of segmenter.segment(text)) {
    used += graphemeWidth(segment)
    if (used > width && taken !== '') break
    if (used > width) return width > 0 ? segment : ''
    taken += segment
  }
  return taken
}

function graphemeWidth(grapheme: string): 0 | 1 | 2 {
  if (/^[\p{M}\p{Cf}\p{Cc}]+$/u.test(grapheme)) return 0
  if (/\p{Emoji_Presentation}|\ufe0f/u.test(grapheme)) return 2
  return wide.test(grapheme) ? 2 : 1
}

// Unicode's East Asian Width W and F, in the blocks that people write with.
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u
