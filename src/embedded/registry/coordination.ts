import { textAt } from '../object.ts'
import { ageOf, column } from '../tables/table.ts'
import { dnsSubdomain } from '../validate/formats.ts'
import { EVERY_VERB, type Kind } from './kind.ts'

export const leases: Kind = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  singular: 'lease',
  namespaced: true,
  definition: 'io.k8s.api.coordination.v1.Lease',
  verbs: EVERY_VERB,
  subresources: [],
  nameFormat: dnsSubdomain,
  hasStatus: false,
  hasGeneration: false,
  table: {
    columns: [column('Name'), column('Holder'), column('Age')],
    row: (object, nowMs) => [
      object.metadata.name,
      textAt(object, 'spec', 'holderIdentity'),
      ageOf(object, nowMs),
    ],
  },
}
