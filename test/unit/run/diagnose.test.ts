import { describe, expect, it } from 'vitest'
import { createDiagnosis, type Diagnosis } from '../../../src/run/diagnose.ts'
import type { ContainerFacts, PodFacts, StatefulSetFacts } from '../../../src/timeline/facts.ts'
import { MovingState } from '../../../src/timeline/state.ts'
import { aClaim, anEvent, aPod, aSet, SET_UID } from '../../helpers/builders.ts'
import { HeldClock } from '../../helpers/held-clock.ts'

/** A set of two: web-0 is ready unless told otherwise, web-1 is what is wrong. */
function situation(set: Partial<StatefulSetFacts> = {}, readyPatienceMs: number | null = null, pace = 1) {
  const clock = new HeldClock()
  const state = new MovingState()
  const server = { lostForMs: 0 }
  const recording = { lostForMs: () => server.lostForMs }
  const diagnose = createDiagnosis({ clock, recording, pace }, readyPatienceMs)
  const facts = aSet({ replicas: 2, ...set })
  const pod = (seen: PodFacts) => state.pods.set(seen.name, seen)
  const event = (seen: ReturnType<typeof anEvent>) => state.events.set(seen.uid, seen)
  pod(aPod({ ordinal: 0, ready: true }))
  return { clock, state, pod, event, server, diagnose: (): Diagnosis | null => diagnose(state, facts) }
}

function withContainer(pod: PodFacts, container: Partial<ContainerFacts>): PodFacts {
  return { ...pod, containers: pod.containers.map((each) => ({ ...each, ...container })) }
}

/** A container that runs and is not ready. */
const running = (facts: Partial<PodFacts> = {}, container: Partial<ContainerFacts> = {}) =>
  withContainer(aPod({ ordinal: 1, phase: 'Running', ...facts }), {
    state: 'running',
    hasReadinessProbe: true,
    ...container,
  })

/** Hopeless after exactly this long, not a millisecond earlier. */
function expectPatience({ clock, diagnose }: ReturnType<typeof situation>, patienceMs: number): void {
  expect(diagnose()?.hopeless).toBe(false)
  clock.advance(patienceMs - 1)
  expect(diagnose()?.hopeless).toBe(false)
  clock.advance(1)
  expect(diagnose()?.hopeless).toBe(true)
}

describe('a set that is complete', () => {
  it('has nothing to diagnose', () => {
    const now = situation()
    now.pod(aPod({ ordinal: 1, ready: true }))
    expect(now.diagnose()).toBeNull()
  })

  it('has nothing to diagnose either where a pod is simply not there yet', () => {
    expect(situation().diagnose()).toBeNull()
  })
})

describe('an image that cannot be pulled', () => {
  const waiting = (reason: string) =>
    withContainer(aPod({ ordinal: 1 }), { image: 'nginx:9.99', reason, message: 'not\u001b found' })

  it('is named with pod, container and what the kubelet said, without control characters', () => {
    const now = situation()
    now.pod(waiting('ImagePullBackOff'))
    const reason = now.diagnose()?.reason
    expect(reason).toMatch(/^web-1: container app cannot start: image "nginx:9\.99" cannot be pulled/)
    expect(reason).toContain('found')
    expect(reason).not.toMatch(/\p{Cc}/u)
  })

  it('is hopeless after 5 s, although its reason changes to and fro', () => {
    const now = situation()
    now.pod(waiting('ErrImagePull'))
    expect(now.diagnose()?.hopeless).toBe(false)
    now.clock.advance(3_000)
    now.pod(waiting('ImagePullBackOff'))
    expect(now.diagnose()?.hopeless).toBe(false)
    now.clock.advance(2_000)
    expect(now.diagnose()?.hopeless).toBe(true)
  })

  it('gets its time anew in another pod of the same name', () => {
    const now = situation()
    now.pod(waiting('ImagePullBackOff'))
    now.diagnose()
    now.clock.advance(5_000)
    now.pod({ ...waiting('ImagePullBackOff'), uid: 'web-1#2' })
    expect(now.diagnose()?.hopeless).toBe(false)
  })
})

