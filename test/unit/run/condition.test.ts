import { describe, expect, it } from 'vitest'
import type { LabCondition } from '../../../src/lab/condition.ts'
import { adviceFor, conditionHolds } from '../../../src/run/condition.ts'
import { MovingState } from '../../../src/timeline/state.ts'
import { aClaim, aPod, aService, aSet, SET, someEndpoints } from '../../helpers/builders.ts'

/** A state with these objects. */
function stateOf(objects: {
  readonly service?: ReturnType<typeof aService>
  readonly endpoints?: ReturnType<typeof someEndpoints>
  readonly set?: ReturnType<typeof aSet>
  readonly pod?: ReturnType<typeof aPod>
  readonly claim?: ReturnType<typeof aClaim>
}): MovingState {
  const state = new MovingState()
  const { service, endpoints, set, pod, claim } = objects
  if (service !== undefined) state.services.set(service.name, service)
  if (endpoints !== undefined) state.endpoints.set(endpoints.name, endpoints)
  if (set !== undefined) state.statefulsets.set(set.name, set)
  if (pod !== undefined) state.pods.set(pod.name, pod)
  if (claim !== undefined) state.claims.set(claim.name, claim)
  return state
}

/** Of these values of one key, those that hold. */
const holding = <T extends string>(
  state: MovingState,
  values: readonly T[],
  of: (is: T) => LabCondition,
): T[] => values.filter((is) => conditionHolds(of(is), state, SET))

describe('a condition about a service', () => {
  const ALL = ['absent', 'present', 'headless', 'not-headless', 'empty'] as const
  const what = (state: MovingState) => holding(state, ALL, (is) => ({ service: 'web-svc', is }))
  const address = { ip: '10.0.0.1', hostname: null, pod: 'web-0' }

  it('tells whether it is there, is headless, and has anybody behind it', () => {
    expect(what(stateOf({}))).toEqual(['absent'])
    expect(what(stateOf({ service: aService() }))).toEqual(['present', 'headless', 'empty'])
    const service = aService({ headless: false, clusterIP: '10.96.0.1' })
    const endpoints = someEndpoints({ notReady: [address] })
    expect(what(stateOf({ service, endpoints }))).toEqual(['present', 'not-headless'])
  })

  it('tells whose pods its selector means, by the template of the set', () => {
    const selects = (selector: Record<string, string> | null, set = aSet()) =>
      holding(stateOf({ service: aService({ selector }), set }), ['the-set', 'others'], (selects) => ({
        service: 'web-svc',
        selects,
      }))
    expect(selects({ app: 'web' })).toEqual(['the-set'])
    expect(selects({ app: 'web' }, aSet({ podLabels: { app: 'web', tier: 'front' } }))).toEqual(['the-set'])
    expect(selects({ app: 'web', tier: 'front' })).toEqual(['others'])
    expect(selects({})).toEqual(['others'])
    expect(selects(null)).toEqual(['others'])
  })

  it('about its selector does not hold either way without service or set', () => {
    const never = (state: MovingState) =>
      holding(state, ['the-set', 'others'], (selects) => ({ service: 'web-svc', selects }))
    expect(never(stateOf({ set: aSet() }))).toEqual([])
    expect(never(stateOf({ service: aService() }))).toEqual([])
  })
})

describe('a condition about the set', () => {
  it('tells whether it is there', () => {
    const what = (state: MovingState) =>
      holding(state, ['absent', 'present', 'terminating'], (set) => ({ set }))
    expect(what(stateOf({}))).toEqual(['absent'])
    expect(what(stateOf({ set: aSet() }))).toEqual(['present'])
    expect(what(stateOf({ set: aSet({ deletionTimestamp: '2026-01-01T00:00:00Z' }) }))).toEqual([
      'present',
      'terminating',
    ])
  })

  it('compares what it asks for; without a set nothing is equal', () => {
    const conditions: LabCondition[] = [
      { set: 'service-name', is: 'web-svc' },
      { set: 'replicas', is: 3 },
      { set: 'policy', is: 'OrderedReady' },
      { set: 'claim-templates', is: 1 },
    ]
    const right = stateOf({ set: aSet() })
    const other = aSet({
      serviceName: 'x',
      replicas: 2,
      podManagementPolicy: 'Parallel',
      claimTemplates: [],
    })
    for (const condition of conditions) {
      expect(conditionHolds(condition, right, SET)).toBe(true)
      expect(conditionHolds(condition, stateOf({ set: other }), SET)).toBe(false)
      expect(conditionHolds(condition, stateOf({}), SET)).toBe(false)
    }
  })

  it('means the set of the lab and no other', () => {
    expect(conditionHolds({ set: 'absent' }, stateOf({ set: aSet({ name: 'db' }) }), SET)).toBe(true)
  })
})

