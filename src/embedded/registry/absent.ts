import { ageOf, column } from '../tables/table.ts'
import { dnsSubdomain } from '../validate/formats.ts'
import type { Kind } from './kind.ts'

/**
 * Kinds that every cluster has and that nothing here would act on: there are none of them, and none can be made.
 * They are served all the same because kubectl asks for some of them on its own account: for custom resources before
 * it says that there is no such kind, for limit ranges to describe a namespace.
 */
const absent = (
  group: string,
  kind: string,
  plural: string,
  more: { readonly shortNames?: readonly string[]; readonly clusterWide?: true } = {},
): Kind => ({
  group,
  version: 'v1',
  kind,
  plural,
  singular: kind.toLowerCase(),
  ...(more.shortNames === undefined ? {} : { shortNames: more.shortNames }),
  namespaced: more.clusterWide !== true,
  definition: '',
  verbs: ['get', 'list', 'watch'],
  subresources: [],
  nameFormat: dnsSubdomain,
  hasStatus: false,
  hasGeneration: false,
  isAbsent: true,
  table: {
    columns: [column('Name'), column('Age')],
    row: (object, nowMs) => [object.metadata.name, ageOf(object, nowMs)],
  },
})

const RBAC = 'rbac.authorization.k8s.io'

export const ABSENT: readonly Kind[] = [
  absent('', 'LimitRange', 'limitranges', { shortNames: ['limits'] }),
  absent('', 'ReplicationController', 'replicationcontrollers', { shortNames: ['rc'] }),
  absent('apiextensions.k8s.io', 'CustomResourceDefinition', 'customresourcedefinitions', {
    shortNames: ['crd', 'crds'],
    clusterWide: true,
  }),
  absent('autoscaling', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', { shortNames: ['hpa'] }),
  absent('batch', 'CronJob', 'cronjobs', { shortNames: ['cj'] }),
  absent('networking.k8s.io', 'Ingress', 'ingresses', { shortNames: ['ing'] }),
  absent('networking.k8s.io', 'NetworkPolicy', 'networkpolicies', { shortNames: ['netpol'] }),
  absent(RBAC, 'Role', 'roles'),
  absent(RBAC, 'RoleBinding', 'rolebindings'),
  absent(RBAC, 'ClusterRole', 'clusterroles', { clusterWide: true }),
  absent(RBAC, 'ClusterRoleBinding', 'clusterrolebindings', { clusterWide: true }),
  absent('scheduling.k8s.io', 'PriorityClass', 'priorityclasses', { shortNames: ['pc'], clusterWide: true }),
]