describe('a container that crashes', () => {
  const crashing = (restarts: number) =>
    withContainer(aPod({ ordinal: 1 }), { reason: 'CrashLoopBackOff', restarts, lastExitCode: 137 })

  it.each([
    [1, 12_000],
    [2, 3_000],
  ])('with %i restarts is hopeless after %i ms', (restarts, patienceMs) => {
    const now = situation()
    now.pod(crashing(restarts))
    expectPatience(now, patienceMs)
  })

  it('is told with its exit code and restarts', () => {
    const now = situation()
    now.pod(crashing(2))
    expect(now.diagnose()?.reason).toContain('(CrashLoopBackOff): exit code 137, 2 restarts')
  })

  it('is not given up between two crashes of its first three', () => {
    const now = situation()
    const ended = { state: 'terminated', restarts: 2, lastExitCode: 1, lastExitReason: 'Error' } as const
    now.pod(withContainer(aPod({ ordinal: 1 }), ended))
    expect(now.diagnose()?.reason).toContain('ended with exit code 1 (Error)')
    now.clock.advance(600_000)
    expect(now.diagnose()?.hopeless).toBe(false)
  })
})

describe('a container that runs and is not ready', () => {
  it('gets a minute', () => {
    const now = situation()
    now.pod(running())
    expect(now.diagnose()?.reason).toContain('its readiness probe has not succeeded')
    expectPatience(now, 60_000)
  })

  it('gets what its probes may honestly take, and half a minute', () => {
    const now = situation()
    now.pod(running({ readinessBudgetMs: 90_000 }))
    expectPatience(now, 120_000)
  })

  it('gets what the person said, whatever its probes say', () => {
    const now = situation({}, 7_000)
    now.pod(running({ readinessBudgetMs: 90_000 }))
    expectPatience(now, 7_000)
  })

  it('has used up its time already where it has run unready for long before we came', () => {
    const now = situation()
    now.clock.advance(100_000)
    now.pod(running({}, { startedAt: new Date(40_000).toISOString() }))
    expect(now.diagnose()?.hopeless).toBe(true)
  })
})

describe('on a simulated cluster whose time runs twenty times as fast', () => {
  const fast = (readyPatienceMs: number | null = null) => situation({}, readyPatienceMs, 20)

  it('a long patience is one of its own time', () => {
    const now = fast()
    now.pod(running({ readinessBudgetMs: 90_000 }))
    expectPatience(now, 120_000 / 20)
  })

  it('3 s are given at least, since requests and this machine are as slow as ever', () => {
    const now = fast()
    now.pod(withContainer(aPod({ ordinal: 1 }), { reason: 'ErrImagePull' }))
    expectPatience(now, 3_000)
  })

  it('what the person said is meant in theirs', () => {
    const now = fast(7_000)
    now.pod(running({}))
    expectPatience(now, 7_000)
  })

  it('its times say nothing about how long a container has run by ours', () => {
    const now = fast()
    now.clock.advance(100_000)
    now.pod(running({}, { startedAt: new Date(0).toISOString() }))
    expect(now.diagnose()?.hopeless).toBe(false)
  })
})

describe('a pod that cannot be placed', () => {
  it('is told in the words of the scheduler, and hopeless after 15 s', () => {
    const now = situation()
    const unschedulable = { reason: 'Unschedulable', message: '0/1 nodes are available: 1 Insufficient cpu.' }
    now.pod(aPod({ ordinal: 1, unschedulable }))
    expect(now.diagnose()?.reason).toBe(`web-1 cannot be scheduled: ${unschedulable.message}`)
    expectPatience(now, 15_000)
  })
})

