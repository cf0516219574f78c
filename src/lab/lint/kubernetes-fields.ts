/** The fields below a key, or 'any': not looked into. Lists are looked through item by item. */
export interface Fields {
  readonly [field: string]: Fields | 'any'
}

interface Kind {
  readonly apiVersion: string
  readonly namespaced: boolean
}

const namespaced = (apiVersion: string): Kind => ({ apiVersion, namespaced: true })
const clusterWide = (apiVersion: string): Kind => ({ apiVersion, namespaced: false })

/** The kinds that labs are mostly made of. Any other is taken as it is. */
export const KINDS: Readonly<Record<string, Kind>> = {
  StatefulSet: namespaced('apps/v1'),
  Deployment: namespaced('apps/v1'),
  DaemonSet: namespaced('apps/v1'),
  ReplicaSet: namespaced('apps/v1'),
  Service: namespaced('v1'),
  Pod: namespaced('v1'),
  PersistentVolumeClaim: namespaced('v1'),
  ConfigMap: namespaced('v1'),
  Secret: namespaced('v1'),
  ServiceAccount: namespaced('v1'),
  Job: namespaced('batch/v1'),
  PodDisruptionBudget: namespaced('policy/v1'),
  NetworkPolicy: namespaced('networking.k8s.io/v1'),
  Namespace: clusterWide('v1'),
  PersistentVolume: clusterWide('v1'),
  StorageClass: clusterWide('storage.k8s.io/v1'),
}

const any = (...names: string[]): Fields => Object.fromEntries(names.map((name) => [name, 'any']))

const METADATA = any(
  'name',
  'namespace',
  'labels',
  'annotations',
  'finalizers',
  'generateName',
  'ownerReferences',
)

const object = (fields: Fields): Fields => ({ apiVersion: 'any', kind: 'any', metadata: METADATA, ...fields })

const CONTAINER: Fields = {
  ...any('name', 'image', 'imagePullPolicy', 'command', 'args', 'workingDir', 'stdin', 'stdinOnce', 'tty'),
  ...any('livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle', 'securityContext', 'restartPolicy'),
  ...any('terminationMessagePath', 'terminationMessagePolicy', 'volumeDevices', 'envFrom', 'resizePolicy'),
  ports: any('name', 'containerPort', 'protocol', 'hostPort', 'hostIP'),
  env: any('name', 'value', 'valueFrom'),
  resources: any('requests', 'limits', 'claims'),
  volumeMounts: any(
    'name',
    'mountPath',
    'readOnly',
    'subPath',
    'subPathExpr',
    'mountPropagation',
    'recursiveReadOnly',
  ),
}

const POD_SPEC: Fields = {
  ...any(
    'activeDeadlineSeconds',
    'affinity',
    'automountServiceAccountToken',
    'dnsConfig',
    'dnsPolicy',
    'ephemeralContainers',
  ),
  ...any(
    'enableServiceLinks',
    'hostAliases',
    'hostIPC',
    'hostNetwork',
    'hostPID',
    'hostUsers',
    'hostname',
    'imagePullSecrets',
  ),
  ...any(
    'nodeName',
    'nodeSelector',
    'os',
    'overhead',
    'preemptionPolicy',
    'priority',
    'priorityClassName',
    'readinessGates',
  ),
  ...any(
    'resourceClaims',
    'resources',
    'restartPolicy',
    'runtimeClassName',
    'schedulerName',
    'schedulingGates',
    'securityContext',
  ),
  ...any('serviceAccount', 'serviceAccountName', 'setHostnameAsFQDN', 'shareProcessNamespace', 'subdomain'),
  ...any('terminationGracePeriodSeconds', 'tolerations', 'topologySpreadConstraints', 'volumes'),
  containers: CONTAINER,
  initContainers: CONTAINER,
}

const CLAIM_SPEC: Fields = {
  ...any(
    'accessModes',
    'dataSource',
    'dataSourceRef',
    'selector',
    'storageClassName',
    'volumeMode',
    'volumeName',
  ),
  ...any('volumeAttributesClassName'),
  resources: any('requests', 'limits'),
}

const TEMPLATE: Fields = { metadata: METADATA, spec: POD_SPEC }
const SELECTOR = any('matchLabels', 'matchExpressions')

/** Fields by kind, as deep as people mistype them. From the API reference of Kubernetes 1.20 to 1.34. */
export const FIELDS: Readonly<Record<string, Fields>> = {
  Namespace: object({ spec: any('finalizers') }),
  Service: object({
    spec: {
      ...any(
        'allocateLoadBalancerNodePorts',
        'clusterIP',
        'clusterIPs',
        'externalIPs',
        'externalName',
        'type',
        'selector',
      ),
      ...any(
        'externalTrafficPolicy',
        'healthCheckNodePort',
        'internalTrafficPolicy',
        'ipFamilies',
        'ipFamilyPolicy',
      ),
      ...any('loadBalancerClass', 'loadBalancerIP', 'loadBalancerSourceRanges', 'publishNotReadyAddresses'),
      ...any('sessionAffinity', 'sessionAffinityConfig', 'trafficDistribution', 'topologyKeys'),
      ports: any('name', 'port', 'targetPort', 'protocol', 'nodePort', 'appProtocol'),
    },
  }),
  StatefulSet: object({
    spec: {
      ...any('serviceName', 'replicas', 'podManagementPolicy', 'revisionHistoryLimit', 'minReadySeconds'),
      selector: SELECTOR,
      template: TEMPLATE,
      updateStrategy: { type: 'any', rollingUpdate: any('partition', 'maxUnavailable') },
      persistentVolumeClaimRetentionPolicy: any('whenDeleted', 'whenScaled'),
      ordinals: any('start'),
      volumeClaimTemplates: object({ spec: CLAIM_SPEC }),
    },
  }),
  Deployment: object({
    spec: {
      ...any(
        'replicas',
        'strategy',
        'minReadySeconds',
        'paused',
        'progressDeadlineSeconds',
        'revisionHistoryLimit',
      ),
      selector: SELECTOR,
      template: TEMPLATE,
    },
  }),
  PersistentVolumeClaim: object({ spec: CLAIM_SPEC }),
  Pod: object({ spec: POD_SPEC }),
  ConfigMap: object(any('data', 'binaryData', 'immutable')),
}
