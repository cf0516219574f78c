import { type ApiObject, at, isObject, textAt } from '../object.ts'
import type { Condition } from '../shapes.ts'
import { ageOf, column, NONE, type Table, wide } from '../tables/table.ts'
import { invalid } from '../validate/field-error.ts'
import { configKey, dnsLabel, dnsSubdomain } from '../validate/formats.ts'
import { EVERY_VERB, type Kind, STATUS } from './kind.ts'

const core = {
  group: '',
  version: 'v1',
  verbs: EVERY_VERB,
  nameFormat: dnsSubdomain,
  hasStatus: false,
  hasGeneration: false,
}

const entries = (object: ApiObject, ...fields: readonly string[]): number =>
  fields.reduce((sum, field) => sum + Object.keys((object[field] ?? {}) as object).length, 0)

export const namespaces: Kind = {
  ...core,
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  namespaced: false,
  definition: 'io.k8s.api.core.v1.Namespace',
  verbs: EVERY_VERB.filter((verb) => verb !== 'deletecollection'),
  subresources: [{ name: 'finalize', verbs: ['update'] }, STATUS],
  nameFormat: dnsLabel,
  hasStatus: true,
  table: {
    columns: [column('Name'), column('Status'), column('Age')],
    row: (object, nowMs) => [object.metadata.name, textAt(object, 'status', 'phase'), ageOf(object, nowMs)],
  },
  fields: (object) => ({ 'status.phase': textAt(object, 'status', 'phase') }),
  defaults: (object) => {
    // The label by which network policies find a namespace by its name.
    object.metadata.labels = {
      ...object.metadata.labels,
      'kubernetes.io/metadata.name': object.metadata.name,
    }
  },
  prepareCreate: (object) => {
    object.spec = { finalizers: ['kubernetes'] }
    object.status = { phase: 'Active' }
  },
  prepareUpdate: (object, old) => {
    object.spec = structuredClone(old.spec)
  },
}

const NODE_TABLE: Table = {
  columns: [
    column('Name'),
    column('Status'),
    column('Roles'),
    column('Age'),
    column('Version'),
    wide('Internal-IP'),
    wide('External-IP'),
    wide('OS-Image'),
    wide('Kernel-Version'),
    wide('Container-Runtime'),
  ],
  row(node, nowMs) {
    const conditions = (at(node, 'status', 'conditions') ?? []) as readonly Condition[]
    const addresses = (at(node, 'status', 'addresses') ?? []) as readonly { type: string; address: string }[]
    const address = (type: string) => addresses.find((found) => found.type === type)?.address ?? NONE
    const info = (name: string) => textAt(node, 'status', 'nodeInfo', name) || '<unknown>'
    const ready = conditions.find(({ type }) => type === 'Ready')
    const state = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
    const roles = Object.keys(node.metadata.labels ?? {})
      .filter((label) => label.startsWith('node-role.kubernetes.io/'))
      .map((label) => label.slice('node-role.kubernetes.io/'.length))
    return [
      node.metadata.name,
      at(node, 'spec', 'unschedulable') === true ? `${state},SchedulingDisabled` : state,
      roles.length === 0 ? NONE : roles.sort().join(','),
      ageOf(node, nowMs),
      textAt(node, 'status', 'nodeInfo', 'kubeletVersion'),
      address('InternalIP'),
      address('ExternalIP'),
      info('osImage'),
      info('kernelVersion'),
      info('containerRuntimeVersion'),
    ]
  },
}

export const nodes: Kind = {
  ...core,
  kind: 'Node',
  plural: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  namespaced: false,
  definition: 'io.k8s.api.core.v1.Node',
  subresources: [STATUS],
  hasStatus: true,
  table: NODE_TABLE,
  fields: (object) => ({ 'spec.unschedulable': String(at(object, 'spec', 'unschedulable') ?? false) }),
}

export const configMaps: Kind = {
  ...core,
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  namespaced: true,
  definition: 'io.k8s.api.core.v1.ConfigMap',
  subresources: [],
  table: {
    columns: [column('Name'), column('Data', 'string'), column('Age')],
    row: (object, nowMs) => [
      object.metadata.name,
      entries(object, 'data', 'binaryData'),
      ageOf(object, nowMs),
    ],
  },
  validate: (object) => keyErrors(object, 'data'),
}

const keyErrors = (object: ApiObject, field: string) =>
  Object.keys((object[field] ?? {}) as object).flatMap((key) =>
    configKey(key).map((problem) => invalid(`${field}[${key}]`, key, problem)),
  )

export const secrets: Kind = {
  ...core,
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  namespaced: true,
  definition: 'io.k8s.api.core.v1.Secret',
  subresources: [],
  table: {
    columns: [column('Name'), column('Type'), column('Data'), column('Age')],
    row: (object, nowMs) => [
      object.metadata.name,
      textAt(object, 'type'),
      entries(object, 'data'),
      ageOf(object, nowMs),
    ],
  },
  fields: (object) => ({ type: textAt(object, 'type') }),
  defaults: (object) => {
    object.type ??= 'Opaque'
    if (!isObject(object.stringData)) return
    const encoded = Object.entries(object.stringData).map(([key, value]) => [
      key,
      Buffer.from(String(value)).toString('base64'),
    ])
    object.data = { ...(object.data as object | undefined), ...Object.fromEntries(encoded) }
    delete object.stringData
  },
  validate: (object) => keyErrors(object, 'data'),
}

export const serviceAccounts: Kind = {
  ...core,
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  namespaced: true,
  definition: 'io.k8s.api.core.v1.ServiceAccount',
  subresources: [],
  table: {
    columns: [column('Name'), column('Secrets'), column('Age')],
    row: (object, nowMs) => [
      object.metadata.name,
      ((object.secrets ?? []) as readonly unknown[]).length,
      ageOf(object, nowMs),
    ],
  },
}
