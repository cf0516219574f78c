import { Errno } from '../os/errno.ts'
import { namesIn } from '../os/files.ts'
import type { Process } from '../os/process.ts'
import { matches } from './pattern.ts'

const MAX_PATHS = 10_000

/** File names that fit a pattern, sorted. */
export function globbed(process: Process, pattern: string): string[] {
  const absolute = pattern.startsWith('/')
  let bases: string[] = [absolute ? '/' : '']
  const pieces = pattern.split('/').filter((piece) => piece !== '')
  for (const [index, piece] of pieces.entries()) {
    const next: string[] = []
    const isLast = index === pieces.length - 1
    for (const base of bases) {
      const plain = piece.replace(/\\(.)/g, '$1')
      if (!/(?<!\\)[*?[]/.test(piece)) {
        if (process.files.peek(base + plain, process.cwd, false) !== null)
          next.push(base + plain + (isLast ? '' : '/'))
        continue
      }
      const dir = process.files.peek(base === '' ? '.' : base, process.cwd)
      if (dir?.kind !== 'dir') continue
      const names = namesIn(dir)
      // Looking through folders is work, too.
      process.machine.spend(50 + names.length * 20)
      for (const name of names)
        if ((!name.startsWith('.') || piece.startsWith('.')) && matches(piece, name))
          next.push(base + name + (isLast ? '' : '/'))
      if (next.length > MAX_PATHS) throw new Errno('EAGAIN')
    }
    bases = next
  }
  const checked = pattern.endsWith('/') ? bases.map((base) => `${base}/`) : bases
  return checked.sort()
}
