import type { Pod, StatefulSet } from '../../../src/embedded/shapes.ts'
import type { Stage } from './stage.ts'

/** Something that a student does to the StatefulSet "web", or to what belongs to it. */
export type StudentStep =
  | { readonly do: 'create'; readonly policy: string; readonly replicas: number; readonly word: number }
  | { readonly do: 'scale'; readonly replicas: number }
  | { readonly do: 'change template'; readonly word: number }
  | { readonly do: 'partition'; readonly at: number }
  | { readonly do: 'update on delete' }
  | { readonly do: 'delete pods'; readonly ordinals: readonly number[] }
  | { readonly do: 'break' | 'mend'; readonly ordinal: number }
  | { readonly do: 'delete claim'; readonly ordinal: number }
  | { readonly do: 'delete set'; readonly propagation: 'Background' | 'Foreground' | 'Orphan' }

const MOST = 4
const podName = (ordinal: number): string => `web-${ordinal}`

const set = ({ policy, replicas, word }: StudentStep & { do: 'create' }) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'web' },
  spec: {
    serviceName: 'web',
    replicas,
    podManagementPolicy: policy,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: 'main',
            image: 'busybox:1.36',
            command: ['sh', '-c', "trap 'exit 0' TERM; sleep 100000 & wait"],
            env: [{ name: 'WORD', value: String(word) }],
            readinessProbe: {
              exec: { command: ['test', '!', '-f', '/tmp/broken'] },
              periodSeconds: 1,
              failureThreshold: 1,
            },
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
        ],
      },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Mi' } } },
      },
    ],
  },
})

/** What is known of the play so far: enough to choose a next step whose end does not hang on chance. */
interface Known {
  readonly hasSet: boolean
  readonly replicas: number
  readonly pods: readonly string[]
  readonly claims: readonly string[]
  /** Claims that wait for their pods to go. */
  readonly goingClaims: readonly string[]
  readonly broken: readonly string[]
}

/** The next step: any that could be taken, each as likely as it is listed. */
export function nextStep(random: () => number, known: Known): StudentStep {
  const whole = (below: number): number => Math.floor(random() * below)
  const oneOf = <T>(all: readonly T[]): T | undefined => all[whole(all.length)]
  const ordinalIn = (names: readonly string[]): number => Number(oneOf(names)?.match(/\d+$/)?.[0] ?? 0)
  if (!known.hasSet)
    return {
      do: 'create',
      policy: oneOf(['OrderedReady', 'OrderedReady', 'Parallel']) ?? '',
      replicas: 1 + whole(3),
      word: 1 + whole(3),
    }
  // A pod that came back to a claim on its way out would find it or not, as it happens (kubernetes#74374).
  if (known.goingClaims.length > 0) return { do: 'scale', replicas: 0 }
  const spare = known.claims.filter((claim) => !known.pods.includes(claim.replace('data-', '')))
  const choices: (StudentStep | false)[] = [
    { do: 'scale', replicas: whole(MOST + 1) },
    { do: 'scale', replicas: whole(MOST + 1) },
    { do: 'change template', word: 1 + whole(3) },
    { do: 'change template', word: 1 + whole(3) },
    { do: 'partition', at: whole(3) },
    random() < 0.5 && { do: 'update on delete' },
    known.pods.length > 0 && { do: 'delete pods', ordinals: [ordinalIn(known.pods)] },
    known.pods.length > 1 && { do: 'delete pods', ordinals: [...known.pods.keys()].slice(0, 2) },
    known.pods.length > 0 && { do: 'break', ordinal: ordinalIn(known.pods) },
    known.broken.length > 0 && { do: 'mend', ordinal: ordinalIn(known.broken) },
    known.broken.length > 0 && { do: 'mend', ordinal: ordinalIn(known.broken) },
    spare.length > 0 && { do: 'delete claim', ordinal: ordinalIn(spare) },
    known.claims.length > 0 &&
      known.broken.length === 0 &&
      random() < 0.3 && { do: 'delete claim', ordinal: ordinalIn(known.claims) },
    random() < 0.4 && {
      do: 'delete set',
      propagation: oneOf(['Background', 'Foreground', 'Orphan'] as const) ?? 'Background',
    },
  ]
  return oneOf(choices.filter((choice) => choice !== false)) ?? { do: 'scale', replicas: 1 }
}

/** @returns what the server answered, as a number */
export async function takeStep(stage: Stage, step: StudentStep): Promise<number> {
  const patchSet = async (spec: object, type: 'merge' | 'strategic-merge' = 'merge'): Promise<number> =>
    (await stage.ask('PATCH', 'statefulsets/web', { spec }, type)).code
  switch (step.do) {
    case 'create':
      return (await stage.ask('POST', 'statefulsets', set(step))).code
    case 'scale':
      return (
        await stage.ask('PATCH', 'statefulsets/web/scale', { spec: { replicas: step.replicas } }, 'merge')
      ).code
    case 'change template': {
      const env = [{ name: 'WORD', value: String(step.word) }]
      return patchSet({ template: { spec: { containers: [{ name: 'main', env }] } } }, 'strategic-merge')
    }
    case 'partition':
      return patchSet({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: step.at } } })
    case 'update on delete':
      return patchSet({ updateStrategy: { type: 'OnDelete', rollingUpdate: null } })
    case 'delete pods': {
      const answers = step.ordinals.map((ordinal) => stage.ask('DELETE', `pods/${podName(ordinal)}`))
      return Math.max(...(await Promise.all(answers)).map(({ code }) => code))
    }
    case 'break':
    case 'mend':
      await stage.exec(podName(step.ordinal), `${step.do === 'break' ? 'touch' : 'rm -f'} /tmp/broken`)
      return 200
    case 'delete claim':
      return (await stage.ask('DELETE', `persistentvolumeclaims/data-${podName(step.ordinal)}`)).code
    case 'delete set':
      return (await stage.ask('DELETE', 'statefulsets/web', { propagationPolicy: step.propagation })).code
  }
}

const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true

/**
 * Waits until nothing more comes of a step: every pod runs, and is ready unless it is broken; the set has those that
 * it wants, unless a broken one holds it up; and nobody has said anything for a while.
 */
export async function settle(stage: Stage, broken: ReadonlySet<string>): Promise<void> {
  await stage.until(
    'nothing more comes',
    async () => {
      await stage.calm(1.5)
      const [pods, set] = await Promise.all([stage.list<Pod>('pods'), stage.set()])
      return { pods, set }
    },
    ({ pods, set }) => pods.every((pod) => hasSettled(pod, set, broken)) && isServed(set, pods, broken),
  )
}

function hasSettled(pod: Pod, set: StatefulSet | null, broken: ReadonlySet<string>): boolean {
  const { uid = '', deletionTimestamp, ownerReferences = [] } = pod.metadata
  // The pods of a set that is gone go too; those that it let go are nobody's.
  const hasOwner = ownerReferences.every((owner) => owner.uid === set?.metadata.uid)
  const isRight = isReady(pod) !== broken.has(uid)
  return hasOwner && deletionTimestamp === undefined && pod.status?.phase === 'Running' && isRight
}

function isServed(set: StatefulSet | null, pods: readonly Pod[], broken: ReadonlySet<string>): boolean {
  if (set === null) return true
  const { observedGeneration, replicas, readyReplicas = 0 } = (set.status ?? {}) as Record<string, number>
  if (observedGeneration !== set.metadata.generation || replicas !== pods.length) return false
  const isHeldUp = pods.some(({ metadata }) => broken.has(metadata.uid ?? ''))
  return isHeldUp || (replicas === set.spec.replicas && readyReplicas === replicas)
}
