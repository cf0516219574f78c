import { LabError } from '../errors.ts'
import type { Clock, Cluster } from '../ports.ts'

/** unknown: not asked yet, or we may not ask. */
export type NamespaceState = 'there' | 'terminating' | 'gone' | 'unknown'

/** A namespace, looked at again and again: it is not part of what a recording of the namespace sees. */
export interface NamespaceWatch {
  state(): NamespaceState
  uid(): string | null
  /** Whether it carried this label when last seen. */
  label(key: string): string | null
  /** Looks now. */
  look(signal: AbortSignal): Promise<NamespaceState>
  /** Calls `changed` after each look that saw another state, until the signal is aborted. */
  follow(changed: () => void, signal: AbortSignal): void
}

const PERIOD_MS = 700

export function watchNamespace(cluster: Cluster, clock: Clock, name: string): NamespaceWatch {
  let state: NamespaceState = 'unknown'
  let uid: string | null = null
  let labels: Readonly<Record<string, string>> = {}
  const look = async (signal: AbortSignal): Promise<NamespaceState> => {
    const found = await cluster.get({ apiVersion: 'v1', kind: 'Namespace', name }, signal)
    state = found === null ? 'gone' : found.metadata.deletionTimestamp === undefined ? 'there' : 'terminating'
    uid = found?.metadata.uid ?? null
    labels = found?.metadata.labels ?? {}
    return state
  }
  return {
    state: () => state,
    uid: () => uid,
    label: (key) => labels[key] ?? null,
    look,
    follow(changed, signal) {
      const loop = async (): Promise<void> => {
        while (!signal.aborted) {
          await clock.sleep(PERIOD_MS, signal)
          const before = state
          // The recording tells of a lost API server; here it only means that nothing new is known.
          await look(signal).catch((error: unknown) => {
            if (!(error instanceof LabError)) throw error
          })
          if (state !== before) changed()
        }
      }
      loop().catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
    },
  }
}
