import { defaultPod, qosClass } from '../defaults/pod.ts'
import type { Mutable } from '../object.ts'
import type { Pod } from '../shapes.ts'
import { podState } from '../tables/pod-state.ts'
import { ageOf, column, NONE, type Table, wide } from '../tables/table.ts'
import { dnsSubdomain } from '../validate/formats.ts'
import { validatePodSpec, validatePodUpdate } from '../validate/pod.ts'
import { EVERY_VERB, type Kind, STATUS } from './kind.ts'
import { admitAccount } from './service-account.ts'

const TABLE: Table = {
  columns: [
    column('Name'),
    column('Ready'),
    column('Status'),
    column('Restarts'),
    column('Age'),
    wide('IP'),
    wide('Node'),
    wide('Nominated Node'),
    wide('Readiness Gates'),
  ],
  row(object, nowMs) {
    const pod = object as Pod
    const { ready, status, restarts } = podState(pod, nowMs)
    return [
      pod.metadata.name,
      ready,
      status,
      restarts,
      ageOf(pod, nowMs),
      pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP ?? NONE,
      pod.spec.nodeName ?? NONE,
      pod.status?.nominatedNodeName ?? NONE,
      NONE,
    ]
  },
}

/** What every pod puts up with for a while: admission adds it. */
const TOLERATED = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']

export const pods: Kind = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  definition: 'io.k8s.api.core.v1.Pod',
  verbs: EVERY_VERB,
  subresources: [
    { name: 'attach', kind: 'PodAttachOptions', verbs: ['create', 'get'] },
    { name: 'binding', kind: 'Binding', verbs: ['create'] },
    { name: 'eviction', kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
    { name: 'exec', kind: 'PodExecOptions', verbs: ['create', 'get'] },
    { name: 'log', verbs: ['get'] },
    { name: 'portforward', kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
    STATUS,
  ],
  table: TABLE,
  nameFormat: dnsSubdomain,
  hasStatus: true,
  hasGeneration: true,
  fields: (object) => {
    const { spec, status } = object as Pod
    return {
      'spec.nodeName': spec.nodeName ?? '',
      'spec.restartPolicy': spec.restartPolicy ?? '',
      'spec.schedulerName': spec.schedulerName ?? '',
      'spec.serviceAccountName': spec.serviceAccountName ?? '',
      'spec.hostNetwork': String(spec.hostNetwork ?? false),
      'status.phase': status?.phase ?? '',
      'status.podIP': status?.podIP ?? '',
      'status.nominatedNodeName': status?.nominatedNodeName ?? '',
    }
  },
  defaults: (object) => {
    const pod = object as unknown as Mutable<Pod>
    pod.spec ??= { containers: [] }
    defaultPod(pod.spec)
  },
  prepareCreate: (object, context) => {
    const pod = object as unknown as Mutable<Pod>
    admitAccount(pod, context)
    pod.spec.priority ??= 0
    pod.spec.preemptionPolicy ??= 'PreemptLowerPriority'
    pod.spec.tolerations ??= []
    const tolerations = pod.spec.tolerations
    for (const key of TOLERATED)
      if (!tolerations.some((toleration) => toleration.key === key || toleration.key === undefined))
        tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })
    pod.status = { phase: 'Pending', qosClass: qosClass(pod.spec) }
  },
  validate: (object) => validatePodSpec((object as Pod).spec, 'spec'),
  validateUpdate: (object, old) => validatePodUpdate(object as Pod, old as Pod),
  gracePeriod: (object, asked) => {
    const { spec, status } = object as Pod
    // Nobody runs it: there is nothing to wait for.
    const idle = (spec.nodeName ?? '') === '' || status?.phase === 'Succeeded' || status?.phase === 'Failed'
    return idle ? 0 : (asked ?? spec.terminationGracePeriodSeconds ?? 30)
  },
}
