import { at, type JsonObject } from '../object.ts'
import { ageOf, column } from '../tables/table.ts'
import { invalid } from '../validate/field-error.ts'
import { dnsSubdomain } from '../validate/formats.ts'
import { EVERY_VERB, type Kind, STATUS } from './kind.ts'

/** How many pods an eviction has to leave. */
export const disruptionBudgets: Kind = {
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  namespaced: true,
  definition: 'io.k8s.api.policy.v1.PodDisruptionBudget',
  verbs: EVERY_VERB,
  subresources: [STATUS],
  nameFormat: dnsSubdomain,
  hasStatus: true,
  hasGeneration: true,
  prepareCreate: (object) => {
    object.status = {}
  },
  validate: (object) => {
    const { spec } = object as { readonly spec?: JsonObject }
    return spec?.minAvailable === undefined || spec.maxUnavailable === undefined
      ? []
      : [invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set')]
  },
  table: {
    columns: [
      column('Name'),
      column('Min Available'),
      column('Max Unavailable'),
      column('Allowed Disruptions', 'integer'),
      column('Age'),
    ],
    row: (object, nowMs) => [
      object.metadata.name,
      String(at(object, 'spec', 'minAvailable') ?? 'N/A'),
      String(at(object, 'spec', 'maxUnavailable') ?? 'N/A'),
      Number(at(object, 'status', 'disruptionsAllowed') ?? 0),
      ageOf(object, nowMs),
    ],
  },
}
