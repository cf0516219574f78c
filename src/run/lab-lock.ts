import { LabError, usageError } from '../errors.ts'
import type { Clock, Cluster, KubeObject, ObjectRef } from '../ports.ts'
import { type Holder, holderNow, isAbandoned, type Self, STALE_AFTER_MS } from './holder.ts'
import { MANAGED_LABELS } from './session.ts'

/**
 * Keeps two runs of one lab apart that do not share a data folder, so that the lock files there cannot: a ConfigMap in
 * the lab's namespace. It needs the namespace, which a lab may first have to make; and where we may not write
 * ConfigMaps, there is no lock.
 */
export interface LabLock {
  /**
   * Takes it, where the namespace is there and it is not held already (then nothing is asked). One that a killed run
   * left is taken over.
   * @throws LabError 'already-running' (usage).
   */
  hold(signal: AbortSignal): Promise<void>
  /** Removes one that a killed run left; takes nothing. @throws LabError 'already-running' (usage). */
  expectFree(signal: AbortSignal): Promise<void>
  /** Gives it back; what cannot be removed now is taken over by the next run. */
  release(signal: AbortSignal): Promise<void>
}

export interface LabLockSetting {
  readonly cluster: Pick<Cluster, 'create' | 'get' | 'patch' | 'remove'>
  readonly clock: Clock
  readonly self: Self
  readonly lab: string
  readonly namespace: string
}

/** How often a run on a machine that others cannot look at gives a sign of life. */
const SIGN_OF_LIFE_MS = STALE_AFTER_MS / 3

export function labLock(setting: LabLockSetting): LabLock {
  const { cluster, clock, self, lab, namespace } = setting
  const ref: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: `sts-lab-start-${lab}` }
  let uid: string | null = null
  /** We may not: asking at every step would not change that. */
  let refused = false
  let living = new AbortController()

  const data = () => ({ data: { holder: JSON.stringify(holderNow(self, clock)) } })
  const take = async (signal: AbortSignal): Promise<boolean> => {
    const metadata = { name: ref.name, namespace, labels: MANAGED_LABELS }
    try {
      const made = await cluster.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, ...data() }, signal)
      uid = made.metadata.uid ?? ''
      return true
    } catch (error) {
      if (isCode(error, 'already-exists')) return false
      refused = isCode(error, 'forbidden')
      // No namespace (yet, or any more), or no right to it.
      if (refused || isCode(error, 'not-found')) return true
      throw error
    }
  }
  /** @throws LabError 'already-running' where it is another's that goes on. */
  const removeAbandoned = async (signal: AbortSignal): Promise<void> => {
    const found = await cluster.get(ref, signal)
    if (found === null) return
    const holder = holderOf(found)
    if (holder === null) return
    if (!isAbandoned(holder, clock, self)) throw running(setting, holder)
    // By UID: another run may be taking it over at this moment.
    await cluster.remove(ref, { uid: found.metadata.uid ?? '', signal })
  }
  const showLife = async ({ signal }: AbortController): Promise<void> => {
    for (;;) {
      await clock.sleep(SIGN_OF_LIFE_MS, signal)
      await cluster.patch(ref, data(), signal).catch((error: unknown) => {
        if (!(error instanceof LabError)) throw error
        if (error.code === 'not-found') uid = null
      })
    }
  }

  return {
    async hold(signal) {
      if (uid !== null || refused) return
      if (!(await take(signal))) {
        await removeAbandoned(signal)
        // Whoever was quicker than us has it.
        if (!(await take(signal))) throw running(setting, null)
      }
      if (uid === null) return
      living.abort()
      living = new AbortController()
      const life = living
      showLife(life).catch((error: unknown) => {
        if (!life.signal.aborted) throw error
      })
    },
    async expectFree(signal) {
      await removeAbandoned(signal).catch((error: unknown) => {
        if (!isCode(error, 'forbidden')) throw error
      })
    },
    async release(signal) {
      living.abort()
      if (uid === null) return
      const own = uid
      uid = null
      await cluster.remove(ref, { uid: own, signal }).catch((error: unknown) => {
        if (!(error instanceof LabError)) throw error
      })
    },
  }
}

const isCode = (error: unknown, code: string): boolean => error instanceof LabError && error.code === code

function running({ lab, namespace, self }: LabLockSetting, holder: Holder | null): LabError {
  const who =
    holder === null
      ? ''
      : `: process ${holder.pid}${holder.host === self.host ? '' : ` on ${holder.host}`}, which keeps its progress elsewhere`
  return usageError(
    'already-running',
    `${lab} is already being run in namespace ${namespace}${who}`,
    `let it end, or take another namespace: sts-lab start ${lab} --namespace another-name`,
  )
}

/** null: not written by us, whatever its name is. */
function holderOf(object: KubeObject): Holder | null {
  const data = object.data as Record<string, string> | undefined
  try {
    const holder = JSON.parse(data?.holder ?? '') as Holder
    const { host, pid, writtenAt } = holder
    return typeof host === 'string' && typeof pid === 'number' && typeof writtenAt === 'string'
      ? { ...holder, birth: typeof holder.birth === 'string' ? holder.birth : '' }
      : null
  } catch {
    return null
  }
}
