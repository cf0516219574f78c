import { interruptedError } from '../../errors.ts'
import type { Clock, Cluster, KubeObject } from '../../ports.ts'
import type { Self } from '../holder.ts'
import { PROOF_LABEL, PROOF_OWNER } from './overlay.ts'

const GONE_MS = 90_000
const LOOK_MS = 500
const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace' } as const

/** The namespaces of plays: all that a play makes is in one, and goes with it. */
export interface PlayNamespaces {
  /** Asks for its deletion, and does not wait. Tries under a deadline of its own, also after an interruption. */
  leave(name: string): Promise<void>
  /** Waits until all that were left are gone; deleting a namespace takes Kubernetes a while. @returns what is still there, in sentences. */
  settle(signal: AbortSignal): Promise<readonly string[]>
}

export function createPlayNamespaces(cluster: Cluster, clock: Clock): PlayNamespaces {
  const leaving: string[] = []
  const problems: string[] = []
  return {
    async leave(name) {
      const signal = AbortSignal.timeout(30_000)
      try {
        const found = await cluster.get({ ...NAMESPACE, name }, signal)
        if (found === null) return
        await cluster.remove({ ...NAMESPACE, name }, { ...uidOf(found), signal })
        leaving.push(name)
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        problems.push(`namespace ${name} was not removed: ${why}`)
      }
    },
    async settle(signal) {
      const deadline = clock.monotonicMs() + GONE_MS
      for (const name of leaving) {
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
