import { bounded } from '../os/bounded-work.ts'

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: ' \\t\\n\\r\\f\\v',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
  cntrl: '\\x00-\\x1f\\x7f',
  print: ' -~',
  graph: '!-~',
}

const escaped = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')

/** A piece of a pattern: itself, any text, or one character that fits. */
type Piece = { readonly text: string } | 'star' | { readonly source: string }

/** A backslash takes the meaning of what follows. Several stars are one. */
function piecesOf(pattern: string): readonly Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? ''
    if (character === '\\') {
      at += 1
      pieces.push({ text: pattern[at] ?? '\\' })
    } else if (character === '*') {
      if (pieces.at(-1) !== 'star') pieces.push('star')
    } else if (character === '?') pieces.push({ source: '[^]' })
    else if (character === '[') {
      const set = bracket(pattern, at)
      if (set === null) pieces.push({ text: '[' })
      else {
        pieces.push({ source: set.source })
        at = set.end
      }
    } else pieces.push({ text: character })
  }
  return pieces
}

/** A shell pattern as the source of a regular expression. */
export const patternSource = (pattern: string): string =>
  piecesOf(pattern)
    .map((piece) => (piece === 'star' ? '[^]*' : 'text' in piece ? escaped(piece.text) : piece.source))
    .join('')

function bracket(pattern: string, begin: number): { readonly source: string; readonly end: number } | null {
  let at = begin + 1
  const negated = pattern[at] === '!' || pattern[at] === '^'
  if (negated) at += 1
  let inside = ''
  for (let first = true; ; first = false) {
    const character = pattern[at]
    if (character === undefined) return null
    if (character === ']' && !first) break
    const named = character === '[' ? /\[:(\w+):\]/y : null
    if (named !== null) named.lastIndex = at
    const name = named?.exec(pattern)?.[1]
    if (name !== undefined) {
      inside += CLASSES[name] ?? ''
      at += name.length + 4
    } else if (character === '\\') {
      inside += escaped(pattern[at + 1] ?? '\\')
      at += 2
    } else {
      inside += character === '-' ? '-' : escaped(character)
      at += 1
    }
  }
  return { source: inside === '' ? (negated ? '[^]' : '[]') : `[${negated ? '^' : ''}${inside}]`, end: at }
}

type Fits = (character: string) => boolean

/** What each piece takes; null for a star. @throws SyntaxError for a set that makes no sense */
const takersOf = (pieces: readonly Piece[]): readonly (Fits | null)[] =>
  pieces.map((piece) => {
    if (piece === 'star') return null
    if ('text' in piece) return (character) => character === piece.text
    const set = new RegExp(`^${piece.source}$`)
    return (character) => set.test(character)
  })

/** Whether all of a text fits. A pattern that makes no sense fits nothing. */
export function matches(pattern: string, text: string): boolean {
  try {
    const takers = takersOf(piecesOf(pattern))
    return bounded(takers.length * text.length, () => fits(takers, text))
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

/** Only the last star is ever tried again: that is enough, and never takes longer than text times pattern. */
function fits(takers: readonly (Fits | null)[], text: string): boolean {
  let piece = 0
  let at = 0
  let star = -1
  let after = 0
  while (at < text.length) {
    const taker = takers[piece]
    if (taker === null) {
      star = piece
      piece += 1
      after = at
    } else if (taker?.(text[at] ?? '') === true) {
      piece += 1
      at += 1
    } else if (star >= 0) {
      after += 1
      at = after
      piece = star + 1
    } else return false
  }
  while (takers[piece] === null) piece += 1
  return piece === takers.length
}

/**
 * How much of the beginning (or of the end) of a text fits a pattern: the least or the most; null for nothing.
 * All lengths are found in one go through the text.
 */
export function fittingLength(
  pattern: string,
  text: string,
  from: 'start' | 'end',
  which: 'least' | 'most',
): number | null {
  try {
    const takers = takersOf(piecesOf(pattern))
    const ordered = from === 'start' ? takers : [...takers].reverse()
    return bounded(takers.length * text.length, () => {
      let states = reached(ordered, new Set([0]))
      let found = states.has(ordered.length) ? 0 : null
      for (let length = 1; length <= text.length && states.size > 0; length += 1) {
        if (found !== null && which === 'least') break
        const character = text[from === 'start' ? length - 1 : text.length - length] ?? ''
        const next = new Set<number>()
        for (const state of states) {
          const taker = ordered[state]
          if (taker === null) next.add(state)
          else if (taker?.(character) === true) next.add(state + 1)
        }
        states = reached(ordered, next)
        if (states.has(ordered.length)) found = length
      }
      return found
    })
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** A star may also take nothing. */
function reached(takers: readonly (Fits | null)[], states: Set<number>): Set<number> {
  for (const state of states) if (takers[state] === null) states.add(state + 1)
  return states
}

export const quotedForPattern = (text: string): string => text.replace(/[\\*?[\]!-]/g, '\\$&')
