import type { Clock, Terminal } from '../../../src/ports.ts'

/** A terminal that keeps what was written, and a clock that the test moves. */
export function aTerminal(fields: Partial<Omit<Terminal, 'out' | 'err'>> = {}) {
  let stdout = ''
  let stderr = ''
  const terminal: Terminal = {
    interactive: false,
    colour: false,
    columns: 80,
    rows: 24,
    ...fields,
    out: (text) => {
      stdout += text
    },
    err: (text) => {
      stderr += text
    },
  }
  return { terminal, stdout: () => stdout, stderr: () => stderr }
}

export function aClock(start = '2026-11-20T20:31:07.000Z') {
  let ms = 0
  const clock: Clock = {
    now: () => new Date(Date.parse(start) + ms),
    monotonicMs: () => ms,
    sleep: () => Promise.reject(new Error('nothing here sleeps')),
  }
  return {
    clock,
    advance: (by: number) => {
      ms += by
    },
  }
}

/**
 * What a terminal of this width would show, for the few escape sequences the board uses; throws on any other.
 * Also says whether the cursor is visible.
 */
export function screenOf(written: string): { readonly lines: string[]; readonly cursor: boolean } {
  const lines: string[] = ['']
  let row = 0
  let column = 0
  let cursor = true
  for (const token of written.match(/\u001b\[\??[0-9;]*[A-Za-z]|\u001b|[^\u001b]/gu) ?? []) {
    const line = lines[row] ?? ''
    if (token === '\n') {
      row += 1
      column = 0
      if (lines[row] === undefined) lines[row] = ''
    } else if (token === '\r') column = 0
    else if (token === '\u001b[K') lines[row] = line.slice(0, column)
    else if (token === '\u001b[J') lines.splice(row, lines.length, line.slice(0, column))
    else if (token === '\u001b[?25l') cursor = false
    else if (token === '\u001b[?25h') cursor = true
    else if (/^\u001b\[\d+A$/.test(token)) row = Math.max(0, row - Number(token.slice(2, -1)))
    else if (/^\u001b\[[0-9;]*m$/.test(token)) continue
    else if (token.startsWith('\u001b')) throw new Error(`unexpected escape ${JSON.stringify(token)}`)
    else {
      lines[row] = line.padEnd(column).slice(0, column) + token + line.slice(column + 1)
      column += 1
    }
  }
  return { lines, cursor }
}
