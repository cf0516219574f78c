import { describe, expect, it } from 'vitest'
import { aPod } from '../../../helpers/builders.ts'
import {
  judgeStory as judge,
  pageSeen as page,
  podSeen as pod,
  setSeen as set,
} from '../../../helpers/check-story.ts'

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

describe('own-page', () => {
  const pages = (...texts: string[]) => texts.map((text, ordinal) => page('pod', `web-${ordinal}`, { text }))

  it('passes when each pod answers with a page that names it', () => {
    const story = pages('<h1>web-0', 'this is web-1', 'web-2')
    expect(judge('own-page', set('listed'), ...ready, ...story).verdict).toBe('pass')
  })

  it('fails with the pod that shows the page of another, one of nobody, or none', () => {
    const reason = (...texts: string[]) =>
      judge('own-page', set('listed'), ...ready, ...pages(...texts)).reason
    expect(reason('web-0', 'web-0', 'web-2')).toBe('web-1 answers with the page of web-0: "web-0"')
    expect(reason('web-0', 'web-1', 'hello')).toBe('web-2 answers with a page that does not name it: "hello"')
    const silent = page('pod', 'web-0', { pages: 0, text: 'Connection refused' })
    expect(
      judge('own-page', set('listed'), ...ready, ...pages('web-0', 'web-1', 'web-2'), silent),
    ).toMatchObject({
      verdict: 'fail',
      reason: 'web-0 does not answer on port 80: Connection refused',
    })
  })

  it('cannot tell where nobody asked', () => {
    expect(judge('own-page', set('listed'), ...ready, ...pages('web-0')).verdict).toBe('inconclusive')
    expect(judge('own-page', set('listed')).verdict).toBe('inconclusive')
  })
})

describe('answers-from-settings', () => {
  const one = set('listed', { replicas: 1 })
  const withSettings = pod('listed', { ready: true, configMaps: ['greeting'] })
  const settings = (values: Record<string, string>) =>
    ({
      stream: 'run',
      type: 'reading',
      reading: { read: 'settings', configMap: 'greeting', values },
    }) as const
  const hello = settings({ other: '', text: 'Hello\nfrom web\n' })

  it('passes when the page has what a setting says, however it is broken into lines', () => {
    const story = [one, withSettings, hello, page('pod', 'web-0', { text: '<h1>Hello  from web</h1>' })]
    expect(judge('answers-from-settings', ...story).verdict).toBe('pass')
  })

  it('fails when the pod takes no settings, answers something else, or not at all', () => {
    const text = 'Hello from web'
    expect(
      judge(
        'answers-from-settings',
        one,
        pod('listed', { ready: true }),
        hello,
        page('pod', 'web-0', { text }),
      ).reason,
    ).toBe('web-0 takes no settings: its template names no ConfigMap')
    const answered = (facts: Parameters<typeof page>[2]) =>
      judge('answers-from-settings', one, withSettings, hello, page('pod', 'web-0', facts)).reason
    expect(answered({ text: 'Welcome' })).toBe('web-0 answers "Welcome", which is no setting of greeting')
    expect(answered({ pages: 0, text: '404' })).toBe('web-0 does not answer on port 80: 404')
  })

  it('cannot tell where neither page nor settings were read', () => {
    expect(judge('answers-from-settings', one, withSettings, hello).verdict).toBe('inconclusive')
    expect(judge('answers-from-settings', one, withSettings, page('pod', 'web-0')).verdict).toBe(
      'inconclusive',
    )
  })
})
