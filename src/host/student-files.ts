import { type FSWatcher, watch } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { writeFileAtomic } from './files.ts'

/** As other files of the student's are, and not for this user only. */
const MODE = 0o666

/**
 * Writes a file that is not there yet, and its folder.
 * @returns false when there is one: it is left as it is. Rejects with the system's error.
 */
export async function createFile(file: string, text: string): Promise<boolean> {
  await mkdir(path.dirname(file), { recursive: true })
  try {
    await writeFile(file, text, { flag: 'wx', mode: MODE })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** Puts a text in the place of a file's, all or nothing. */
export const replaceFile = (file: string, text: string): Promise<void> => writeFileAtomic(file, text, MODE)

/**
 * Calls back when something in a folder has changed and nothing more has for a moment: an editor that saves writes
 * another file and renames it, or empties the file first.
 *
 * @returns false where a folder cannot be watched (some network file systems, too many watches).
 */
export function watchFolder(folder: string, changed: () => void, signal: AbortSignal): boolean {
  let timer: NodeJS.Timeout | null = null
  let watcher: FSWatcher
  try {
    watcher = watch(folder, () => {
      if (timer !== null) clearTimeout(timer)
      timer = setTimeout(changed, SETTLE_MS)
    })
  } catch {
    // Whoever asked looks when the student says so.
    return false
  }
  const end = (): void => {
    if (timer !== null) clearTimeout(timer)
    watcher.close()
  }
  // The folder was removed, for one.
  watcher.on('error', end)
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
  return true
}

const SETTLE_MS = 120
