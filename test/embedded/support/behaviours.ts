import { expect } from 'vitest'
import type { ApiObject } from '../../../src/embedded/object.ts'
import type { PersistentVolumeClaim, Pod } from '../../../src/embedded/shapes.ts'
import { scalingBehaviours } from './behaviours-of-scaling.ts'
import { updateBehaviours } from './behaviours-of-updates.ts'
import type { Stage } from './stage.ts'
import { activeNames, aSet, readyNames, uidOf, untilReady } from './stage-set.ts'

/** Something that Kubernetes's own e2e tests demand of StatefulSets (test/e2e/apps/statefulset.go), by what they call it. */
export interface Behaviour {
  readonly name: string
  /** The minor version of the first Kubernetes that has it; any that is in use when it is left out. */
  readonly since?: number
  readonly play: (stage: Stage) => Promise<void>
}

const conditionsOf = (set: ApiObject | null): readonly object[] =>
  (set?.status as { conditions?: readonly object[] } | undefined)?.conditions ?? []

export const BEHAVIOURS: readonly Behaviour[] = [
  {
    name: 'pods come one by one, each ready before the next, and their names and storage outlive them',
    async play(stage) {
      await stage.do('POST', 'statefulsets', aSet({ ready: 'test -f /data/continue' }))
      for (const ordinal of [0, 1, 2]) {
        await stage.until(
          `web-${ordinal} runs`,
          () => stage.pod(`web-${ordinal}`),
          (pod) => pod?.status?.phase === 'Running',
        )
        // Never one more than the last may be ready.
        expect(await activeNames(stage)).toEqual(['web-0', 'web-1', 'web-2'].slice(0, ordinal + 1))
        if (ordinal === 1) {
          await stage.pass(3)
          expect(await activeNames(stage)).toEqual(['web-0', 'web-1'])
        }
        await stage.exec(
          `web-${ordinal}`,
          'hostname > /data/who && ln -s who /data/link && touch /data/continue',
        )
      }
      await untilReady(stage, 3)
      const before = await Promise.all([0, 1, 2].map((ordinal) => uidOf(stage, `web-${ordinal}`)))
      const spec = (await stage.pod('web-1'))?.spec
      expect(spec).toMatchObject({ hostname: 'web-1', subdomain: 'web' })
      await stage.do('PATCH', 'statefulsets/web/scale', { spec: { replicas: 0 } }, 'merge')
      await untilReady(stage, 0)
      await stage.do('PATCH', 'statefulsets/web/scale', { spec: { replicas: 3 } }, 'merge')
      await untilReady(stage, 3)
      for (const ordinal of [0, 1, 2]) {
        const name = `web-${ordinal}`
        expect(await stage.exec(name, 'hostname; cat /data/who /data/link')).toBe(`${name}\n`.repeat(3))
        expect(await uidOf(stage, name)).not.toBe(before[ordinal])
      }
    },
  },
  {
    name: 'a pod that has lost its owner is adopted again, one that has lost its labels let go',
    async play(stage) {
      await stage.do('POST', 'statefulsets', aSet({ replicas: 1 }))
      await untilReady(stage, 1)
      const owner = async () => (await stage.pod('web-0'))?.metadata.ownerReferences?.[0]
      const first = await owner()
      expect(first).toMatchObject({ kind: 'StatefulSet', name: 'web', controller: true })
      await stage.do('PATCH', 'pods/web-0', { metadata: { ownerReferences: null } }, 'merge')
      await stage.until('it is adopted', owner, (seen) => seen?.uid === first?.uid)
      await stage.do('PATCH', 'pods/web-0', { metadata: { labels: { app: null } } }, 'merge')
      await stage.until('it is let go', owner, (seen) => seen === undefined)
      await stage.do('PATCH', 'pods/web-0', { metadata: { labels: { app: 'web' } } }, 'merge')
      await stage.until('it is adopted', owner, (seen) => seen?.uid === first?.uid)
    },
  },
  {
    name: 'a set that is left by its pods, and one of the same name that takes them over without a restart',
    async play(stage) {
      await stage.do('POST', 'statefulsets', aSet({ replicas: 2 }))
      await untilReady(stage, 2)
      const before = [await uidOf(stage, 'web-0'), await uidOf(stage, 'web-1')]
      await stage.do('DELETE', 'statefulsets/web', { propagationPolicy: 'Orphan' })
      await stage.until(
        'the set is gone',
        () => stage.set(),
        (set) => set === null,
      )
      expect((await stage.pod('web-0'))?.metadata.ownerReferences).toBeUndefined()
      await stage.do('POST', 'statefulsets', aSet({ replicas: 2 }))
      await untilReady(stage, 2)
      expect([await uidOf(stage, 'web-0'), await uidOf(stage, 'web-1')]).toEqual(before)
    },
  },
  {
    name: 'a pod is created again though its successor is not ready',
    async play(stage) {
      await stage.do('POST', 'statefulsets', aSet({ ready: '[ $HOSTNAME = web-0 ]' }))
      await stage.until(
        'web-1 runs',
        () => stage.pod('web-1'),
        (pod) => pod?.status?.phase === 'Running',
      )
      const uid = await uidOf(stage, 'web-0')
      await stage.do('DELETE', 'pods/web-0', { gracePeriodSeconds: 0 })
      await stage.until(
        'web-0 is back',
        () => stage.pod('web-0'),
        (pod) => pod !== null && pod.metadata.uid !== uid && pod.status?.phase === 'Running',
      )
      expect(await activeNames(stage)).toEqual(['web-0', 'web-1'])
    },
  },
  {
    name: 'a failed pod is deleted and created again',
    async play(stage) {
      await stage.do('POST', 'statefulsets', aSet({ replicas: 1 }))
      await untilReady(stage, 1)
      const uid = await uidOf(stage, 'web-0')
      await stage.do(
        'PATCH',
        'pods/web-0/status',
        { status: { phase: 'Failed', reason: 'Evicted' } },
        'merge',
      )
      await stage.until(
        'a new web-0 runs',
        () => stage.pod('web-0'),
        (pod) => pod !== null && pod.metadata.uid !== uid && pod.status?.phase === 'Running',
      )
    },
  },
  {
    name: 'sets are listed, patched and deleted together by their labels',
    async play(stage) {
      for (const name of ['one', 'two', 'other'])
        await stage.do('POST', 'statefulsets', {
          ...aSet({ name, replicas: 0 }),
          metadata: { name, labels: { of: name === 'other' ? 'nobody' : 'us' } },
        })
      const names = async (query = '') =>
        (await stage.list<ApiObject>(`statefulsets${query}`)).map(({ metadata }) => metadata.name)
      expect(await names('?labelSelector=of%3Dus')).toEqual(['one', 'two'])
      await stage.do(
        'PATCH',
        'statefulsets/one',
        { metadata: { labels: { of: 'nobody' } } },
        'strategic-merge',
      )
      await stage.do('DELETE', 'statefulsets?labelSelector=of%3Dnobody')
      await stage.until(
        'two are gone',
        () => names(),
        (left) => left.length === 1 && left[0] === 'two',
      )
    },
  },
  {
    name: 'the status is read, patched and replaced by itself, and the spec not with it',
    async play(stage) {
      await stage.do('POST', 'statefulsets', aSet({ replicas: 1 }))
      await untilReady(stage, 1)
      const condition = (type: string) => ({ type, status: 'True', reason: 'test', message: 'from a test' })
      const status = { conditions: [condition('StatusPatched')] }
      await stage.do('PATCH', 'statefulsets/web/status', { spec: { replicas: 3 }, status }, 'merge')
      const patched = (await stage.do('GET', 'statefulsets/web/status')) as ApiObject
      expect(conditionsOf(patched)).toMatchObject([condition('StatusPatched')])
      const replaced = {
        ...patched,
        status: { ...(patched.status as object), conditions: [condition('Updated')] },
      }
      await stage.do('PUT', 'statefulsets/web/status', replaced)
      const set = await stage.set()
      expect(conditionsOf(set)).toMatchObject([condition('Updated')])
      expect(set?.spec.replicas).toBe(1)
    },
  },
  {
    name: 'what is written at the first member is read at the last after all have been restarted',
    async play(stage) {
      await stage.do('POST', 'services', {
        metadata: { name: 'web' },
        spec: { clusterIP: 'None', selector: { app: 'web' }, ports: [{ port: 8080 }] },
      })
      await stage.do('POST', 'statefulsets', aSet({ run: 'httpd -f -p 8080 -h /data' }))
      await untilReady(stage, 3)
      await stage.exec('web-0', 'echo bar > /data/foo')
      const before = await uidOf(stage, 'web-0')
      await stage.do('DELETE', 'pods?labelSelector=app%3Dweb')
      await stage
        .until(
          'all are new',
          () => readyNames(stage),
          (names) => names.length === 0,
        )
        .catch(() => undefined)
      await untilReady(stage, 3)
      expect(await uidOf(stage, 'web-0')).not.toBe(before)
      const url = `http://web-0.web.${stage.namespace}.svc.cluster.local:8080/foo`
      const read = await stage.until(
        'web-2 reaches web-0',
        () => stage.exec('web-2', `wget -qO- ${url}`).catch(String),
        (text) => text === 'bar\n',
      )
      expect(read).toBe('bar\n')
    },
  },
  {
    name: 'a claim that is deleted stays until no pod uses it, and is there anew for the next',
    async play(stage) {
      await stage.do('POST', 'statefulsets', aSet({ replicas: 1 }))
      await untilReady(stage, 1)
      const first = await stage.claim('data-web-0')
      expect(first?.metadata.finalizers).toEqual(['kubernetes.io/pvc-protection'])
      await stage.do('DELETE', 'persistentvolumeclaims/data-web-0')
      await stage.pass(2)
      const kept = await stage.claim('data-web-0')
      expect(kept?.metadata.deletionTimestamp).toBeDefined()
      expect(kept?.status?.phase).toBe('Bound')
      await stage.do('PATCH', 'statefulsets/web/scale', { spec: { replicas: 0 } }, 'merge')
      await stage.until(
        'the claim is gone',
        () => stage.claim('data-web-0'),
        (claim) => claim === null,
      )
      await stage.do('PATCH', 'statefulsets/web/scale', { spec: { replicas: 1 } }, 'merge')
      await untilReady(stage, 1)
      expect((await stage.claim('data-web-0'))?.metadata.uid).not.toBe(first?.metadata.uid)
    },
  },
  {
    name: 'a claim that is missing is created again for a pod that waits for it',
    since: 25,
    async play(stage) {
      const nodeSelector = { 'example.com/for': stage.namespace }
      await stage.do('POST', 'statefulsets', aSet({ replicas: 1, pod: { nodeSelector } }))
      await stage.until(
        'web-0 is there',
        () => stage.pod('web-0'),
        (pod) => pod !== null,
      )
      const first = await stage.until(
        'its claim is bound',
        () => stage.claim('data-web-0'),
        (claim) => claim?.status?.phase === 'Bound',
      )
      await stage.do('DELETE', 'persistentvolumeclaims/data-web-0')
      await stage.until(
        'there is another claim',
        () => stage.claim('data-web-0'),
        (claim: PersistentVolumeClaim | null) =>
          claim?.status?.phase === 'Bound' && claim.metadata.uid !== first?.metadata.uid,
      )
      expect((await stage.list<Pod>('pods')).map(({ status }) => status?.phase)).toEqual(['Pending'])
    },
  },
  ...scalingBehaviours,
  ...updateBehaviours,
]
