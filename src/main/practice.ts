import path from 'node:path'
import { systemClock } from '../host/clock.ts'
import { self } from '../host/process-alive.ts'
import type { PracticeCluster } from '../ports.ts'

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
    return withLock({ self, clock: systemClock }, path.join(dataDir, 'cluster.lock'), () => work(cluster))
  }
  return {
    kubeconfig: path.join(folder, 'kubeconfig'),
    log: path.join(folder, 'log'),
    state: async () => (await own()).state(),
    up: (options) => alone((cluster) => cluster.up(options)),
    down: () => alone((cluster) => cluster.down()),
  }
}