describe('a claim that stays Pending', () => {
  const pending = aClaim({ ordinal: 1, phase: 'Pending', storageClass: 'fast' })
  const about = { kind: 'PersistentVolumeClaim', name: pending.name, uid: pending.uid }

  function waitingForClaim() {
    const now = situation()
    const unschedulable = { reason: 'Unschedulable', message: 'pod has unbound PersistentVolumeClaims' }
    now.pod(aPod({ ordinal: 1, unschedulable }))
    now.state.claims.set(pending.name, pending)
    return now
  }

  it('is what is told where provisioning failed, and not that the pod cannot be scheduled', () => {
    const now = waitingForClaim()
    now.event(anEvent({ about, reason: 'ProvisioningFailed', message: 'storageclass "fast" not found' }))
    expect(now.diagnose()?.reason).toBe(
      'claim data-web-1 is Pending with StorageClass "fast": storageclass "fast" not found',
    )
    expectPatience(now, 8_000)
  })

  it('is not blamed for waiting for its first consumer', () => {
    const now = waitingForClaim()
    now.event(anEvent({ about, warning: false, reason: 'WaitForFirstConsumer', message: 'waits' }))
    expect(now.diagnose()?.reason).toContain('cannot be scheduled')
  })

  it('is not blamed for the troubles of a claim that had its name before', () => {
    const now = waitingForClaim()
    now.event(anEvent({ about: { ...about, uid: 'an older one' }, reason: 'ProvisioningFailed' }))
    expect(now.diagnose()?.reason).toContain('cannot be scheduled')
  })
})

describe('a pod that cannot be created', () => {
  it('is told with the refusal, and hopeless after 8 s', () => {
    const now = situation()
    const about = { kind: 'StatefulSet', name: 'web', uid: SET_UID }
    now.event(anEvent({ about, reason: 'FailedCreate', message: 'exceeded quota: pods=1', lastSeen: '2' }))
    now.event(anEvent({ about, uid: 'event-0', reason: 'FailedCreate', message: 'older', lastSeen: '1' }))
    expect(now.diagnose()?.reason).toBe('web-1 cannot be created: exceeded quota: pods=1')
    expectPatience(now, 8_000)
  })

  it('may have a stranger in its place', () => {
    const now = situation()
    now.pod(aPod({ ordinal: 1, ready: true, controller: null }))
    expect(now.diagnose()?.reason).toContain('a pod named web-1 exists that does not belong to StatefulSet')
    expectPatience(now, 8_000)
  })
})

describe('a pod that is on its way out', () => {
  it('gets a minute beyond twice its grace period', () => {
    const now = situation()
    now.pod(aPod({ ordinal: 1, ready: true, terminating: true, gracePeriodSeconds: 20 }))
    expect(now.diagnose()?.reason).toBe('web-1 is terminating (grace period 20 s)')
    expectPatience(now, 100_000)
  })
})

describe('a volume that cannot be mounted', () => {
  it('is told while the container is being created, and hopeless after 30 s', () => {
    const now = situation()
    const pod = withContainer(aPod({ ordinal: 1 }), { reason: 'ContainerCreating' })
    now.pod(pod)
    expect(now.diagnose()).toEqual({ reason: 'web-1 is starting (Pending)', hopeless: false })
    const about = { kind: 'Pod', name: pod.name, uid: pod.uid }
    now.event(anEvent({ about, reason: 'FailedMount', message: 'no such device' }))
    expect(now.diagnose()?.reason).toBe('web-1 cannot start: FailedMount: no such device')
    expectPatience(now, 30_000)
  })
})

describe('while the API server is away', () => {
  it('nothing is hopeless, and a cause has its whole patience again when it is back', () => {
    const now = situation()
    now.pod({ ...aPod({ ordinal: 1 }), unschedulable: { reason: 'Unschedulable', message: 'no room' } })
    expect(now.diagnose()?.hopeless).toBe(false)
    now.clock.advance(14_000)
    now.server.lostForMs = 5_000
    now.clock.advance(10_000)
    expect(now.diagnose()?.hopeless).toBe(false)
    now.server.lostForMs = 0
    expectPatience(now, 15_000)
  })
})
