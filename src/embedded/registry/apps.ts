import {
  defaultDaemonSet,
  defaultDeployment,
  defaultReplicaSet,
  defaultStatefulSet,
} from '../defaults/workload.ts'
import { type ApiObject, at, type Mutable, textAt } from '../object.ts'
import type { PodTemplate, StatefulSet, Workload } from '../shapes.ts'
import { selectorText } from '../tables/selector-text.ts'
import { ageOf, column, NONE, wide } from '../tables/table.ts'
import { dnsSubdomain } from '../validate/formats.ts'
import {
  selectorIsImmutable,
  validateDeployment,
  validateReplicaSet,
  validateStatefulSet,
  validateStatefulSetUpdate,
} from '../validate/workload.ts'
import { EVERY_VERB, type Kind, SCALE, STATUS } from './kind.ts'

const number = (object: ApiObject, ...path: readonly string[]): number => Number(at(object, ...path) ?? 0)
export const containerNames = (template: PodTemplate | undefined): string =>
  (template?.spec?.containers ?? []).map(({ name }) => name).join(',')
export const imageNames = (template: PodTemplate | undefined): string =>
  (template?.spec?.containers ?? []).map(({ image }) => image ?? '').join(',')

const workload = {
  group: 'apps',
  version: 'v1',
  categories: ['all'],
  namespaced: true,
  verbs: EVERY_VERB,
  subresources: [SCALE, STATUS],
  nameFormat: dnsSubdomain,
  hasStatus: true,
  hasGeneration: true,
}

export const statefulSets: Kind = {
  ...workload,
  kind: 'StatefulSet',
  plural: 'statefulsets',
  singular: 'statefulset',
  shortNames: ['sts'],
  definition: 'io.k8s.api.apps.v1.StatefulSet',
  table: {
    columns: [column('Name'), column('Ready'), column('Age'), wide('Containers'), wide('Images')],
    row(object, nowMs) {
      const set = object as StatefulSet
      return [
        set.metadata.name,
        `${number(set, 'status', 'readyReplicas')}/${number(set, 'spec', 'replicas')}`,
        ageOf(set, nowMs),
        containerNames(set.spec.template),
        imageNames(set.spec.template),
      ]
    },
  },
  defaults: (object) => defaultStatefulSet(object as unknown as Mutable<StatefulSet>),
  prepareCreate: (object) => {
    object.status = { replicas: 0, availableReplicas: 0 }
  },
  validate: (object) => validateStatefulSet(object as StatefulSet),
  validateUpdate: (object, old) => validateStatefulSetUpdate(object as StatefulSet, old as StatefulSet),
}

export const deployments: Kind = {
  ...workload,
  kind: 'Deployment',
  plural: 'deployments',
  singular: 'deployment',
  shortNames: ['deploy'],
  definition: 'io.k8s.api.apps.v1.Deployment',
  table: {
    columns: [
      column('Name'),
      column('Ready'),
      column('Up-to-date'),
      column('Available'),
      column('Age'),
      wide('Containers'),
      wide('Images'),
      wide('Selector'),
    ],
    row(object, nowMs) {
      const deployment = object as Workload
      const { template, selector } = deployment.spec
      return [
        deployment.metadata.name,
        `${number(deployment, 'status', 'readyReplicas')}/${number(deployment, 'spec', 'replicas')}`,
        number(deployment, 'status', 'updatedReplicas'),
        number(deployment, 'status', 'availableReplicas'),
        ageOf(deployment, nowMs),
        containerNames(template),
        imageNames(template),
        selectorText(selector),
      ]
    },
  },
  defaults: (object) => defaultDeployment(object as unknown as Mutable<Workload>),
  prepareCreate: (object) => {
    object.status = {}
  },
  validate: (object) => validateDeployment(object as Workload),
  validateUpdate: (object, old) => selectorIsImmutable(object as Workload, old as Workload),
}

