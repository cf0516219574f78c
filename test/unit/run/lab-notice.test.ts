import { describe, expect, it } from 'vitest'
import { type GoalContext, judgeGoal, whatIsMissing } from '../../../src/run/lab-goal.ts'
import { noticed } from '../../../src/run/lab-notice.ts'
import { aClaim, aPod, aService, aSet, SERVICE, SET } from '../../helpers/builders.ts'

const deleteOne = { do: 'delete-pod', pod: 'web-1' } as const
const replaced = { see: 'replaced', pod: 'web-1' } as const

/** `pods` by ordinal and life; a life of 1 is the one from before. */
function context(replicas: number, pods: readonly (readonly [number, number])[]): GoalContext {
  const present = pods.map(([ordinal, life]) => aPod({ ordinal, life, ready: true }))
  const status = { ...aSet().status, replicas: pods.length, readyReplicas: pods.length }
  return {
    state: {
      pods: new Map(present.map((pod) => [pod.name, pod])),
      statefulsets: new Map([[SET, aSet({ replicas, status })]]),
      claims: new Map([0, 1].map((ordinal) => [`data-web-${ordinal}`, aClaim({ ordinal })])),
      services: new Map([[SERVICE, aService()]]),
      endpoints: new Map(),
      events: new Map(),
    },
    statefulSet: SET,
    namespace: 'there',
    keepNamespace: false,
    setWasThere: true,
    podsAtStart: new Map([0, 1, 2].map((ordinal) => [`web-${ordinal}`, aPod({ ordinal, life: 1 }).uid])),
    diagnose: () => null,
    fileIn: () => undefined,
  }
}

const before = context(3, [
  [0, 1],
  [1, 1],
  [2, 1],
])
const back = context(3, [
  [0, 1],
  [1, 2],
  [2, 1],
])
const scaledAway = context(1, [[0, 1]])

describe('a pod that is to be deleted', () => {
  it('is noticed when it goes, and replaced when another one is ready in its place', () => {
    expect(noticed(deleteOne, replaced, before)).toBeNull()
    expect(noticed(deleteOne, replaced, back)).toBe('web-1 was deleted')
    expect(judgeGoal(replaced, back)).toEqual({ done: true })
  })

  it('is neither when the set was scaled so that it is not one of its pods any more', () => {
    expect(noticed(deleteOne, replaced, scaledAway)).toBeNull()
    expect(judgeGoal(replaced, scaledAway)).toMatchObject({
      done: false,
      hopeless: 'the set asks for 1 pod, and web-1 is not one of them',
    })
  })
})

describe('what is missing of a task', () => {
  it('is all that is left, where something is to go', () => {
    const objects = [
      { kind: 'StatefulSet', name: SET, selector: null },
      { kind: 'Service', name: 'other', selector: null },
      { kind: 'PersistentVolumeClaim', name: 'data-web-1', selector: null },
    ] as const
    expect(whatIsMissing({ see: 'gone', objects }, before)).toBe('still there: set web, claim data-web-1')
  })

  it('is what the wait says, of anything else', () => {
    expect(whatIsMissing({ see: 'ready', replicas: 5 }, before)).toBe('the set asks for 3 pods, not 5')
  })
})
