import { expect } from 'vitest'
import type { ApiObject } from '../../../src/embedded/object.ts'
import type { PersistentVolumeClaim } from '../../../src/embedded/shapes.ts'
import type { Behaviour } from './behaviours.ts'
import type { Stage } from './stage.ts'
import { activeNames, aSet, statusOf, uidOf, untilReady } from './stage-set.ts'

const scale = (stage: Stage, replicas: number) =>
  stage.do('PATCH', 'statefulsets/web/scale', { spec: { replicas } }, 'merge')

const breakPod = async (stage: Stage, name: string): Promise<void> => {
  const { readyReplicas = 0 } = await statusOf(stage)
  await stage.exec(name, 'touch /tmp/broken')
  await stage.until(
    `${name} is not ready`,
    () => statusOf(stage),
    (status) => (status.readyReplicas ?? 0) === Number(readyReplicas) - 1,
  )
}

const orderOf = (stage: Stage, ...what: readonly string[]): readonly string[] =>
  stage.pods.take().filter((fact) => what.some((word) => fact.endsWith(` ${word}`)))

const untilNames = (stage: Stage, ...wanted: readonly string[]) =>
  stage.until(
    `the pods are ${wanted}`,
    () => activeNames(stage),
    (names) => names.join() === wanted.join(),
  )

const claimNames = async (stage: Stage): Promise<readonly string[]> =>
  (await stage.list<PersistentVolumeClaim>('persistentvolumeclaims'))
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.name)
    .sort()

const untilClaims = (stage: Stage, ...wanted: readonly number[]) => {
  const names = wanted.map((ordinal) => `data-web-${ordinal}`).join()
  return stage.until(
    `the claims are ${names}`,
    () => claimNames(stage),
    (seen) => seen.join() === names,
  )
}

const retention = (policy: object) => ({ persistentVolumeClaimRetentionPolicy: policy })

