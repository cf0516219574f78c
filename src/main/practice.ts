import path from 'node:path'
import { undecidedError } from '../errors.ts'
import { systemClock } from '../host/clock.ts'
import { self } from '../host/process-alive.ts'
import type { PracticeCluster } from '../ports.ts'

const UNWRITABLE = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'ENOENT', 'EEXIST']
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

const unwritable = (folder: string, error: unknown) =>
  undecidedError(
    'unwritable-folder',
    `the practice cluster needs a folder of its own in ${folder}, and nothing can be written there (${codeOf(error)})`,
    'name another folder: STS_LAB_HOME=DIR',
    error,
  )

/**
 * The practice cluster of a data folder. What starts and stops it is loaded when first needed, and two commands
 * that do so at once come one after the other.
 * @param script dist/embedded-cluster.mjs
 */
export function practiceOf(dataDir: string, script: string): PracticeCluster {
  const folder = path.join(dataDir, 'cluster')
  const own = async (): Promise<PracticeCluster> => {
    const { practiceCluster } = await import('../provider/practice-cluster.ts')
    return practiceCluster({ folder, script, processes: self })
  }
  const alone = async <T>(work: (cluster: PracticeCluster) => Promise<T>): Promise<T> => {
    const { withLock } = await import('../cli/file-lock.ts')
    const cluster = await own()
    const lock = path.join(dataDir, 'cluster.lock')
    try {
      return await withLock({ self, clock: systemClock }, lock, () => work(cluster))
    } catch (error) {
      throw UNWRITABLE.includes(codeOf(error)) ? unwritable(dataDir, error) : error
    }
  }
  return {
    kubeconfig: path.join(folder, 'kubeconfig'),
    log: path.join(folder, 'log'),
    state: async () => (await own()).state(),
    up: (options) => alone((cluster) => cluster.up(options)),
    down: () => alone((cluster) => cluster.down()),
  }
}
