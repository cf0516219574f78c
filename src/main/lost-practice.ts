import { LabError } from '../errors.ts'
import type { Cluster, PracticeCluster } from '../ports.ts'

const LOST: readonly string[] = ['connection-refused', 'connection-lost', 'timeout']

/** Next command to type where the practice cluster has ended. */
export const BRING_BACK =
  'sts-lab cluster up, which brings it back with what was in it; then the same command again'

/** The practice cluster, whose errors say what to type when its process has ended in the middle of something. */
export function tellingOfItsEnd<T extends Cluster>(cluster: T, practice: PracticeCluster): T {
  const explained = async (error: unknown): Promise<unknown> => {
    if (!(error instanceof LabError && LOST.includes(error.code))) return error
    const { state } = await practice.state()
    if (state === 'running') return error
    const hint = state === 'ended' ? BRING_BACK : 'sts-lab cluster up starts a new one: it was taken down'
    const message = `the practice cluster has ended: ${error.message}`
    return new LabError(error.kind, error.code, message, { hint, cause: error })
  }
  return new Proxy(cluster, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function') return value
      return (...given: readonly unknown[]) => {
        const result: unknown = Reflect.apply(value, target, given)
        if (!(result instanceof Promise)) return result
        return result.catch(async (error: unknown) => {
          throw await explained(error)
        })
      }
    },
  })
}
