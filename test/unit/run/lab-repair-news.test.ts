import { describe, expect, it } from 'vitest'
import { newsSince } from '../../../src/run/lab-repair-news.ts'
import { aClaim, aPod, aService, aSet, SET } from '../../helpers/builders.ts'
import { Script } from '../../helpers/script.ts'

const story = () => new Script().lists(1)

describe('what somebody did', () => {
  it('is told by what became of services, sets and claims', () => {
    const script = story()
    const from = script.seq
    script
      .add({ stream: 'services', type: 'deleted', object: aService() })
      .add({ stream: 'services', type: 'added', object: aService({ name: 'other' }) })
      .add({ stream: 'claims', type: 'deleted', object: aClaim() })
    expect(newsSince(script.observations, from, SET)).toBe(
      'service web-svc was deleted, service other was created, claim data-web-0 was deleted',
    )
  })

  it('knows one that was made anew from one that was created', () => {
    const script = story()
    const from = script.seq
    script
      .add({ stream: 'statefulsets', type: 'deleted', object: aSet() })
      .add({ stream: 'statefulsets', type: 'added', object: aSet({ uid: 'second' }) })
    expect(newsSince(script.observations, from, SET)).toBe('StatefulSet web was deleted and created again')
  })

  it('tells nothing of what came and went', () => {
    const script = story()
    const from = script.seq
    script
      .add({ stream: 'services', type: 'added', object: aService({ name: 'brief' }) })
      .add({ stream: 'services', type: 'deleted', object: aService({ name: 'brief' }) })
    expect(newsSince(script.observations, from, SET)).toBeNull()
  })

  it('takes a new status of the set for no news, and a new spec for a change', () => {
    const script = story()
    const from = script.seq
    script.set('modified', { resourceVersion: '2' })
    script.add({ stream: 'pods', type: 'modified', object: aPod({ ready: true }) })
    expect(newsSince(script.observations, from, SET)).toBeNull()
    script.set('modified', { generation: 2, replicas: 4 })
    expect(newsSince(script.observations, from, SET)).toBe('StatefulSet web was changed')
  })

  it('leaves out the claims that the set makes for itself', () => {
    const script = story()
    const from = script.seq
    script
      .add({ stream: 'claims', type: 'added', object: aClaim({ ordinal: 1 }) })
      .add({ stream: 'claims', type: 'added', object: aClaim({ name: 'shared' }) })
    expect(newsSince(script.observations, from, SET)).toBe('claim shared was created')
  })
})
