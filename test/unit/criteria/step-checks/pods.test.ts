import { describe, expect, it } from 'vitest'
import { aPod } from '../../../helpers/builders.ts'
import { judgeStory as judge, podSeen as pod, setSeen as set } from '../../../helpers/check-story.ts'

const ready = [0, 1, 2].map((ordinal) => pod('listed', { ordinal, ready: true }))

describe('pods-ready', () => {
  it('passes when each pod that the set asks for is ready', () => {
    expect(judge('pods-ready', set('listed'), ...ready).verdict).toBe('pass')
  })

  it('fails with the pods that are missing', () => {
    expect(judge('pods-ready', set('listed'), ...ready.slice(0, 2))).toMatchObject({
      verdict: 'fail',
      reason: 'there is no web-2',
      actual: '2 of 3 ready',
    })
  })

  it('fails with what the scheduler says of a pod without a node', () => {
    const unschedulable = { reason: 'Unschedulable', message: 'unbound PersistentVolumeClaims' }
    const story = [set('listed', { replicas: 1 }), pod('listed', { unschedulable })]
    expect(judge('pods-ready', ...story).reason).toBe('web-0 has no node: unbound PersistentVolumeClaims')
  })

  it('fails with why a container waits, and how it ended before', () => {
    const containers = aPod().containers.map((container) => ({
      ...container,
      reason: 'CrashLoopBackOff',
      lastExitCode: 78,
    }))
    const story = [set('listed', { replicas: 1 }), pod('listed', { phase: 'Running', containers })]
    expect(judge('pods-ready', ...story).reason).toBe(
      'web-0 is Running, not ready (CrashLoopBackOff, last exit code 78)',
    )
  })

  it('fails with a pod that is ready and on its way out', () => {
    const leaving = pod('modified', { ordinal: 1, ready: true, terminating: true })
    expect(judge('pods-ready', set('listed'), ...ready, leaving).reason).toBe('web-1 is terminating')
  })

  it('does not count a pod of somebody else that has the name', () => {
    const foreign = pod('listed', { ordinal: 2, ready: true, controller: null })
    expect(judge('pods-ready', set('listed'), ...ready.slice(0, 2), foreign).reason).toBe('there is no web-2')
  })

  it('cannot tell of a set that is gone, or that asks for none', () => {
    expect(judge('pods-ready', set('listed'), ...ready, set('deleted')).verdict).toBe('inconclusive')
    expect(judge('pods-ready', set('listed', { replicas: 0 })).verdict).toBe('inconclusive')
  })
})

describe('readiness-probed', () => {
  const probed = aPod().containers.map((container) => ({ ...container, hasReadinessProbe: true }))

  it('passes when every pod has a probe', () => {
    expect(judge('readiness-probed', set('listed'), pod('listed', { containers: probed })).verdict).toBe(
      'pass',
    )
  })

  it('fails with the pods that have none', () => {
    const story = [pod('listed', { containers: probed }), pod('listed', { ordinal: 1, ready: true })]
    expect(judge('readiness-probed', set('listed'), ...story)).toMatchObject({
      verdict: 'fail',
      reason: 'no readiness probe: web-1',
    })
  })

  it('fails where the probe cannot say no', () => {
    const withCommand = (...readinessCommand: string[]) =>
      probed.map((each) => ({ ...each, readinessCommand }))
    const judged = (...command: string[]) =>
      judge('readiness-probed', set('listed'), pod('listed', { containers: withCommand(...command) }))
    expect(judged('sh', '-c', 'nslookup web-1 || true')).toMatchObject({
      verdict: 'fail',
      reason: 'the readiness probe of web-0 cannot fail: sh -c nslookup web-1 || true',
    })
    expect(judged('sh', '-c', 'nslookup web-1').verdict).toBe('pass')
  })

  it('cannot tell of a set without pods, nor from pods that are leaving', () => {
    const leaving = pod('listed', { containers: probed, terminating: true })
    expect(judge('readiness-probed', set('listed'), leaving).verdict).toBe('inconclusive')
  })
})
