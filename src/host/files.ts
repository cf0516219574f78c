import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'

/**
 * Writes a whole file or leaves the old one as it was, also when the power fails in between. Creates the
 * folder. Readable by this user only unless `mode` says otherwise. Rejects with the system's error.
 */
export async function writeFileAtomic(file: string, text: string, mode = 0o600): Promise<void> {
  const folder = path.dirname(file)
  await mkdir(folder, { recursive: true })
  const temporary = path.join(
    folder,
    `.${path.basename(file)}.${process.pid}-${randomBytes(4).toString('hex')}`,
  )
  try {
    const handle = await open(temporary, 'wx', mode)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(folder)
}

/** The file's text, or null when there is no such file. Rejects on anything else (no permission, a folder). */
export async function readIfExists(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (isErrno(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null
    throw error
  }
}

/** Where progress is kept: $STS_LAB_HOME, else the platform's place for an application's data. Nothing is created. */
export function dataFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const own = env.STS_LAB_HOME
  if (own) return path.resolve(own)
  if (platform === 'win32') {
    return path.win32.join(env.LOCALAPPDATA || path.win32.join(home, 'AppData', 'Local'), 'sts-lab')
  }
  if (platform === 'darwin') return path.posix.join(home, 'Library', 'Application Support', 'sts-lab')
  // The XDG specification: a relative path is to be ignored.
  const xdg = env.XDG_DATA_HOME
  return path.posix.join(xdg?.startsWith('/') ? xdg : path.posix.join(home, '.local', 'share'), 'sts-lab')
}

/** Makes the rename itself durable. Windows and some network file systems cannot sync a folder; the file is whole there too. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (!isErrno(error)) throw error
  }
}

const isErrno = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'code' in error
