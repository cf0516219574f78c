/**
 * What a student may have built: a headless service and a StatefulSet that write an identity once, with one thing
 * changed per test. `patch` gets the objects before they are applied.
 */
export interface StudentSet {
  readonly replicas?: number
  readonly image?: string
  /** The container's shell script, after its trap. */
  readonly script?: string
  readonly clusterIP?: string
  readonly serviceName?: string
  readonly serviceSelector?: Readonly<Record<string, string>>
  readonly set?: Readonly<Record<string, unknown>>
  readonly pod?: Readonly<Record<string, unknown>>
  readonly container?: Readonly<Record<string, unknown>>
  /** null: no claim templates. */
  readonly templates?: readonly unknown[] | null
  /** Further objects, applied first. */
  readonly before?: readonly unknown[]
}

export const LABELS = { app: 'web' }
export const WRITE_ONCE = '[ -f /data/id ] || echo "I am $HOSTNAME, first started $(date +%s%N)" >/data/id'
/** The trap comes first: a pod told to end before its shell has set it would sit out the grace period. */
export const asScript = (script: string): string[] => [
  'sh',
  '-c',
  `trap 'exit 0' TERM; ${script}; while :; do sleep 3600 & wait $!; done`,
]

export const claimTemplate = (name = 'data', storage = '50Mi', spec: Record<string, unknown> = {}) => ({
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } }, ...spec },
})

/** The objects as one YAML text. */
export function studentSet(options: StudentSet = {}): string {
  const { templates = [claimTemplate()] } = options
  return toYaml([
    ...(options.before ?? []),
    aService(options),
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'web' },
      spec: {
        serviceName: options.serviceName ?? 'web',
        replicas: options.replicas ?? 3,
        selector: { matchLabels: LABELS },
        template: aPodTemplate(options),
        ...(templates === null ? {} : { volumeClaimTemplates: templates }),
        ...options.set,
      },
    },
  ])
}

export const aService = (options: StudentSet = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: {
    ...(options.clusterIP === '' ? {} : { clusterIP: options.clusterIP ?? 'None' }),
    selector: options.serviceSelector ?? LABELS,
    ports: [{ port: 80, name: 'web' }],
  },
})

export const aPodTemplate = (options: StudentSet = {}) => ({
  metadata: { labels: LABELS },
  spec: {
    terminationGracePeriodSeconds: 5,
    containers: [
      {
        name: 'main',
        image: options.image ?? 'busybox:1.36',
        command: asScript(options.script ?? WRITE_ONCE),
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
        ...options.container,
      },
    ],
    ...options.pod,
  },
})

/** JSON is YAML. */
export const toYaml = (objects: readonly unknown[]): string =>
  objects.map((object) => JSON.stringify(object)).join('\n---\n')