export const scalingBehaviours: readonly Behaviour[] = [
  {
    name: 'an ordered set is scaled pod by pod, and neither up nor down while one is not ready',
    async play(stage) {
      await stage.do('POST', 'statefulsets', aSet({ replicas: 1 }))
      await untilReady(stage, 1)
      await breakPod(stage, 'web-0')
      await scale(stage, 3)
      await stage.pass(4)
      expect(await activeNames(stage)).toEqual(['web-0'])
      stage.pods.take()
      await stage.exec('web-0', 'rm /tmp/broken')
      await untilReady(stage, 3)
      expect(orderOf(stage, 'added', 'ready')).toEqual([
        'web-1 added',
        'web-1 ready',
        'web-2 added',
        'web-2 ready',
      ])
      const all = ['web-0', 'web-1', 'web-2']
      for (const name of all) await breakPod(stage, name)
      for (const replicas of [1, 0]) {
        await scale(stage, replicas)
        await stage.pass(3)
        expect(await activeNames(stage)).toEqual(all)
      }
      for (const name of all) await stage.exec(name, 'rm /tmp/broken')
      await untilReady(stage, 0)
      expect(orderOf(stage, 'terminating', 'gone')).toEqual(
        [2, 1, 0].flatMap((ordinal) => [`web-${ordinal} terminating`, `web-${ordinal} gone`]),
      )
    },
  },
  {
    name: 'a parallel set is scaled all at once, ready or not',
    async play(stage) {
      const never = aSet({ replicas: 1, ready: 'false', spec: { podManagementPolicy: 'Parallel' } })
      await stage.do('POST', 'statefulsets', never)
      await untilNames(stage, 'web-0')
      await scale(stage, 3)
      await untilNames(stage, 'web-0', 'web-1', 'web-2')
      await stage.until(
        'the status counts them',
        () => statusOf(stage),
        ({ replicas }) => replicas === 3,
      )
      expect((await statusOf(stage)).readyReplicas ?? 0).toBe(0)
      await scale(stage, 0)
      await untilReady(stage, 0)
    },
  },
  {
    name: 'the scale subresource is read, replaced and patched',
    async play(stage) {
      await stage.do('POST', 'statefulsets', aSet({ replicas: 1 }))
      await untilReady(stage, 1)
      const read = (await stage.do('GET', 'statefulsets/web/scale')) as ApiObject
      expect(read).toMatchObject({
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        spec: { replicas: 1 },
        status: { replicas: 1, selector: 'app=web' },
      })
      await stage.do('PUT', 'statefulsets/web/scale', { ...read, spec: { replicas: 2 } })
      expect((await stage.set())?.spec.replicas).toBe(2)
      await stage.do('PATCH', 'statefulsets/web/scale', { spec: { replicas: 4 } }, 'merge')
      expect((await stage.set())?.spec.replicas).toBe(4)
      await scale(stage, 0)
      await untilReady(stage, 0)
    },
  },
  {
    name: 'minReadySeconds keeps ready pods from counting as available',
    since: 25,
    async play(stage) {
      const set = aSet({ replicas: 2, spec: { podManagementPolicy: 'Parallel', minReadySeconds: 3600 } })
      await stage.do('POST', 'statefulsets', set)
      await untilReady(stage, 2)
      expect((await statusOf(stage)).availableReplicas).toBe(0)
      await stage.do('PATCH', 'statefulsets/web', { spec: { minReadySeconds: 0 } }, 'merge')
      await stage.until(
        'they are',
        () => statusOf(stage),
        ({ availableReplicas }) => availableReplicas === 2,
      )
    },
  },
  {
    name: 'ordinals.start moves the pods when it is set, raised, lowered and taken away',
    since: 27,
    async play(stage) {
      await stage.do('POST', 'statefulsets', aSet({ replicas: 2 }))
      await untilReady(stage, 2)
      for (const [ordinals, first] of [
        [{ start: 2 }, 2],
        [{ start: 4 }, 4],
        [{ start: 3 }, 3],
        [null, 0],
      ] as const) {
        await stage.do('PATCH', 'statefulsets/web', { spec: { ordinals } }, 'merge')
        await untilNames(stage, `web-${first}`, `web-${first + 1}`)
        await untilReady(stage, 2)
      }
    },
  },
  {
    name: 'whenDeleted: Delete has the claims go with the set, also that of a pod that is nobody’s',
    since: 27,
    async play(stage) {
      await stage.do('POST', 'statefulsets', aSet({ spec: retention({ whenDeleted: 'Delete' }) }))
      await untilReady(stage, 3)
      const set = await stage.set()
      for (const name of ['data-web-0', 'data-web-1', 'data-web-2'])
        await stage.until(
          `${name} is the set's`,
          () => stage.claim(name),
          (claim) => claim?.metadata.ownerReferences?.some(({ uid }) => uid === set?.metadata.uid) === true,
        )
      // As e2e does it: its own label taken away, the last pod is let go.
      await stage.do('PATCH', 'pods/web-2', { metadata: { labels: { app: null } } }, 'merge')
      await stage.until(
        'web-2 is let go',
        () => stage.pod('web-2'),
        (pod) => (pod?.metadata.ownerReferences ?? []).length === 0,
      )
      await stage.do('DELETE', 'statefulsets/web', { propagationPolicy: 'Background' })
      // The claim in use is on its way out too, and stays for its pod.
      await untilClaims(stage)
      expect((await stage.claim('data-web-2'))?.metadata.deletionTimestamp).toBeDefined()
      await stage.do('DELETE', 'pods/web-2')
      await stage.until(
        'all are gone',
        () => stage.list('persistentvolumeclaims'),
        (left) => left.length === 0,
      )
    },
  },
  {
    name: 'whenScaled: Delete has a claim go after its pod, unless that was given to nobody before',
    since: 27,
    async play(stage) {
      await stage.do('POST', 'statefulsets', aSet({ spec: retention({ whenScaled: 'Delete' }) }))
      await untilReady(stage, 3)
      await scale(stage, 2)
      await untilClaims(stage, 0, 1)
      await scale(stage, 3)
      await untilReady(stage, 3)
      await stage.do('PATCH', 'pods/web-2', { metadata: { labels: { app: null } } }, 'merge')
      await stage.until(
        'web-2 is let go',
        () => stage.pod('web-2'),
        (pod) => (pod?.metadata.ownerReferences ?? []).length === 0,
      )
      const uid = await uidOf(stage, 'web-2')
      await scale(stage, 1)
      await stage.until(
        'web-1 is gone',
        () => stage.pod('web-1'),
        (pod) => pod === null,
      )
      // No pod of the set was taken away at 2: its claim is left alone.
      await untilClaims(stage, 0, 2)
      expect(await uidOf(stage, 'web-2')).toBe(uid)
    },
  },
]
