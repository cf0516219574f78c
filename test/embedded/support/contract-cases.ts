/** One request of the contract; `{ns}` stands for the namespace of the run. */
export interface ContractCase {
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  readonly contentType?: string
  readonly accept?: string
  /** Why the answers may differ: the server whose answers are held against ours is a Kubernetes 1.20. */
  readonly differs?: string
}

const SETS = '/apis/apps/v1/namespaces/{ns}/statefulsets'
const PODS = '/api/v1/namespaces/{ns}/pods'
const SERVICES = '/api/v1/namespaces/{ns}/services'
const CLAIMS = '/api/v1/namespaces/{ns}/persistentvolumeclaims'
const MAPS = '/api/v1/namespaces/{ns}/configmaps'
const DEPLOYMENTS = '/apis/apps/v1/namespaces/{ns}/deployments'
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
const MERGE = 'application/merge-patch+json'
const STRATEGIC = 'application/strategic-merge-patch+json'
const APPLY = 'application/apply-patch+yaml'

const container = { name: 'main', image: 'busybox:1.36', command: ['sleep', '1000'] }
const template = (changes: object = {}, labels: object = { app: 'web' }) => ({
  metadata: { labels },
  // Nothing runs: no node has this label.
  spec: { nodeSelector: { contract: 'none' }, containers: [container], ...changes },
})
const set = (name: string, changes: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name },
  spec: {
    serviceName: 'web',
    replicas: 0,
    selector: { matchLabels: { app: 'web' } },
    template: template(),
    ...changes,
  },
})
const pod = (name: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: 'lone' } },
  spec: { nodeSelector: { contract: 'none' }, containers: [container], ...spec },
})
const service = (name: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...spec },
})
const claim = (name: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  // No class: nobody binds it meanwhile.
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName: '',
    resources: { requests: { storage: '50Mi' } },
    ...spec,
  },
})
const post = (name: string, path: string, body: unknown, differs?: string): ContractCase => ({
  name,
  method: 'POST',
  path,
  body,
  ...(differs === undefined ? {} : { differs }),
})

