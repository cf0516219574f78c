import type { Pod } from '../../../src/embedded/shapes.ts'
import type { Stage } from './stage.ts'

interface SetOptions {
  readonly name?: string
  readonly replicas?: number
  readonly word?: string
  /** What a pod does until it is told to end. */
  readonly run?: string
  /** A command that succeeds where the pod is ready; by default it is until /tmp/broken is there. */
  readonly ready?: string
  readonly pod?: object
  readonly spec?: object
}

/** A StatefulSet with a claim for each pod, whose pods end at once when they are told to. */
export const aSet = (options: SetOptions = {}) => {
  const { name = 'web', replicas = 3, word = 'one', run = 'sleep 100000' } = options
  const { ready = '[ ! -f /tmp/broken ]', pod = {}, spec = {} } = options
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name },
    spec: {
      serviceName: name,
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: 'main',
              image: 'busybox:1.36',
              command: ['sh', '-c', `trap 'exit 0' TERM; ${run} & wait`],
              env: [{ name: 'WORD', value: word }],
              readinessProbe: {
                exec: { command: ['sh', '-c', ready] },
                periodSeconds: 1,
                failureThreshold: 1,
              },
              volumeMounts: [{ name: 'data', mountPath: '/data' }],
            },
          ],
          ...pod,
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Mi' } } },
        },
      ],
      ...spec,
    },
  }
}

/** A patch that gives the pods of the set another template. */
export const toWord = (word: string) => ({
  spec: { template: { spec: { containers: [{ name: 'main', env: [{ name: 'WORD', value: word }] }] } } },
})

const active = async (stage: Stage): Promise<readonly Pod[]> =>
  (await stage.list<Pod>('pods')).filter(({ metadata }) => metadata.deletionTimestamp === undefined)

const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true

export const activeNames = async (stage: Stage): Promise<readonly string[]> =>
  (await active(stage)).map(({ metadata }) => metadata.name).sort()

export const readyNames = async (stage: Stage): Promise<readonly string[]> =>
  (await active(stage))
    .filter(isReady)
    .map(({ metadata }) => metadata.name)
    .sort()

export const uidOf = async (stage: Stage, pod: string): Promise<string> =>
  (await stage.pod(pod))?.metadata.uid ?? ''

/** "web-0 two": each pod and what its template said. */
export const words = async (stage: Stage): Promise<readonly string[]> =>
  (await active(stage))
    .map(({ metadata, spec }) => `${metadata.name} ${spec.containers[0]?.env?.[0]?.value}`)
    .sort()

export const statusOf = async (stage: Stage, name = 'web'): Promise<Readonly<Record<string, unknown>>> =>
  ((await stage.set(name))?.status ?? {}) as Record<string, unknown>

/** Waits until the set has so many pods, all there and ready, and says so. */
export async function untilReady(stage: Stage, count: number): Promise<void> {
  await stage.until(
    `${count} pods are ready`,
    async () => {
      const [pods, status, set] = [await stage.list<Pod>('pods'), await statusOf(stage), await stage.set()]
      return {
        pods: pods.length,
        ready: await readyNames(stage),
        status,
        generation: set?.metadata.generation,
      }
    },
    ({ pods, ready, status, generation }) =>
      pods === count &&
      ready.length === count &&
      status.replicas === count &&
      (status.readyReplicas ?? 0) === count &&
      status.observedGeneration === generation,
  )
}
