import { interruptedError } from '../../errors.ts'
import type { Clock, Cluster, KubeObject } from '../../ports.ts'
import type { Self } from '../holder.ts'
import { PROOF_LABEL, PROOF_OWNER } from './overlay.ts'

const REMOVE_MS = 45_000
const PODS_MS = 15_000
const GONE_MS = 90_000
const LOOK_MS = 500
const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace' } as const

/** The namespaces of plays: all that a play makes is in one, and goes with it. */
export interface PlayNamespaces {
  /** Begins to remove one, and does not wait for it. */
  leave(name: string): void
  /** Resolves once each has been told to go, whatever became of the run. */
  told(): Promise<void>
  /** Waits until all that were left are gone. @returns what is still there, in sentences. */
  settle(): Promise<readonly string[]>
}

/** @param signal ends what is done for the sake of speed; that they go is not given up. */
export function createPlayNamespaces(cluster: Cluster, clock: Clock, signal: AbortSignal): PlayNamespaces {
  const leaving = new Map<string, Promise<void>>()
  const problems: string[] = []
  const remove = async (name: string): Promise<void> => {
    const own = AbortSignal.timeout(REMOVE_MS)
    try {
      const found = await cluster.get({ ...NAMESPACE, name }, own)
      if (found === null) return
      if (found.metadata.deletionTimestamp === undefined) {
        // Only a short cut: the namespace goes either way.
        await emptyFirst(cluster, clock, name, AbortSignal.any([signal, own])).catch(() => undefined)
        await cluster.remove({ ...NAMESPACE, name }, { ...uidOf(found), signal: own })
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      problems.push(`namespace ${name} was not removed: ${why}`)
    }
  }
  return {
    leave(name) {
      leaving.set(name, remove(name))
    },
    async told() {
      await Promise.all(leaving.values())
    },
    async settle() {
      await this.told()
      const deadline = clock.monotonicMs() + GONE_MS
      for (const name of leaving.keys()) {
        while ((await cluster.get({ ...NAMESPACE, name }, signal)) !== null) {
          if (signal.aborted) throw interruptedError()
          if (clock.monotonicMs() > deadline) {
            problems.push(`namespace ${name} is being deleted, and still there`)
            break
          }
          await clock.sleep(LOOK_MS, signal)
        }
      }
      return problems
    },
  }
}

/**
 * Takes the pods away first. Kubernetes looks again at a namespace with pods only after half of their grace period,
 * and that is what makes deleting one slow. Where this does not help, it does no harm.
 */
async function emptyFirst(
  cluster: Cluster,
  clock: Clock,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  for (const kind of ['StatefulSet', 'Deployment']) {
    const apiVersion = 'apps/v1'
    for (const { metadata } of await cluster.list({ apiVersion, kind, namespace }, { signal }))
      await cluster.remove(
        { apiVersion, kind, namespace, name: metadata.name },
        { propagation: 'Background', signal },
      )
  }
  const deadline = clock.monotonicMs() + PODS_MS
  const pods = { apiVersion: 'v1', kind: 'Pod', namespace } as const
  while ((await cluster.list(pods, { signal })).length > 0 && clock.monotonicMs() < deadline)
    await clock.sleep(LOOK_MS, signal)
}

/** Removes the namespaces of runs that were killed. @returns their names. */
export async function removeAbandoned(
  cluster: Cluster,
  self: Self,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const found = await cluster.list(NAMESPACE, { labelSelector: `${PROOF_LABEL}=true`, signal })
  const abandoned = found.filter(
    (space) => space.metadata.deletionTimestamp === undefined && isAbandoned(space, self),
  )
  for (const space of abandoned)
    await cluster.remove({ ...NAMESPACE, name: space.metadata.name }, { ...uidOf(space), signal })
  return abandoned.map(({ metadata }) => metadata.name)
}

function isAbandoned({ metadata }: KubeObject, self: Self): boolean {
  const { host, pid, birth } = ownerOf(metadata.annotations?.[PROOF_OWNER])
  return host !== '' && self.isAlive(host, pid, birth) === false
}

/** Anybody may have written it. */
function ownerOf(text: string | undefined): { host: string; pid: number; birth: string } {
  try {
    const owner: unknown = JSON.parse(text ?? '')
    const { host, pid, birth } = { ...(owner as Record<string, unknown>) }
    if (typeof host === 'string' && typeof pid === 'number' && typeof birth === 'string')
      return { host, pid, birth }
  } catch {
    // Not ours, then: it is left alone.
  }
  return { host: '', pid: 0, birth: '' }
}

const uidOf = ({ metadata }: KubeObject): { uid?: string } =>
  metadata.uid === undefined ? {} : { uid: metadata.uid }
