import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../../src/run/diagnose.ts'
import { type GoalContext, judgeGoal } from '../../../src/run/lab-goal.ts'
import { MovingState } from '../../../src/timeline/state.ts'
import { aPod, aSet, NAMESPACE, SET } from '../../helpers/builders.ts'

const GOAL = { see: 'stuck', because: 'storageclass "fast"' } as const

/** A set of one pod, which is held up by that; null: by nothing. */
function judged(diagnosis: Diagnosis | null, facts: { ready?: boolean; set?: boolean } = {}) {
  const { ready = false, set = true } = facts
  const state = new MovingState()
  const status = { ...aSet().status, replicas: 1, readyReplicas: ready ? 1 : 0 }
  if (set) state.statefulsets.set(SET, aSet({ replicas: 1, status }))
  state.pods.set(`${SET}-0`, aPod({ ready }))
  const context: Partial<GoalContext> = {
    state,
    statefulSet: SET,
    setWasThere: true,
    diagnose: () => diagnosis,
  }
  // Only what a judgement of this goal reads.
  return judgeGoal(GOAL, context as GoalContext)
}

const CLAIM = `claim data-web-0 in ${NAMESPACE} is Pending with StorageClass "fast"`

describe('a set that is meant to be stuck', () => {
  it('is there when the reason has stood long enough', () => {
    expect(judged({ reason: CLAIM, hopeless: true })).toEqual({ done: true })
  })

  it('is not there yet while the reason may still go away', () => {
    expect(judged({ reason: CLAIM, hopeless: false })).toMatchObject({ done: false, reason: CLAIM })
    expect(judged({ reason: CLAIM, hopeless: false })).not.toHaveProperty('hopeless', expect.any(String))
  })

  it('never comes when something else holds it up', () => {
    const other = judged({ reason: 'image cannot be pulled', hopeless: true })
    expect(other).toMatchObject({ hopeless: 'it is held up by something else: image cannot be pulled' })
  })

  it('never comes when the set comes up', () => {
    expect(judged(null, { ready: true })).toMatchObject({ hopeless: expect.stringContaining('came up') })
    expect(judged(null)).toMatchObject({ done: false })
  })

  it('never comes without the set', () => {
    expect(judged(null, { set: false })).toMatchObject({ hopeless: expect.stringContaining('was deleted') })
  })
})
