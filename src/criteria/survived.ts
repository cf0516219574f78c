import type { FileReading } from '../timeline/observation.ts'
import { linesOf } from './content.ts'

/** What became of a file between two readings. */
export type Fate =
  | { readonly fate: 'kept' }
  | { readonly fate: 'rewritten'; readonly how: string }
  /** Not among the files read; `unsure` when only a part of the volume was read. */
  | { readonly fate: 'missing'; readonly unsure: boolean }

/**
 * Is it still the file it was? Grown at its end: yes. Other text: no. The same bytes with another
 * modification time: no, they were written again (a program that writes its name at every start looks
 * like that; one that writes only what is absent does not).
 */
export function fateOf(before: FileReading, after: FileReading | undefined, partial: boolean): Fate {
  if (after === undefined) return { fate: 'missing', unsure: partial }
  if (!after.text.startsWith(before.text)) return { fate: 'rewritten', how: firstDifference(before, after) }
  if (after.sizeBytes > before.sizeBytes) return { fate: 'kept' }
  if (after.sizeBytes < before.sizeBytes) return { fate: 'rewritten', how: 'it became shorter' }
  if (isAnotherCopy(before, after))
    return {
      fate: 'rewritten',
      how: 'the same bytes and modification time, but another file was put in its place',
    }
  return sameTime(before.modified, after.modified)
    ? { fate: 'kept' }
    : {
        fate: 'rewritten',
        how: `the same bytes, but its modification time moved from ${timeOf(before.modified)} to ${timeOf(after.modified)}`,
      }
}

/**
 * A copy that keeps the time (cp -p, touch -d) is still another file. Both must differ: an inode number alone may
 * change when some file systems are mounted anew, a status change alone comes from chown or fsGroup. A file system
 * that gives the freed inode to the copy at once hides it (ext4 may): then only the birth time would tell.
 */
const isAnotherCopy = ({ copy: old }: FileReading, { copy: now }: FileReading): boolean =>
  old !== undefined && now !== undefined && old.inode !== now.inode && old.changed !== now.changed

function firstDifference(before: FileReading, after: FileReading): string {
  const [old, now] = [linesOf(before), linesOf(after)]
  const index = old.findIndex((line, at) => line !== now[at])
  const shown = (line: string | undefined) => (line === undefined ? 'nothing' : `"${line.slice(0, 80)}"`)
  return index < 0 ? 'its white space changed' : `before ${shown(old[index])}, now ${shown(now[index])}`
}

/** Unknown times prove nothing; if one has no fraction of a second, only whole seconds are compared. */
function sameTime(before: string | null, after: string | null): boolean {
  if (before === null || after === null) return true
  const whole = !before.includes('.') || !after.includes('.')
  const value = (time: string) => (whole ? Math.floor(Number(time)) : Number(time))
  return value(before) === value(after)
}

function timeOf(seconds: string | null): string {
  const ms = Number(seconds) * 1000
  return seconds === null || !Number.isFinite(ms) || Math.abs(ms) > 8.64e15
    ? 'unknown'
    : new Date(ms).toISOString()
}
