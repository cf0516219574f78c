import { expect } from 'vitest'
import type { ApiObject } from '../../../src/embedded/object.ts'
import type { Behaviour } from './behaviours.ts'
import type { Stage } from './stage.ts'
import { aSet, statusOf, toWord, uidOf, untilReady, words } from './stage-set.ts'

const partition = (at: number) => ({
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: at } },
})

const untilUpdated = (stage: Stage): Promise<unknown> =>
  stage.until(
    'the update is over',
    () => statusOf(stage),
    ({ currentRevision, updateRevision, updatedReplicas, readyReplicas }) =>
      currentRevision === updateRevision && updatedReplicas === 3 && readyReplicas === 3,
  )

const untilWords = (stage: Stage, ...wanted: readonly string[]): Promise<unknown> =>
  stage.until(
    `the pods are ${wanted.join(', ')}`,
    () => words(stage),
    (seen) => seen.join() === wanted.map((word, ordinal) => `web-${ordinal} ${word}`).join(),
  )

const revisions = async (stage: Stage): Promise<readonly string[]> =>
  (await stage.list<ApiObject & { revision: number }>('controllerrevisions'))
    .map(({ metadata, revision }) => `${revision} ${metadata.name}`)
    .sort()

export const updateBehaviours: readonly Behaviour[] = [
  {
    name: 'a rolling update gives every pod the new revision, the last first, and a rollback the old one its name again',
    async play(stage) {
      await stage.do('POST', 'statefulsets', aSet())
      await untilReady(stage, 3)
      const { currentRevision: old } = await statusOf(stage)
      await stage.exec('web-1', 'touch /tmp/broken')
      await stage.until(
        'web-1 is not ready',
        () => statusOf(stage),
        ({ readyReplicas }) => readyReplicas === 2,
      )
      stage.pods.take()
      await stage.do('PATCH', 'statefulsets/web', toWord('two'), 'strategic-merge')
      const { updateRevision } = await stage.until(
        'a new revision is announced',
        () => statusOf(stage),
        (status) => status.updateRevision !== old,
      )
      // Not a pod is touched while one is not ready.
      await stage.pass(3)
      await untilWords(stage, 'one', 'one', 'one')
      await stage.exec('web-1', 'rm /tmp/broken')
      await untilUpdated(stage)
      await untilWords(stage, 'two', 'two', 'two')
      const went = stage.pods.take().filter((fact) => fact.endsWith(' terminating'))
      expect(went).toEqual(['web-2 terminating', 'web-1 terminating', 'web-0 terminating'])
      expect((await statusOf(stage)).currentRevision).toBe(updateRevision)
      expect(await revisions(stage)).toEqual([`1 ${old}`, `2 ${updateRevision}`])
      await stage.do('PATCH', 'statefulsets/web', toWord('one'), 'strategic-merge')
      await stage.until(
        'it goes back',
        () => statusOf(stage),
        (status) => status.updateRevision === old,
      )
      await untilUpdated(stage)
      await untilWords(stage, 'one', 'one', 'one')
      expect(await revisions(stage)).toEqual([`2 ${updateRevision}`, `3 ${old}`])
    },
  },
  {
    name: 'a partition holds an update back, and pods that are deleted meanwhile come back as what they were',
    async play(stage) {
      await stage.do('POST', 'statefulsets', aSet({ spec: partition(3) }))
      await untilReady(stage, 3)
      await stage.do('PATCH', 'statefulsets/web', toWord('two'), 'strategic-merge')
      await stage.pass(2)
      await untilWords(stage, 'one', 'one', 'one')
      await stage.do('PATCH', 'statefulsets/web', { spec: partition(2) }, 'merge')
      await untilWords(stage, 'one', 'one', 'two')
      await untilReady(stage, 3)
      const [first, last] = [await uidOf(stage, 'web-0'), await uidOf(stage, 'web-2')]
      await Promise.all([stage.do('DELETE', 'pods/web-0'), stage.do('DELETE', 'pods/web-2')])
      for (const [name, uid] of [
        ['web-0', first],
        ['web-2', last],
      ] as const)
        await stage.until(
          `${name} is new`,
          () => uidOf(stage, name),
          (seen) => seen !== '' && seen !== uid,
        )
      await untilReady(stage, 3)
      await untilWords(stage, 'one', 'one', 'two')
      for (const [at, wanted] of [
        [1, ['one', 'two', 'two']],
        [0, ['two', 'two', 'two']],
      ] as const) {
        await stage.do('PATCH', 'statefulsets/web', { spec: partition(at) }, 'merge')
        await untilWords(stage, ...wanted)
        await untilReady(stage, 3)
      }
    },
  },
  {
    name: 'a pod that a finalizer held while the set was updated comes back as what it was, below the partition',
    async play(stage) {
      await stage.do('POST', 'statefulsets', aSet({ spec: partition(1) }))
      await untilReady(stage, 3)
      const uid = await uidOf(stage, 'web-0')
      await stage.do('PATCH', 'pods/web-0', { metadata: { finalizers: ['example.com/held'] } }, 'merge')
      await stage.do('DELETE', 'pods/web-0')
      await stage.do('PATCH', 'statefulsets/web', toWord('two'), 'strategic-merge')
      await stage.pass(3)
      expect((await stage.pod('web-0'))?.metadata).toMatchObject({
        uid,
        deletionTimestamp: expect.any(String),
      })
      await stage.do('PATCH', 'pods/web-0', { metadata: { finalizers: null } }, 'merge')
      await untilWords(stage, 'one', 'two', 'two')
      await untilReady(stage, 3)
      expect(await uidOf(stage, 'web-0')).not.toBe(uid)
    },
  },
  {
    name: 'with OnDelete a pod is new when somebody has deleted it, and not before',
    async play(stage) {
      await stage.do('POST', 'statefulsets', aSet({ spec: { updateStrategy: { type: 'OnDelete' } } }))
      await untilReady(stage, 3)
      const { currentRevision } = await statusOf(stage)
      await stage.do('PATCH', 'statefulsets/web', toWord('two'), 'strategic-merge')
      await stage.pass(3)
      await untilWords(stage, 'one', 'one', 'one')
      await stage.do('DELETE', 'pods/web-1')
      await untilWords(stage, 'one', 'two', 'one')
      await untilReady(stage, 3)
      const status = await statusOf(stage)
      expect(status).toMatchObject({ currentRevision, updatedReplicas: 1, currentReplicas: 2 })
    },
  },
]
