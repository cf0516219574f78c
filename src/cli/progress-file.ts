import { randomBytes } from 'node:crypto'
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { usageError } from '../errors.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabProgress, ProgressStore } from '../run/progress.ts'
import type { Services } from './services.ts'

type Home = Pick<Services, 'dataDir' | 'files' | 'self' | 'clock'>

/** section1.json for the lab's own namespace, section1@other.json for another. */
function progressFile({ dataDir }: Pick<Services, 'dataDir'>, lab: Lab, namespace: string): string {
  return path.join(dataDir, 'progress', `${lab.id}${namespace === lab.namespace ? '' : `@${namespace}`}.json`)
}

export function progressStore(home: Home, lab: Lab, namespace: string): ProgressStore {
  const file = progressFile(home, lab, namespace)
  // Changes of this process one after the other; those of others are seen because each reads the file anew.
  let queue: Promise<unknown> = Promise.resolve()
  const read = async (): Promise<LabProgress | null> => parse(await home.files.read(file), file)
  return {
    read,
    change(how) {
      const changed = queue.then(() =>
        withLock(home, `${file}.lock`, async () => {
          const next = how(await read())
          await home.files.write(file, `${JSON.stringify(next, null, 2)}\n`)
          return next
        }),
      )
      queue = changed.catch(() => undefined) // the caller gets the error; the next change still runs
      return changed
    },
  }
}

/** The progress of a lab that was written last, whatever its namespace; null when it was never begun. */
export async function latestProgress(home: Home, lab: Pick<Lab, 'id'>): Promise<LabProgress | null> {
  const folder = path.join(home.dataDir, 'progress')
  const names = await readdir(folder).catch(() => [] as string[])
  let latest: LabProgress | null = null
  for (const name of names) {
    if (name !== `${lab.id}.json` && !(name.startsWith(`${lab.id}@`) && name.endsWith('.json'))) continue
    const kept = parse(await home.files.read(path.join(folder, name)), name)
    if (kept !== null && (latest === null || kept.updatedAt > latest.updatedAt)) latest = kept
  }
  return latest
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

const LOCK_PATIENCE_MS = 5_000
const LOCK_PAUSE_MS = 20

async function withLock<T>(home: Home, file: string, work: () => Promise<T>): Promise<T> {
  const deadline = home.clock.monotonicMs() + LOCK_PATIENCE_MS
  for (;;) {
    const holder = await take(home, file)
    if (holder === null) break
    if (home.clock.monotonicMs() > deadline)
      throw usageError('busy', `process ${holder} holds ${file}`, `if it no longer runs, remove that file`)
    await home.clock.sleep(LOCK_PAUSE_MS)
  }
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
  }
}

/** null: taken by us; else the process that has it. A lock whose process ended is taken over. */
async function take({ self }: Home, file: string): Promise<number | null> {
  await mkdir(path.dirname(file), { recursive: true })
  // Linked into place with its content, so that a lock is never seen empty.
  const own = `${file}.${self.pid}-${randomBytes(4).toString('hex')}`
  await writeFile(own, `${self.host} ${self.pid} ${self.birth}\n`, { mode: 0o600 })
  try {
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        await link(own, file)
        return null
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      }
      const holder = await holderOf(file)
      if (holder === null) continue
      if (self.isAlive(holder.host, holder.pid, holder.birth) !== false) return holder.pid
      await rm(file, { force: true })
    }
    return 0
  } finally {
    await rm(own, { force: true })
  }
}

interface Holder {
  readonly host: string
  readonly pid: number
  /** Tells the process from a later one with the same number. */
  readonly birth: string
}

async function holderOf(file: string): Promise<Holder | null> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return null
  const [host = '', pid = '', ...birth] = text.trim().split(' ')
  return { host, pid: Number(pid), birth: birth.join(' ') }
}

/** A file that is not ours to read is not guessed at. @throws LabError 'bad-progress' (usage). */
function parse(text: string | null, file: string): LabProgress | null {
  if (text === null) return null
  try {
    const kept: unknown = JSON.parse(text)
    // Files of before there were folder, answers and exam are read too.
    if (isProgress(kept))
      return { ...kept, folder: kept.folder ?? null, answers: kept.answers ?? {}, exam: kept.exam ?? null }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw usageError(
    'bad-progress',
    `${file} is not a progress file of this version`,
    `move it away: mv '${file}' '${file}.old'`,
  )
}

function isProgress(value: unknown): value is LabProgress {
  return (
    typeof value === 'object' &&
    value !== null &&
    'schemaVersion' in value &&
    value.schemaVersion === 1 &&
    'lab' in value &&
    'steps' in value &&
    typeof value.steps === 'object' &&
    'created' in value &&
    Array.isArray(value.created) &&
    'runs' in value &&
    Array.isArray(value.runs)
  )
}
