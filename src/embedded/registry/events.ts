import { type ApiObject, at, isObject, textAt } from '../object.ts'
import { age, column, type Table, wide } from '../tables/table.ts'
import { dnsSubdomain } from '../validate/formats.ts'
import { EVERY_VERB, type Kind } from './kind.ts'

const times = (object: ApiObject) => {
  const first = textAt(object, 'firstTimestamp') || textAt(object, 'eventTime')
  const last = textAt(object, 'series', 'lastObservedTime') || textAt(object, 'lastTimestamp') || first
  return { first, last }
}

const TABLE: Table = {
  columns: [
    column('Last Seen'),
    column('Type'),
    column('Reason'),
    column('Object'),
    wide('Subobject'),
    wide('Source'),
    column('Message'),
    wide('First Seen'),
    wide('Count'),
    { ...wide('Name'), format: 'name' },
  ],
  row(object, nowMs) {
    const { first, last } = times(object)
    const involved = (key: string) => textAt(object, 'involvedObject', key)
    const component = textAt(object, 'source', 'component') || textAt(object, 'reportingComponent')
    const host = textAt(object, 'source', 'host') || textAt(object, 'reportingInstance')
    const count = at(object, 'series', 'count') ?? object.count
    return [
      age(last, nowMs),
      textAt(object, 'type'),
      textAt(object, 'reason'),
      `${involved('kind').toLowerCase()}/${involved('name')}`,
      involved('fieldPath'),
      host === '' ? component : `${component}, ${host}`,
      textAt(object, 'message').trim(),
      age(first, nowMs),
      typeof count === 'number' && count > 0 ? count : 1,
      object.metadata.name,
    ]
  },
}

const event = {
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  namespaced: true,
  verbs: EVERY_VERB,
  subresources: [],
  nameFormat: dnsSubdomain,
  hasStatus: false,
  hasGeneration: false,
}

const FIELDS = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath']

export const events: Kind = {
  ...event,
  group: '',
  definition: 'io.k8s.api.core.v1.Event',
  table: TABLE,
  fields: (object) => ({
    ...Object.fromEntries(
      FIELDS.map((key) => [`involvedObject.${key}`, textAt(object, 'involvedObject', key)]),
    ),
    reason: textAt(object, 'reason'),
    reportingComponent: textAt(object, 'reportingComponent'),
    source: textAt(object, 'source', 'component') || textAt(object, 'reportingComponent'),
    type: textAt(object, 'type'),
  }),
}

/** New name → old name of the fields that the two groups call differently. */
const RENAMED = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
] as const

function renamed(
  object: ApiObject,
  apiVersion: string,
  names: readonly (readonly [string, string])[],
): ApiObject {
  const result: Record<string, unknown> = { ...object, apiVersion }
  for (const [from, to] of names) {
    if (result[from] === undefined) continue
    result[to] = result[from]
    delete result[from]
  }
  return result as unknown as ApiObject
}

/** The same events, as the newer group shows them. */
export const groupEvents: Kind = {
  ...event,
  group: 'events.k8s.io',
  definition: 'io.k8s.api.events.v1.Event',
  table: { columns: TABLE.columns, row: (object, nowMs) => TABLE.row(toCore(object), nowMs) },
  storedAs: {
    resource: 'events',
    toStored: toCore,
    fromStored: (object) =>
      renamed(
        object,
        'events.k8s.io/v1',
        RENAMED.map(([fresh, old]) => [old, fresh] as const),
      ),
  },
  fields: (object) => ({
    ...Object.fromEntries(FIELDS.map((key) => [`regarding.${key}`, textAt(object, 'regarding', key)])),
    reason: textAt(object, 'reason'),
    reportingController: textAt(object, 'reportingController'),
    type: textAt(object, 'type'),
  }),
}

function toCore(object: ApiObject): ApiObject {
  return isObject(object.involvedObject) ? object : renamed(object, 'v1', RENAMED)
}
