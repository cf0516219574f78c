import type { Node } from '../os/inode.ts'

/** '755' or 'u+x,go-w'. */
export function modeOf(text: string, now: number, isDir: boolean): number {
  if (/^[0-7]+$/.test(text)) return Number.parseInt(text, 8) & 0o7777
  let mode = now
  for (const clause of text.split(',')) {
    const [, who = '', operator = '+', what = ''] = /^([ugoa]*)([-+=])([rwxXst]*)$/.exec(clause) ?? []
    const shifts =
      who === '' || who.includes('a') ? [6, 3, 0] : [...who].map((each) => ({ u: 6, g: 3, o: 0 })[each] ?? 0)
    let bits = 0
    for (const letter of what) {
      const bit = { r: 4, w: 2, x: 1 }[letter] ?? (letter === 'X' && (isDir || (now & 0o111) !== 0) ? 1 : 0)
      for (const shift of shifts) bits |= bit << shift
      if (letter === 't') bits |= 0o1000
    }
    if (operator === '+') mode |= bits
    else if (operator === '-') mode &= ~bits
    else mode = (mode & ~shifts.reduce((all, shift) => all | (7 << shift), 0)) | bits
  }
  return mode
}

const KINDS = { dir: 'd', link: 'l', char: 'c', fifo: 'p', file: '-' } as const

/** "-rw-r--r--" */
export function modeText(node: Node): string {
  const letters = [6, 3, 0].map((shift) =>
    ['r', 'w', 'x'].map((letter, index) => ((node.mode >> (shift + 2 - index)) & 1 ? letter : '-')).join(''),
  )
  if ((node.mode & 0o2000) !== 0) letters[1] = (letters[1] ?? '').replace(/x$/, 's').replace(/-$/, 'S')
  const text = letters.join('')
  return (
    KINDS[node.kind] +
    ((node.mode & 0o1000) !== 0 ? text.slice(0, -1) + (text.endsWith('x') ? 't' : 'T') : text)
  )
}

export const userName = (id: number): string =>
  ({ 0: 'root', 65534: 'nobody', 101: 'nginx' })[id] ?? String(id)
