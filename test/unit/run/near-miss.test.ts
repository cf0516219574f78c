import { describe, expect, it } from 'vitest'
import type { LabAction, LabGoal } from '../../../src/lab/lab.ts'
import { nearMisses, sceneOf } from '../../../src/run/near-miss.ts'
import type { ClusterState } from '../../../src/timeline/state.ts'
import { aClaim, aPod, aService, aSet, SET } from '../../helpers/builders.ts'

const ready: LabGoal = { see: 'ready', replicas: 5 }
const scale: LabAction = { do: 'scale', replicas: 5 }
const deleteOne: LabAction = { do: 'delete-pod', pod: 'web-1' }
const cleanUp: LabAction = {
  do: 'delete',
  objects: [{ kind: 'StatefulSet', name: SET, selector: null }],
}

type Objects<T extends { readonly name: string }> = readonly T[]
const byName = <T extends { readonly name: string }>(objects: Objects<T>) =>
  new Map(objects.map((object) => [object.name, object]))

function scene(
  more: {
    set?: Parameters<typeof aSet>[0] | null
    pods?: ReturnType<typeof aPod>[]
    claims?: ReturnType<typeof aClaim>[]
    services?: ReturnType<typeof aService>[]
  } = {},
) {
  const sets = more.set === null ? [] : [aSet({ replicas: 3, ...more.set })]
  const state: ClusterState = {
    statefulsets: byName(sets),
    pods: byName(more.pods ?? [0, 1, 2].map((ordinal) => aPod({ ordinal, ready: true }))),
    claims: byName(more.claims ?? [0, 1, 2].map((ordinal) => aClaim({ ordinal }))),
    services: byName(more.services ?? [aService()]),
    endpoints: new Map(),
    events: new Map(),
  }
  return sceneOf(state, SET)
}

const missesAfter = (action: LabAction, now: ReturnType<typeof scene>) =>
  nearMisses(action, ready, SET, { before: scene(), now })

describe('what is not quite what a task asks for', () => {
  it('is another number than the one asked for', () => {
    expect(missesAfter(scale, scene({ set: { replicas: 4 } }))).toEqual([
      'The set asks for 4 pods now; this task asks for 5.',
    ])
    expect(missesAfter(scale, scene({ set: { replicas: 5 } }))).toEqual([])
  })

  it('is another pod than the one asked for', () => {
    const pods = [aPod({ ordinal: 0, life: 2 }), aPod({ ordinal: 1 }), aPod({ ordinal: 2 })]
    expect(missesAfter(deleteOne, scene({ pods }))).toEqual([
      'web-0 was deleted; this task asks for web-1 to be deleted.',
    ])
  })

  it('is not a pod that goes because the set shrinks', () => {
    const pods = [aPod({ ordinal: 0 }), aPod({ ordinal: 1 }), aPod({ ordinal: 2, terminating: true })]
    expect(missesAfter(scale, scene({ set: { replicas: 2 }, pods }))).toEqual([
      'The set asks for 2 pods now; this task asks for 5.',
    ])
  })

  it('is the set itself deleted, once, and not its pods that go with it', () => {
    expect(missesAfter(deleteOne, scene({ set: null, pods: [] }))).toEqual([
      'StatefulSet web was deleted; this task asks for web-1 to be deleted.',
    ])
  })

  it('is a claim on its way out, with its data', () => {
    const claims = [aClaim({ ordinal: 0 }), aClaim({ ordinal: 1 })]
    expect(missesAfter(scale, scene({ claims }))[0]).toContain('was deleted, and its data with it')
  })

  it('is a pod deleted where its set has to go: it comes back', () => {
    const pods = [aPod({ ordinal: 0, life: 2 }), aPod({ ordinal: 1 }), aPod({ ordinal: 2 })]
    expect(missesAfter(cleanUp, scene({ pods }))[0]).toContain('makes that pod anew')
  })

  it('is the service of the set deleted, and nothing of what others have in the namespace', () => {
    expect(missesAfter(scale, scene({ services: [] }))).toEqual([
      'Service web-svc was deleted; this task asks for 5.',
    ])
    const theirs = {
      services: [aService(), aService({ name: 'theirs' })],
      claims: [0, 1, 2].map((ordinal) => aClaim({ ordinal })).concat(aClaim({ name: 'theirs' })),
    }
    expect(nearMisses(scale, ready, SET, { before: scene(theirs), now: scene() })).toEqual([])
  })

  it('is a service under another name than the one asked for', () => {
    const apply: LabAction = { do: 'apply', manifests: ['service.yaml'] }
    const until: LabGoal = { see: 'service', name: 'web-svc', headless: true }
    const now = scene({ set: null, pods: [], services: [aService({ name: 'web-scv' })] })
    const before = scene({ set: null, pods: [], services: [] })
    expect(nearMisses(apply, until, SET, { before, now })).toEqual([
      'Service web-scv is there now; this task asks for one called web-svc.',
    ])
  })

  it('is another image than the one asked for', () => {
    const update: LabAction = { do: 'set-image', container: 'app', image: 'busybox:1.28' }
    const running = (image: string) => scene({ set: { containers: [{ name: 'app', init: false, image }] } })
    expect(missesAfter(update, running('busybox:latest'))).toEqual([
      'The template names busybox:latest for container app now; this task asks for busybox:1.28 in container app.',
    ])
    expect(missesAfter(update, running('busybox:1.28'))).toEqual([])
  })

  it('is nothing of what the task asks for', () => {
    expect(missesAfter(cleanUp, scene({ set: null, pods: [] }))).toEqual([])
    const pods = [aPod({ ordinal: 0 }), aPod({ ordinal: 1, terminating: true }), aPod({ ordinal: 2 })]
    expect(missesAfter(deleteOne, scene({ pods }))).toEqual([])
  })
})