describe('a condition about a pod', () => {
  const ALL = [
    'absent',
    'pending',
    'crashing',
    'not-ready',
    'ready',
    'terminating',
    'outdated',
    'misnamed',
  ] as const
  const what = (pod?: ReturnType<typeof aPod>, set = aSet()) =>
    holding(stateOf(pod === undefined ? { set } : { set, pod }), ALL, (is) => ({ pod: 'web-0', is }))
  const [container] = aPod().containers
  const ended = (facts: object) =>
    ({ ...aPod(), containers: [{ ...container, ...facts }] }) as ReturnType<typeof aPod>

  it('tells how far it is', () => {
    expect(what()).toEqual(['absent'])
    expect(what(aPod())).toEqual(['pending', 'not-ready'])
    expect(what(aPod({ phase: 'Running' }))).toEqual(['not-ready'])
    expect(what(aPod({ ready: true }))).toEqual(['ready'])
    expect(what(aPod({ ready: true, terminating: true }))).toEqual(['terminating'])
  })

  it('calls it crashing while a container that failed is not running', () => {
    expect(what(ended({ reason: 'CrashLoopBackOff' }))).toContain('crashing')
    expect(what(ended({ state: 'terminated', lastExitCode: 1 }))).toContain('crashing')
    expect(what(ended({ state: 'terminated', lastExitCode: 0 }))).not.toContain('crashing')
    expect(what(ended({ state: 'running', lastExitCode: 1 }))).not.toContain('crashing')
  })

  it('tells one that was made from another template, or for another service', () => {
    expect(what(aPod({ ready: true, revision: 'web-0' }))).toEqual(['ready', 'outdated'])
    expect(what(aPod({ ready: true, subdomain: 'old' }))).toEqual(['ready', 'misnamed'])
    expect(what(aPod({ ready: true, subdomain: null }), aSet({ serviceName: '' }))).toEqual(['ready'])
  })
})

describe('a condition about a claim', () => {
  it('tells whether it is there and bound', () => {
    const ALL = ['absent', 'pending', 'bound', 'terminating'] as const
    const what = (claim?: ReturnType<typeof aClaim>) =>
      holding(stateOf(claim === undefined ? {} : { claim }), ALL, (is) => ({ claim: 'data-web-0', is }))
    expect(what()).toEqual(['absent'])
    expect(what(aClaim({ phase: 'Pending' }))).toEqual(['pending'])
    expect(what(aClaim())).toEqual(['bound'])
    expect(what(aClaim({ deletionTimestamp: '2026-01-01T00:00:00Z' }))).toEqual(['terminating'])
  })
})

describe('conditions together', () => {
  const yes: LabCondition = { set: 'absent' }
  const no: LabCondition = { set: 'present' }
  const holds = (condition: LabCondition) => conditionHolds(condition, stateOf({}), SET)

  it('hold all, any or not', () => {
    expect([holds({ all: [yes, no] }), holds({ all: [yes, yes] })]).toEqual([false, true])
    expect([holds({ any: [no, yes] }), holds({ any: [no, no] })]).toEqual([true, false])
    expect([holds({ not: no }), holds({ not: { all: [yes, { not: no }] } })]).toEqual([true, false])
  })

  it('choose the first advice that applies', () => {
    const advice = [no, yes, yes].map((when, index) => ({ when, say: `${index}`, hopeless: false }))
    expect(adviceFor(advice, stateOf({}), SET)?.say).toBe('1')
    expect(adviceFor(advice.slice(0, 1), stateOf({}), SET)).toBeNull()
  })
})
