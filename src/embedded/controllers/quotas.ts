import { quotaUsed } from '../api/quota.ts'
import type { Client } from '../client.ts'
import { type ApiObject, at, type JsonObject, sameJson } from '../object.ts'
import { kindOf } from '../registry/index.ts'
import { StatusError } from '../status.ts'

/** Kinds whose use is written into the status of quotas. */
const COUNTED = ['configmaps', 'persistentvolumeclaims', 'pods', 'secrets', 'services', 'statefulsets']

/** Keeps what quotas say is used. What they allow is decided by the API server, which counts for itself. */
export function startQuotas(client: Client): () => void {
  const due = new Set<string>()
  const kinds = COUNTED.map(kindOf)

  const count = (quota: ApiObject): void => {
    const hard = (at(quota, 'spec', 'hard') ?? {}) as JsonObject
    const used = quotaUsed(quota, kinds, (kind) => client.list(kind.plural))
    if (sameJson(quota.status, { hard, used })) return
    try {
      client.changeStatus<ApiObject>('resourcequotas', quota, (copy) => {
        copy.status = { hard, used }
      })
    } catch (error) {
      // Gone meanwhile: then there is nothing to keep.
      if (!(error instanceof StatusError)) throw error
    }
  }
  const look = (): void => {
    const namespaces = new Set(due)
    due.clear()
    for (const quota of client.list<ApiObject>('resourcequotas'))
      if (namespaces.has(quota.metadata.namespace ?? '')) count(quota)
  }
  const touched = ({ metadata }: ApiObject): void => {
    if (due.size === 0) client.clock.soon(look)
    due.add(metadata.namespace ?? '')
  }
  const stops = ['resourcequotas', ...COUNTED].map((resource) =>
    client.watch<ApiObject>(resource, { added: touched, changed: touched, removed: touched }),
  )
  return () => {
    for (const stop of stops) stop()
  }
}