/** Stored and shown; nothing runs them. */
export const daemonSets: Kind = {
  ...workload,
  kind: 'DaemonSet',
  plural: 'daemonsets',
  singular: 'daemonset',
  shortNames: ['ds'],
  definition: 'io.k8s.api.apps.v1.DaemonSet',
  subresources: [STATUS],
  table: {
    columns: [
      column('Name'),
      column('Desired', 'integer'),
      column('Current', 'integer'),
      column('Ready', 'integer'),
      column('Up-to-date', 'integer'),
      column('Available', 'integer'),
      column('Node Selector'),
      column('Age'),
      wide('Containers'),
      wide('Images'),
      wide('Selector'),
    ],
    row(object, nowMs) {
      const set = object as Workload
      const { template, selector } = set.spec
      const nodes = Object.entries((at(template, 'spec', 'nodeSelector') ?? {}) as Record<string, string>)
      return [
        set.metadata.name,
        number(set, 'status', 'desiredNumberScheduled'),
        number(set, 'status', 'currentNumberScheduled'),
        number(set, 'status', 'numberReady'),
        number(set, 'status', 'updatedNumberScheduled'),
        number(set, 'status', 'numberAvailable'),
        nodes.length === 0 ? NONE : nodes.map(([key, value]) => `${key}=${value}`).join(','),
        ageOf(set, nowMs),
        containerNames(template),
        imageNames(template),
        selectorText(selector),
      ]
    },
  },
  defaults: (object) => defaultDaemonSet(object as unknown as Mutable<Workload>),
  prepareCreate: (object) => {
    object.status = {
      currentNumberScheduled: 0,
      desiredNumberScheduled: 0,
      numberMisscheduled: 0,
      numberReady: 0,
    }
  },
  validate: (object) => validateDeployment(object as Workload),
  validateUpdate: (object, old) => selectorIsImmutable(object as Workload, old as Workload),
}

export const replicaSets: Kind = {
  ...workload,
  kind: 'ReplicaSet',
  plural: 'replicasets',
  singular: 'replicaset',
  shortNames: ['rs'],
  definition: 'io.k8s.api.apps.v1.ReplicaSet',
  table: {
    columns: [
      column('Name'),
      column('Desired', 'integer'),
      column('Current', 'integer'),
      column('Ready', 'integer'),
      column('Age'),
      wide('Containers'),
      wide('Images'),
      wide('Selector'),
    ],
    row(object, nowMs) {
      const set = object as Workload
      return [
        set.metadata.name,
        number(set, 'spec', 'replicas'),
        number(set, 'status', 'replicas'),
        number(set, 'status', 'readyReplicas'),
        ageOf(set, nowMs),
        containerNames(set.spec.template),
        imageNames(set.spec.template),
        selectorText(set.spec.selector),
      ]
    },
  },
  defaults: (object) => defaultReplicaSet(object as unknown as Mutable<Workload>),
  prepareCreate: (object) => {
    object.status = { replicas: 0 }
  },
  fields: (object) => ({ 'status.replicas': String(number(object, 'status', 'replicas')) }),
  validate: (object) => validateReplicaSet(object as Workload),
  validateUpdate: (object, old) => selectorIsImmutable(object as Workload, old as Workload),
}

export const controllerRevisions: Kind = {
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  singular: 'controllerrevision',
  namespaced: true,
  definition: 'io.k8s.api.apps.v1.ControllerRevision',
  verbs: EVERY_VERB,
  subresources: [],
  nameFormat: dnsSubdomain,
  hasStatus: false,
  hasGeneration: false,
  table: {
    columns: [column('Name'), column('Controller'), column('Revision'), column('Age')],
    row(object, nowMs) {
      const owner = object.metadata.ownerReferences?.find(({ controller }) => controller === true)
      const group = owner?.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : ''
      return [
        object.metadata.name,
        owner === undefined ? NONE : `${owner.kind.toLowerCase()}${group}/${owner.name}`,
        Number(object.revision ?? 0),
        ageOf(object, nowMs),
      ]
    },
  },
  fields: (object) => ({ revision: textAt(object, 'revision') }),
}