export const CONTRACT: readonly ContractCase[] = [
  post('a set is filled in', SETS, set('web')),
  post('a set that is there already', SETS, set('web')),
  post('a name with capitals', SETS, set('Web')),
  post('a set without a selector', SETS, set('x1', { selector: undefined })),
  post('an empty selector', SETS, set('x2', { selector: {} })),
  post(
    'a template that the selector does not select',
    SETS,
    set('x3', { template: template({}, { app: 'db' }) }),
  ),
  post('no containers', SETS, set('x4', { template: template({ containers: [] }) }), 'Go writes null'),
  post(
    'a container without a name',
    SETS,
    set('x5', { template: template({ containers: [{ image: 'a' }] }) }),
  ),
  post(
    'a container without an image',
    SETS,
    set('x6', { template: template({ containers: [{ name: 'a' }] }) }),
  ),
  post(
    'a mount of no volume',
    SETS,
    set('x7', {
      template: template({
        containers: [{ ...container, volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
      }),
    }),
  ),
  post('a set whose pods end', SETS, set('x8', { template: template({ restartPolicy: 'Never' }) })),
  post('fewer than no replicas', SETS, set('x9', { replicas: -1 })),
  post('replicas as a string', SETS, set('x10', { replicas: '3' }), 'newer servers name the whole path'),
  post('an unknown policy', SETS, set('x11', { podManagementPolicy: 'Serial' })),
  post(
    'a port out of range',
    SETS,
    set('x12', {
      template: template({ containers: [{ ...container, ports: [{ containerPort: 70_000 }] }] }),
    }),
  ),
  post(
    'two containers of one name',
    SETS,
    set('x13', { template: template({ containers: [container, container] }) }),
    'the real server gives up on managedFields',
  ),
  post(
    'a quantity that is none',
    SETS,
    set('x14', {
      template: template({ containers: [{ ...container, resources: { limits: { memory: 'lots' } } }] }),
    }),
    'newer servers name the field',
  ),
  post(
    'more asked for than allowed',
    SETS,
    set('x15', {
      template: template({
        containers: [{ ...container, resources: { limits: { memory: '1Mi' }, requests: { memory: '2Mi' } } }],
      }),
    }),
  ),
  post('a set in a namespace that is not there', SETS.replace('{ns}', 'nowhere-to-be'), set('x16')),
  { name: 'a set that is not there', method: 'GET', path: `${SETS}/nothing` },
  {
    name: 'a resource that is not there',
    method: 'GET',
    path: '/apis/apps/v1/namespaces/{ns}/statefulthings',
  },
  {
    name: 'another service name',
    method: 'PATCH',
    path: `${SETS}/web`,
    body: { spec: { serviceName: 'db' } },
    contentType: MERGE,
    differs: 'newer servers allow more fields',
  },
  {
    name: 'another image',
    method: 'PATCH',
    path: `${SETS}/web`,
    contentType: STRATEGIC,
    body: { spec: { template: { spec: { containers: [{ name: 'main', image: 'busybox:1.28' }] } } } },
  },
  {
    name: 'one more variable and one more container',
    method: 'PATCH',
    path: `${SETS}/web`,
    contentType: STRATEGIC,
    body: {
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'main', env: [{ name: 'A', value: 'b' }] },
              { name: 'second', image: 'nginx:1.22' },
            ],
          },
        },
      },
    },
  },
  {
    name: 'a container taken away',
    method: 'PATCH',
    path: `${SETS}/web`,
    contentType: STRATEGIC,
    body: { spec: { template: { spec: { containers: [{ $patch: 'delete', name: 'second' }] } } } },
  },
  {
    name: 'a JSON patch',
    method: 'PATCH',
    path: `${SETS}/web`,
    contentType: 'application/json-patch+json',
    body: [
      { op: 'add', path: '/metadata/labels', value: { tier: 'front' } },
      { op: 'test', path: '/spec/replicas', value: 0 },
    ],
  },
  {
    name: 'a JSON patch whose test fails',
    method: 'PATCH',
    path: `${SETS}/web`,
    contentType: 'application/json-patch+json',
    body: [{ op: 'test', path: '/spec/replicas', value: 7 }],
    differs: 'the library words it otherwise',
  },
  {
    name: 'a patch of no known type',
    method: 'PATCH',
    path: `${SETS}/web`,
    contentType: 'text/plain',
    body: {},
  },
  { name: 'a scale', method: 'GET', path: `${SETS}/web/scale` },
  {
    name: 'a scale changed',
    method: 'PATCH',
    path: `${SETS}/web/scale`,
    contentType: MERGE,
    body: { spec: { replicas: 0 } },
  },
  {
    name: 'a stale update',
    method: 'PUT',
    path: `${SETS}/web`,
    body: { ...set('web'), metadata: { name: 'web', resourceVersion: '1' } },
  },
  {
    name: 'a set applied over another writer',
    method: 'PATCH',
    path: `${SETS}/web?fieldManager=someone`,
    contentType: APPLY,
    body: {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'web' },
      spec: { replicas: 3, template: { spec: { containers: [{ name: 'main', image: 'busybox:1.36' }] } } },
    },
  },
  {
    name: 'a typo applied',
    method: 'PATCH',
    path: `${SETS}/web?fieldManager=someone`,
    contentType: APPLY,
    body: { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'web' }, spec: { replicass: 3 } },
    differs: 'newer servers say which object',
  },
  {
    name: 'a set applied anew',
    method: 'PATCH',
    path: `${SETS}/applied?fieldManager=someone`,
    contentType: APPLY,
    body: set('applied'),
  },
  {
    name: 'the same applied again',
    method: 'PATCH',
    path: `${SETS}/applied?fieldManager=someone`,
    contentType: APPLY,
    body: set('applied'),
  },
  {
    name: 'a field no longer applied',
    method: 'PATCH',
    path: `${SETS}/applied?fieldManager=someone`,
    contentType: APPLY,
    body: set('applied', { template: template({ containers: [{ name: 'main', image: 'busybox:1.36' }] }) }),
  },
  {
    name: 'another applier of the same value',
    method: 'PATCH',
    path: `${SETS}/applied?fieldManager=other`,
    contentType: APPLY,
    body: {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'applied' },
      spec: { replicas: 0 },
    },
  },
  {
    name: 'another applier of another value',
    method: 'PATCH',
    path: `${SETS}/applied?fieldManager=other`,
    contentType: APPLY,
    body: {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'applied' },
      spec: { replicas: 5 },
    },
  },
  {
    name: 'sets as a table',
    method: 'GET',
    path: SETS,
    accept: TABLE,
    differs: 'a set of two containers of one name has no managedFields there',
  },
  post(
    'a pod is filled in',
    PODS,
    pod('lone'),
    'admission of the reference cluster has no service accounts and no tolerations',
  ),
  {
    name: 'a pod moved',
    method: 'PATCH',
    path: `${PODS}/lone`,
    contentType: MERGE,
    body: { spec: { nodeSelector: { a: 'b' } } },
    differs: 'the real server appends a Go diff',
  },
  {
    name: 'a pod selected by label',
    method: 'GET',
    path: `${PODS}?labelSelector=app%3Dlone`,
    accept: TABLE,
    differs: 'restarts tell when, and pods have generations, in newer servers',
  },
  {
    name: 'a pod not selected',
    method: 'GET',
    path: `${PODS}?labelSelector=app+in+(web)`,
    accept: TABLE,
    differs: 'restarts tell when in newer servers',
  },
  {
    name: 'a field that cannot be selected',
    method: 'GET',
    path: `${PODS}?fieldSelector=spec.image%3Dx`,
    differs: 'newer servers word it otherwise',
  },
  post(
    'a pod with a probe',
    PODS,
    pod('probed', {
      containers: [
        { ...container, readinessProbe: { httpGet: { port: 80 } }, ports: [{ containerPort: 80 }] },
      ],
      volumes: [{ name: 'tmp' }, { name: 'conf', configMap: { name: 'x' } }],
    }),
    'admission of the reference cluster has no service accounts and no tolerations',
  ),
  { name: 'the log of a pod without a node', method: 'GET', path: `${PODS}/lone/log` },
  { name: 'the log of no container', method: 'GET', path: `${PODS}/lone/log?container=other` },
  {
    name: 'a pod deleted with a grace that is no number',
    method: 'DELETE',
    path: `${PODS}/lone?gracePeriodSeconds=abc`,
  },
  {
    name: 'a pod deleted with a grace that no number holds',
    method: 'DELETE',
    path: `${PODS}/lone?gracePeriodSeconds=99999999999999999999`,
  },
  {
    name: 'a pod deleted in no known way',
    method: 'DELETE',
    path: `${PODS}/lone`,
    body: { propagationPolicy: 'Sideways' },
  },
  {
    name: 'a pod evicted dry-run',
    method: 'POST',
    path: `${PODS}/lone/eviction?dryRun=All`,
    body: { apiVersion: 'policy/v1beta1', kind: 'Eviction', metadata: { name: 'lone' } },
  },
  {
    name: 'a pod deleted',
    method: 'DELETE',
    path: `${PODS}/lone`,
    differs: 'admission of the reference cluster has no service accounts and no tolerations',
  },
  { name: 'a pod deleted that is not there', method: 'DELETE', path: `${PODS}/lone` },
  post(
    'a headless service',
    SERVICES,
    service('web', { clusterIP: 'None' }),
    'fields of dual stack are newer',
  ),
  post('a service with an address', SERVICES, service('front'), 'fields of dual stack are newer'),
  post('a service without ports', SERVICES, service('y1', { ports: [] })),
  post('a service port out of range', SERVICES, service('y2', { ports: [{ port: 0 }] })),
  post('two ports without names', SERVICES, service('y3', { ports: [{ port: 80 }, { port: 81 }] })),
  post('a service name that begins with a digit', SERVICES, service('1web')),
  {
    name: 'another address',
    method: 'PATCH',
    path: `${SERVICES}/web`,
    contentType: MERGE,
    body: { spec: { clusterIP: '10.96.7.7' } },
  },
  {
    name: 'services as a table',
    method: 'GET',
    path: `${SERVICES}/web`,
    accept: TABLE,
    differs: 'fields of dual stack are newer',
  },
  post('a claim is filled in', CLAIMS, claim('data')),
  post('a claim without a size', CLAIMS, claim('z1', { resources: {} })),
  post('a claim without access modes', CLAIMS, claim('z2', { accessModes: [] })),
  post(
    'a claim of an unknown mode',
    CLAIMS,
    claim('z3', { accessModes: ['ReadWriteSometimes'] }),
    'a mode is newer',
  ),
  {
    name: 'a claim grown before it is bound',
    method: 'PATCH',
    path: `${CLAIMS}/data`,
    contentType: MERGE,
    body: { spec: { resources: { requests: { storage: '80Mi' } } } },
    differs: 'the real server appends a Go diff',
  },
  {
    name: 'a claim as a table',
    method: 'GET',
    path: `${CLAIMS}/data`,
    accept: TABLE,
    differs: 'a column is newer',
  },
  post('a config map', MAPS, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'conf' },
    data: { a: 'b' },
  }),
  post('a config map with a bad key', MAPS, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'conf2' },
    data: { 'a b': 'c' },
  }),
  post('a config map of another kind', MAPS, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'conf3' },
  }),
  {
    name: 'a config map dry-run',
    method: 'PATCH',
    path: `${MAPS}/conf?dryRun=All`,
    contentType: MERGE,
    body: { data: { a: 'c' } },
  },
  {
    name: 'a bad label',
    method: 'PATCH',
    path: `${MAPS}/conf`,
    contentType: MERGE,
    body: { metadata: { labels: { 'a b': 'c d' } } },
    differs: 'the real server says the same several times',
  },
  {
    name: 'config map deleted with another uid',
    method: 'DELETE',
    path: `${MAPS}/conf`,
    body: { preconditions: { uid: 'other' } },
  },
  { name: 'config map deleted', method: 'DELETE', path: `${MAPS}/conf` },
  post('a deployment is filled in', DEPLOYMENTS, {
    ...set('front'),
    kind: 'Deployment',
    spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template: template() },
  }),
  {
    name: 'another selector',
    method: 'PATCH',
    path: `${DEPLOYMENTS}/front`,
    contentType: MERGE,
    body: { spec: { selector: { matchLabels: { app: 'web', x: 'y' } } } },
    differs: 'the real server prints a Go struct',
  },
  {
    name: 'a deployment as a table',
    method: 'GET',
    path: `${DEPLOYMENTS}/front`,
    accept: TABLE,
    differs: 'the controller has already written an annotation',
  },
  { name: 'a deployment deleted', method: 'DELETE', path: `${DEPLOYMENTS}/front` },
  {
    name: 'a deployment kept for its dependents',
    method: 'DELETE',
    path: `${SETS}/applied?propagationPolicy=Foreground`,
  },
  {
    name: 'a map applied',
    method: 'PATCH',
    path: `${MAPS}/shared?fieldManager=one`,
    contentType: APPLY,
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shared' }, data: { a: '1', b: '2' } },
  },
  {
    name: 'a map applied by a second one',
    method: 'PATCH',
    path: `${MAPS}/shared?fieldManager=two`,
    contentType: APPLY,
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shared' }, data: { a: '1', c: '3' } },
  },
  {
    name: 'all entries taken back by the second one',
    method: 'PATCH',
    path: `${MAPS}/shared?fieldManager=two`,
    contentType: APPLY,
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shared' }, data: {} },
  },
  {
    name: 'one entry taken back by the first one',
    method: 'PATCH',
    path: `${MAPS}/shared?fieldManager=one`,
    contentType: APPLY,
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shared' }, data: { b: '2' } },
  },
  {
    name: 'another kind applied',
    method: 'PATCH',
    path: `${MAPS}/shared?fieldManager=one`,
    contentType: APPLY,
    body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'shared' }, data: { b: '2' } },
    differs: 'the real server prints Go pointers',
  },
  {
    name: 'a map applied without its version',
    method: 'PATCH',
    path: `${MAPS}/shared?fieldManager=one`,
    contentType: APPLY,
    body: { kind: 'ConfigMap', metadata: { name: 'shared' }, data: { b: '2' } },
  },
  post('a name made', MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'made-' } }),
  post('no name at all', MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} }),
  post('not even JSON', MAPS, '{', 'the parser words it otherwise'),
  { name: 'sets deleted together', method: 'DELETE', path: `${SETS}?labelSelector=tier%3Dfront` },
  {
    name: 'who may do what',
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb: 'create', resource: 'pods', namespace: 'default' } },
    },
    differs: 'the real server says which rule allowed it',
  },
]
