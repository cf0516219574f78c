import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { usageError } from '../errors.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabProgress, ProgressStore } from '../run/progress.ts'
import { PROGRESS_NAME } from '../run/progress-archive.ts'
import { parseProgress } from '../run/progress-schema.ts'
import { take, withLock } from './file-lock.ts'
import type { Services } from './services.ts'

export type Home = Pick<Services, 'dataDir' | 'files' | 'self' | 'clock'>

/** Where the progress files are: <lab>.json, <lab>@<namespace>.json, and <…>.v<N>.json of other versions. */
export const progressFolder = ({ dataDir }: Pick<Home, 'dataDir'>): string => path.join(dataDir, 'progress')

/** section1.json for the lab's own namespace, section1@other.json for another. */
const progressFile = (home: Home, lab: Lab, namespace: string): string =>
  path.join(progressFolder(home), `${lab.id}${namespace === lab.namespace ? '' : `@${namespace}`}.json`)

/** Where progress of another version of the lab is kept: section1.v2.json beside section1.json. */
export const asideFile = (file: string, version: number): string => file.replace(/json$/, `v${version}.json`)

/**
 * The progress of one lab in one namespace. What is kept of another version of the lab points at other steps: it
 * is put aside at the first change, and taken up again by a program that has that version.
 */
export function progressStore(home: Home, lab: Lab, namespace: string): ProgressStore {
  const file = progressFile(home, lab, namespace)
  // Changes of this process one after the other; those of others are seen because each reads the file anew.
  let queue: Promise<unknown> = Promise.resolve()
  const readMain = (): Promise<LabProgress | null> => readProgress(home, file)
  const read = async (): Promise<LabProgress | null> => {
    const kept = await readMain()
    if (kept === null || kept.labVersion === lab.version) return kept
    return (await readProgress(home, asideFile(file, lab.version))) ?? kept
  }
  return {
    read,
    change(how) {
      const changed = queue.then(() =>
        withLock(home, `${file}.lock`, async () => {
          const next = how(await read())
          const kept = await readMain()
          if (kept !== null && kept.labVersion !== next.labVersion)
            await writeProgress(home, asideFile(file, kept.labVersion), kept)
          await writeProgress(home, file, next)
          return next
        }),
      )
      queue = changed.catch(() => undefined) // the caller gets the error; the next change still runs
      return changed
    },
  }
}

/** @throws LabError 'bad-progress' (usage): a file that is not ours to read is not guessed at. */
export async function readProgress(home: Pick<Home, 'files'>, file: string): Promise<LabProgress | null> {
  const text = await home.files.read(file)
  if (text === null) return null
  const progress = parseProgress(text)
  if (progress !== null) return progress
  throw usageError(
    'bad-progress',
    `${file} is not a progress file of this version`,
    `move it away: mv '${file}' '${file}.old'`,
  )
}

export const writeProgress = (
  home: Pick<Home, 'files'>,
  file: string,
  progress: LabProgress,
): Promise<void> => home.files.write(file, `${JSON.stringify(progress, null, 2)}\n`)

/** Every progress file there is, by its name without the folder, in order. */
export async function progressFiles(home: Pick<Home, 'dataDir'>): Promise<string[]> {
  const names = await readdir(progressFolder(home)).catch(() => [] as string[])
  return names.filter((name) => PROGRESS_NAME.test(name)).sort()
}

/** The progress of a lab that was written last, whatever its namespace; null when it was never begun. */
export async function latestProgress(
  home: Pick<Home, 'dataDir' | 'files'>,
  lab: Pick<Lab, 'id'>,
): Promise<LabProgress | null> {
  let latest: LabProgress | null = null
  for (const name of await progressFiles(home)) {
    const { lab: id, version } = PROGRESS_NAME.exec(name)?.groups ?? {}
    if (id !== lab.id || version !== undefined) continue
    const kept = await readProgress(home, path.join(progressFolder(home), name))
    if (kept !== null && (latest === null || kept.updatedAt > latest.updatedAt)) latest = kept
  }
  return latest
}

/** Progress of other versions of a lab, by the names of the files it is kept in. */
export async function otherVersions(
  home: Pick<Home, 'dataDir' | 'files'>,
  lab: Pick<Lab, 'id' | 'version'>,
): Promise<readonly { readonly file: string; readonly progress: LabProgress }[]> {
  const others: { file: string; progress: LabProgress }[] = []
  for (const name of await progressFiles(home)) {
    if (PROGRESS_NAME.exec(name)?.groups?.lab !== lab.id) continue
    const file = path.join(progressFolder(home), name)
    const progress = await readProgress(home, file)
    if (progress !== null && progress.labVersion !== lab.version) others.push({ file, progress })
  }
  return others
}

/**
 * Keeps a second terminal from running the same lab. @returns what ends the hold.
 * @throws LabError 'already-running' (usage).
 */
export async function holdLab(home: Home, lab: Lab, namespace: string): Promise<() => Promise<void>> {
  const file = progressFile(home, lab, namespace).replace(/json$/, 'running')
  const holder = await take(home, file)
  if (holder !== null)
    throw usageError(
      'already-running',
      `${lab.id} is already running in another terminal (process ${holder})`,
      `use sts-lab hint, sts-lab status and sts-lab watch beside it`,
    )
  return () => rm(file, { force: true })
}
