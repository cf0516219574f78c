import type { Workload } from '../../shapes.ts'

/** A Deployment, as far as this cluster looks at it. */
export interface Deployment extends Workload {
  readonly spec: Workload['spec'] & {
    readonly paused?: boolean
    readonly progressDeadlineSeconds?: number
    readonly strategy?: {
      readonly type?: string
      readonly rollingUpdate?: {
        readonly maxSurge?: number | string
        readonly maxUnavailable?: number | string
      }
    }
  }
}

export const replicasOf = ({ spec }: Workload): number => spec.replicas ?? 1
const availableOf = ({ status }: Workload): number => status?.availableReplicas ?? 0
export const sum = (sets: readonly Workload[], of: (set: Workload) => number): number =>
  sets.reduce((total, set) => total + of(set), 0)

/** How many pods may be too many, and how many may be missing, while a Deployment rolls. */
export function limitsOf({ spec }: Deployment): { readonly surge: number; readonly unavailable: number } {
  const wanted = spec.replicas ?? 1
  const { type, rollingUpdate = {} } = spec.strategy ?? {}
  if (type === 'Recreate') return { surge: 0, unavailable: 0 }
  const surge = share(rollingUpdate.maxSurge ?? '25%', wanted, Math.ceil)
  const unavailable = share(rollingUpdate.maxUnavailable ?? '25%', wanted, Math.floor)
  // Both none: nothing could ever move.
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, wanted) }
}

const share = (limit: number | string, of: number, round: (value: number) => number): number =>
  typeof limit === 'number' ? limit : round((of * Number.parseFloat(limit)) / 100)

/** How many pods the newest ReplicaSet should have now. */
export function newSize(deployment: Deployment, fresh: Workload | null, old: readonly Workload[]): number {
  const wanted = replicasOf(deployment)
  if (deployment.spec.strategy?.type === 'Recreate') return wanted
  const has = fresh === null ? 0 : replicasOf(fresh)
  if (has >= wanted) return wanted
  const room = wanted + limitsOf(deployment).surge - sum(old, replicasOf) - has
  return has + Math.max(0, Math.min(room, wanted - has))
}

/** How many pods each of the older ReplicaSets should have now, oldest first: the broken ones go before the rest. */
export function oldSizes(
  deployment: Deployment,
  fresh: Workload,
  old: readonly Workload[],
): readonly number[] {
  const sizes = old.map(replicasOf)
  const all = [...old, fresh]
  const atLeast = replicasOf(deployment) - limitsOf(deployment).unavailable
  let allowed = sum(all, replicasOf) - atLeast - (replicasOf(fresh) - availableOf(fresh))
  for (const [index, set] of old.entries()) {
    if (allowed <= 0) return sizes
    const broken = Math.max(0, (sizes[index] ?? 0) - availableOf(set))
    const down = Math.min(allowed, broken)
    sizes[index] = (sizes[index] ?? 0) - down
    allowed -= down
  }
  let spare = Math.min(allowed, sum(all, availableOf) - atLeast)
  for (const [index, size] of sizes.entries()) {
    if (spare <= 0) return sizes
    const down = Math.min(spare, size)
    sizes[index] = size - down
    spare -= down
  }
  return sizes
}
