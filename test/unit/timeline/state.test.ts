import { describe, expect, it } from 'vitest'
import {
  claimName,
  expectedPodNames,
  isReady,
  ordinalOf,
  podsOf,
  stateAfter,
  stateAt,
} from '../../../src/timeline/state.ts'
import { aPod, aSet, SET_UID } from '../../helpers/builders.ts'
import { perfectPass } from '../../helpers/perfect-pass.ts'
import { Script } from '../../helpers/script.ts'

describe('the state after observations', () => {
  it('holds what was listed, added or modified and not what was deleted or vanished', () => {
    const { observations } = new Script()
      .lists(3)
      .pod(1, 'deleted')
      .gap('pods')
      .pod(0, 'listed')
      .pod(2, 'vanished')
    expect([...stateAfter(observations).pods.keys()]).toEqual(['web-0'])
  })

  it('keeps the new life when the old one of that name is reported as vanished after it', () => {
    const old = aPod({ ordinal: 0, life: 1 })
    const script = new Script()
    script.add({ stream: 'pods', type: 'listed', object: old })
    script.gap('pods').add({ stream: 'pods', type: 'listed', object: aPod({ ordinal: 0, life: 2 }) })
    script.add({ stream: 'pods', type: 'vanished', object: old })
    expect(stateAfter(script.observations).pods.get('web-0')?.uid).toBe('web-0#2')
  })

  it('can be asked for an earlier moment', () => {
    const { observations } = new Script().lists(0).comesUp(0).comesUp(1)
    expect([...stateAt(observations, observations.length - 2).pods.keys()]).toEqual(['web-0'])
    expect(stateAt(observations, 0).statefulsets.size).toBe(0)
  })

  it('after a whole pass is what the set was before: its claims, no claim of the grown pods', () => {
    const state = stateAfter(perfectPass())
    expect([...state.claims.keys()].sort()).toEqual(['data-web-0', 'data-web-1', 'data-web-2'])
  })
})

describe('the pods of a set', () => {
  it('are those it controls by UID, whatever their name, by number', () => {
    const script = new Script()
    for (const ordinal of [10, 2, 0]) script.pod(ordinal, 'added')
    script
      .pod(1, 'added', { controller: null })
      .pod(3, 'added', { controller: { kind: 'StatefulSet', name: 'web', uid: 'older' } })
    expect(podsOf(stateAfter(script.observations), SET_UID).map((pod) => pod.name)).toEqual([
      'web-0',
      'web-2',
      'web-10',
    ])
  })

  it('are expected from the start ordinal on', () => {
    expect(expectedPodNames(aSet({ replicas: 2, startOrdinal: 5 }))).toEqual(['web-5', 'web-6'])
    expect(expectedPodNames(aSet({ replicas: 0 }))).toEqual([])
  })
})

describe('ordinalOf', () => {
  it.each([
    ['web', 'web-0', 0],
    ['web', 'web-12', 12],
    ['web', 'web-01', null],
    ['web', 'web-', null],
    ['web', 'web-1-2', null],
    ['web', 'web2-1', null],
    ['web-1', 'web-1-2', 2],
    ['web', 'web--1', null],
    ['web', 'other-1', null],
  ])('of set %s and pod %s is %s', (set, pod, ordinal) => {
    expect(ordinalOf(set, pod)).toBe(ordinal)
  })
})

describe('isReady', () => {
  it('is false for a terminating pod that still has condition Ready', () => {
    expect(isReady(aPod({ ready: true }))).toBe(true)
    expect(isReady(aPod({ ready: true, terminating: true }))).toBe(false)
  })
})

it('a claim is called template-pod', () => expect(claimName('www', 'web-1')).toBe('www-web-1'))
