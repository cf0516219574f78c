import { expect, it } from 'vitest'
import { stepMark } from '../../../src/run/proof/step-mark.ts'
import { MANAGED_LABELS } from '../../../src/run/session.ts'
import { aClaim, aPod } from '../../helpers/builders.ts'
import { Script } from '../../helpers/script.ts'
import { type Story, storyOf } from '../../helpers/stories/story.ts'

const told = (story: Story): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    story.map(({ step, events }) => [step, events.map(({ object, what }) => `${object} ${what}`)]),
  )

const pod = (resourceVersion: string, options: Parameters<typeof aPod>[0] = {}) => ({
  stream: 'pods' as const,
  object: aPod({ resourceVersion, node: null, ...options }),
})
const claim = (resourceVersion: string, phase: 'Pending' | 'Bound') => ({
  stream: 'claims' as const,
  object: aClaim({ resourceVersion, phase }),
})

it('is told step by step, in the order of the writes of the cluster, whichever stream came first', () => {
  const { observations } = new Script()
    .add(stepMark('create'))
    .add({ ...pod('12'), type: 'added' })
    .add({ ...pod('15', { node: 'one' }), type: 'modified' })
    .add({ ...claim('11', 'Pending'), type: 'added' })
    .add({ ...claim('14', 'Bound'), type: 'modified' })
    .add({ ...pod('16', { node: 'one', ready: true }), type: 'modified' })
    .add({ ...pod('17', { node: 'one', ready: true }), type: 'modified' })
    .add(stepMark('replace'))
    .add({ ...pod('20', { ready: true, terminating: true }), type: 'modified' })
    .add({ ...pod('21', { terminating: true }), type: 'deleted' })
    .add({ ...pod('22', { life: 2 }), type: 'added' })
  expect(told(storyOf(observations))).toEqual({
    create: [
      'claim:data-web-0 created',
      'web-0 created',
      'claim:data-web-0 bound',
      'web-0 scheduled',
      'web-0 running',
      'web-0 ready',
    ],
    replace: ['web-0 told to go', 'web-0 gone', 'web-0(2) created'],
  })
})

it('begins with what was there, and leaves out the pods that sts-lab itself makes', () => {
  const { observations } = new Script()
    .add({ ...pod('30', { node: 'one', ready: true }), type: 'listed' })
    .add(stepMark('look'))
    .add({ ...pod('31', { name: 'probe', labels: MANAGED_LABELS }), type: 'added' })
  expect(told(storyOf(observations))).toEqual({
    before: ['web-0 created', 'web-0 scheduled', 'web-0 running', 'web-0 ready'],
    look: [],
  })
})

it('has the phases of an exam for steps, and one name for all pods of a ReplicaSet', () => {
  const controller = { kind: 'ReplicaSet', name: 'app-5d4f', uid: 'rs' }
  const { observations } = new Script()
    .begin('baseline')
    .add({ ...pod('40', { name: 'app-5d4f-x1', controller }), type: 'added' })
    .add({ ...pod('41', { name: 'app-5d4f-y2', controller, life: 2 }), type: 'added' })
  expect(told(storyOf(observations))).toEqual({ baseline: ['app~1 created', 'app~1 created'] })
})
