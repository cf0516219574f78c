import type { ClaimState, PodState, Step } from './lanes.ts'

/** The sign at a change of state, and the line that follows it. */
interface Glyphs {
  readonly sign: string
  readonly line: string
}

export interface GlyphSet {
  readonly pod: Readonly<Record<PodState, Glyphs>>
  readonly claim: Readonly<Record<ClaimState, Glyphs>>
  readonly action: string
  readonly stem: string
  readonly cited: string
  readonly arrow: string
}

export const unicodeGlyphs: GlyphSet = {
  pod: {
    waiting: { sign: '○', line: '┄' },
    ready: { sign: '●', line: '━' },
    terminating: { sign: '▽', line: '╌' },
    gone: { sign: '╳', line: ' ' },
  },
  claim: {
    pending: { sign: '◇', line: '┄' },
    bound: { sign: '◆', line: '─' },
    lost: { sign: '!', line: '!' },
    terminating: { sign: '▽', line: '╌' },
    gone: { sign: '╳', line: ' ' },
  },
  action: '▼',
  stem: '│',
  cited: '▲',
  arrow: '→',
}

export const asciiGlyphs: GlyphSet = {
  pod: {
    waiting: { sign: 'o', line: '.' },
    ready: { sign: '@', line: '=' },
    terminating: { sign: 'v', line: '~' },
    gone: { sign: 'x', line: ' ' },
  },
  claim: {
    pending: { sign: '+', line: '.' },
    bound: { sign: '#', line: '-' },
    lost: { sign: '!', line: '!' },
    terminating: { sign: 'v', line: '~' },
    gone: { sign: 'x', line: ' ' },
  },
  action: 'V',
  stem: '|',
  cited: '^',
  arrow: '->',
}

/** A life that was there before the recording has no beginning to show; a mere change of readiness no sign of its own. */
export function signOf(step: Step, glyphs: Glyphs): string {
  if (step.known) return glyphs.line
  return step.state === 'waiting' && !step.begins ? glyphs.line : glyphs.sign
}
