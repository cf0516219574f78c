import { at, type JsonObject } from '../object.ts'
import { ageOf, column } from '../tables/table.ts'
import { dnsSubdomain } from '../validate/formats.ts'
import { EVERY_VERB, type Kind, STATUS } from './kind.ts'

export const resourceQuotas: Kind = {
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  singular: 'resourcequota',
  shortNames: ['quota'],
  namespaced: true,
  definition: 'io.k8s.api.core.v1.ResourceQuota',
  verbs: EVERY_VERB,
  subresources: [STATUS],
  nameFormat: dnsSubdomain,
  hasStatus: true,
  hasGeneration: false,
  prepareCreate: (object) => {
    object.status = {}
  },
  table: {
    columns: [column('Name'), column('Request'), column('Limit'), column('Age')],
    row(object, nowMs) {
      const hard = (at(object, 'status', 'hard') ?? {}) as JsonObject
      const used = (at(object, 'status', 'used') ?? {}) as JsonObject
      const text = (limits: boolean) =>
        Object.keys(hard)
          .filter((name) => name.startsWith('limits.') === limits)
          .sort()
          .map((name) => `${name}: ${String(used[name] ?? '0')}/${String(hard[name])}`)
          .join(', ')
      return [object.metadata.name, text(false), text(true), ageOf(object, nowMs)]
    },
  },
}
