// What the client's models do not say about the API: groups and kinds, which lists are merged by which key, quantities.

const gvk = (group, kind) => ({ group, kind, version: 'v1' })
const core = (...kinds) => kinds.map((kind) => [`V1${kind}`, 'core', gvk('', kind)])
const of = (folder, group, ...kinds) => kinds.map((kind) => [`V1${kind}`, folder, gvk(group, kind)])

/** [model, API group's folder, group-version-kind]: core first, for its types are used by the others. */
export const ROOTS = [
  ...core(
    'Binding',
    'ConfigMap',
    'Endpoints',
    'Namespace',
    'Node',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'ResourceQuota',
  ),
  ['CoreV1Event', 'core', gvk('', 'Event')],
  ['V1PodTemplateSpec', 'core'],
  ...core('Pod', 'Secret', 'Service', 'ServiceAccount'),
  ...of('apps', 'apps', 'ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'),
  ...of('batch', 'batch', 'Job'),
  ...of('storage', 'storage.k8s.io', 'StorageClass'),
  ...of('coordination', 'coordination.k8s.io', 'Lease'),
  ...of('discovery', 'discovery.k8s.io', 'EndpointSlice'),
  ['EventsV1Event', 'events', gvk('events.k8s.io', 'Event')],
  ...of('policy', 'policy', 'Eviction', 'PodDisruptionBudget'),
  ...of('autoscaling', 'autoscaling', 'Scale'),
  ...of('authorization', 'authorization.k8s.io', 'SelfSubjectAccessReview'),
]

/** Types of the meta group, whoever reaches them first. */
export const ALWAYS_META = [
  'V1ObjectMeta',
  'V1OwnerReference',
  'V1ManagedFieldsEntry',
  'V1LabelSelector',
  'V1LabelSelectorRequirement',
  'V1FieldSelectorRequirement',
  'V1Condition',
  'V1DeleteOptions',
  'V1Preconditions',
]

const merged = (...keys) => ({
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': keys,
  'x-kubernetes-patch-merge-key': keys[0],
  'x-kubernetes-patch-strategy': 'merge',
})
const replaced = (extra) => ({ 'x-kubernetes-list-type': 'atomic', ...extra })
const set = (extra) => ({ 'x-kubernetes-list-type': 'set', ...extra })
const patchMerge = { 'x-kubernetes-patch-strategy': 'merge' }

const container = (type) => ({
  [`${type}.env`]: merged('name'),
  [`${type}.ports`]: merged('containerPort', 'protocol'),
  [`${type}.volumeDevices`]: merged('devicePath'),
  [`${type}.volumeMounts`]: merged('mountPath'),
})

/** Type.field → how its list is merged. Lists that are not here are replaced as a whole. */
export const LISTS = {
  ...container('Container'),
  ...container('EphemeralContainer'),
  'PodSpec.containers': merged('name'),
  'PodSpec.initContainers': merged('name'),
  'PodSpec.ephemeralContainers': merged('name'),
  'PodSpec.volumes': { ...merged('name'), 'x-kubernetes-patch-strategy': 'merge,retainKeys' },
  'PodSpec.imagePullSecrets': merged('name'),
  'PodSpec.hostAliases': merged('ip'),
  'PodSpec.schedulingGates': merged('name'),
  'PodSpec.resourceClaims': { ...merged('name'), 'x-kubernetes-patch-strategy': 'merge,retainKeys' },
  'PodSpec.topologySpreadConstraints': merged('topologyKey', 'whenUnsatisfiable'),
  'ResourceRequirements.claims': merged('name'),
  'PodStatus.conditions': merged('type'),
  'PodStatus.podIPs': merged('ip'),
  'PodStatus.hostIPs': replaced({ 'x-kubernetes-patch-merge-key': 'ip', ...patchMerge }),
  'NodeStatus.conditions': merged('type'),
  'NodeStatus.addresses': merged('type'),
  'NodeSpec.podCIDRs': set(patchMerge),
  'NamespaceStatus.conditions': merged('type'),
  'PersistentVolumeClaimStatus.conditions': merged('type'),
  'ServiceStatus.conditions': merged('type'),
  'ServiceSpec.ports': merged('port', 'protocol'),
  'ServiceAccount.secrets': merged('name'),
  'StatefulSetStatus.conditions': merged('type'),
  'DaemonSetStatus.conditions': merged('type'),
  'DeploymentStatus.conditions': merged('type'),
  'ReplicaSetStatus.conditions': merged('type'),
  'JobStatus.conditions': replaced({ 'x-kubernetes-patch-merge-key': 'type', ...patchMerge }),
  'ObjectMeta.finalizers': set(patchMerge),
  'ObjectMeta.ownerReferences': merged('uid'),
  'PodSpec.nodeSelector': { 'x-kubernetes-map-type': 'atomic' },
  'ServiceSpec.selector': { 'x-kubernetes-map-type': 'atomic' },
  'DeploymentSpec.strategy': { 'x-kubernetes-patch-strategy': 'retainKeys' },
}

/** Keys of merged lists that may be left out. */
export const DEFAULTS = {
  'ContainerPort.protocol': { default: 'TCP' },
  'ServicePort.protocol': { default: 'TCP' },
}

/** Properties whose strings are quantities, also inside maps. */
export const QUANTITIES = new Set([
  'allocatable',
  'allocatedResources',
  'capacity',
  'defaultRequest',
  'divisor',
  'hard',
  'limits',
  'overhead',
  'requests',
  'sizeLimit',
  'used',
])
