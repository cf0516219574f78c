import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { usageError } from '../errors.ts'
import type { Services } from './services.ts'

type Home = Pick<Services, 'self' | 'clock'>

const LOCK_PATIENCE_MS = 5_000
const LOCK_PAUSE_MS = 20

/**
 * Does `work` while this process alone holds `file`: changes of several terminals come one after the other.
 * @throws LabError 'busy' (usage) when another process holds it for seconds.
 */
export async function withLock<T>(home: Home, file: string, work: () => Promise<T>): Promise<T> {
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
export async function take({ self }: Home, file: string): Promise<number | null> {
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
