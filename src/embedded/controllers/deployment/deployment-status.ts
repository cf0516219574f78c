import type { Client } from '../../client.ts'
import { timestamp } from '../../clock.ts'
import { type JsonObject, sameJson } from '../../object.ts'
import type { Condition, Workload } from '../../shapes.ts'
import { type Deployment, limitsOf, replicasOf, sum } from './rollout.ts'

type Said = Pick<Condition, 'type' | 'status'> & { readonly reason: string; readonly message: string }
type Kept = Condition & { readonly lastUpdateTime?: string }

/**
 * Writes what a Deployment has come to.
 * @returns milliseconds until it counts as stuck, null when it does not move
 */
export function writeDeploymentStatus(
  client: Client,
  deployment: Deployment,
  fresh: Workload | null,
  old: readonly Workload[],
): number | null {
  const { clock } = client
  const now = timestamp(clock.nowMs())
  const all = fresh === null ? old : [...old, fresh]
  const live = (of: keyof NonNullable<Workload['status']>) =>
    sum(all, ({ status }) => Number(status?.[of] ?? 0))
  const wanted = replicasOf(deployment)
  const available = live('availableReplicas')
  const counts = {
    replicas: live('replicas'),
    updatedReplicas: fresh?.status?.replicas ?? 0,
    readyReplicas: live('readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum(all, replicasOf) - available),
  }
  const complete =
    counts.updatedReplicas === wanted &&
    counts.replicas === wanted &&
    available === wanted &&
    (fresh?.status?.observedGeneration ?? 0) >= (fresh?.metadata.generation ?? 0)
  const { conditions = [], ...before } = (deployment.status ?? {}) as JsonObject & {
    conditions?: readonly Kept[]
  }
  const moved = ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas'] as const
  const progressed = moved.some((key) => (before[key] ?? 0) !== counts[key])
  const progressing = conditions.find(({ type }) => type === 'Progressing')
  const deadlineMs = (deployment.spec.progressDeadlineSeconds ?? 600) * 1000
  const since = Date.parse(progressing?.lastUpdateTime ?? now)
  const late = !complete && !progressed && clock.sinceMs(since) >= deadlineMs
  const next = [
    merge(conditions, availability(available >= wanted - limitsOf(deployment).unavailable), now, false),
    merge(conditions, progress(fresh, complete, late, progressing), now, progressed && !complete),
  ]
  const status = {
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    observedGeneration: deployment.metadata.generation ?? 0,
  }
  if (!sameJson(before, status) || !sameJson(conditions, next))
    client.changeStatus<Deployment>('deployments', deployment, (copy) => {
      copy.status = Object.assign(status, { conditions: next })
    })
  return complete || late ? null : Math.max(0, deadlineMs - clock.sinceMs(since))
}

const availability = (enough: boolean): Said => ({
  type: 'Available',
  status: enough ? 'True' : 'False',
  reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
  message: enough ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
})

function progress(fresh: Workload | null, complete: boolean, late: boolean, before: Kept | undefined): Said {
  const name = fresh?.metadata.name ?? ''
  const said = (status: string, reason: string, message: string): Said => ({
    type: 'Progressing',
    status,
    reason,
    message,
  })
  if (complete)
    return said('True', 'NewReplicaSetAvailable', `ReplicaSet "${name}" has successfully progressed.`)
  if (late || before?.reason === 'ProgressDeadlineExceeded')
    return said('False', 'ProgressDeadlineExceeded', `ReplicaSet "${name}" has timed out progressing.`)
  if (before === undefined) return said('True', 'NewReplicaSetCreated', `Created new replica set "${name}"`)
  return said('True', 'ReplicaSetUpdated', `ReplicaSet "${name}" is progressing.`)
}

/** The new condition, with the times of the old one where it says the same. */
function merge(conditions: readonly Kept[], said: Said, now: string, touched: boolean): Kept {
  const old = conditions.find(({ type }) => type === said.type)
  const sameStatus = old?.status === said.status
  const same = sameStatus && old?.reason === said.reason && old?.message === said.message
  return {
    ...said,
    lastUpdateTime: same && !touched ? (old?.lastUpdateTime ?? now) : now,
    lastTransitionTime: sameStatus ? (old?.lastTransitionTime ?? now) : now,
  }
}
