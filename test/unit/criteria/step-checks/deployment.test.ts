import { describe, expect, it } from 'vitest'
import {
  copySeen as copy,
  endpointsSeen as endpoints,
  judgeStory as judge,
  judgeLaterStory as judgeLater,
  pageSeen as page,
  podSeen as pod,
  serviceSeen as service,
  setSeen as set,
} from '../../../helpers/check-story.ts'

const three = ['web-a', 'web-b', 'web-c']
const copies = three.map((name) => copy(name, true))
const numbered = [0, 1, 2].map((ordinal) => pod('listed', { ordinal, ready: true }))

describe('runs-as-deployment', () => {
  it('passes with as many pods as the set had, also when it was scaled down first', () => {
    const story = [set('listed'), set('modified', { replicas: 0 }), set('deleted', { replicas: 0 })]
    expect(judge('runs-as-deployment', ...story, ...copies).verdict).toBe('pass')
    expect(judge('runs-as-deployment', ...story, ...copies.slice(1))).toMatchObject({
      verdict: 'fail',
      reason: '2 of 3 pods are ready; there are 2',
    })
  })

  it('fails while they are not ready', () => {
    expect(
      judge('runs-as-deployment', set('listed'), ...copies.slice(1), copy('web-a', false)),
    ).toMatchObject({
      verdict: 'fail',
      reason: '2 of 3 pods are ready; there are 3',
    })
  })

  it('fails when the pods are still those of the set', () => {
    expect(judge('runs-as-deployment', set('listed'), ...numbered)).toMatchObject({
      verdict: 'fail',
      reason: 'no pod belongs to a Deployment: web-0 belongs to StatefulSet web',
    })
  })

  it('fails when a ReplicaSet without a Deployment keeps them', () => {
    const bare = three.map((name) =>
      pod('added', { name, ready: true, controller: { kind: 'ReplicaSet', name: 'web', uid: 'rs' } }),
    )
    expect(judge('runs-as-deployment', ...bare)).toMatchObject({
      verdict: 'fail',
      reason: 'no pod belongs to a Deployment: web-a belongs to ReplicaSet web',
    })
  })

  it('asks for more than one pod where the set was gone before', () => {
    expect(judge('runs-as-deployment', ...copies.slice(0, 1)).verdict).toBe('fail')
    expect(judge('runs-as-deployment', ...copies.slice(0, 2)).verdict).toBe('pass')
  })

  it('asks for as many as the set had in an earlier recording', () => {
    const had = { replicas: 3, claims: {} }
    expect(judgeLater('runs-as-deployment', had, ...copies.slice(0, 2)).verdict).toBe('fail')
    expect(judgeLater('runs-as-deployment', had, ...copies).verdict).toBe('pass')
  })

  it('cannot tell from pods that nobody keeps', () => {
    expect(judge('runs-as-deployment', pod('listed', { ready: true, controller: null })).verdict).toBe(
      'inconclusive',
    )
  })
})

describe('set-removed', () => {
  it('passes when the set was seen to go, or others are at work in its place', () => {
    expect(judge('set-removed', set('listed'), set('deleted')).verdict).toBe('pass')
    expect(judge('set-removed', ...copies).verdict).toBe('pass')
  })

  it('fails while it is there, or only marked for deletion', () => {
    expect(judge('set-removed', set('listed'), ...copies).reason).toBe(
      'StatefulSet web is still there: 3 replicas',
    )
    const marked = set('modified', { deletionTimestamp: '2026-01-01T00:00:09Z' })
    expect(judge('set-removed', set('listed'), marked)).toMatchObject({ verdict: 'fail' })
    expect(judge('set-removed', set('listed'), marked).reason).toContain('is being deleted')
  })

  it('fails while pods of it are left', () => {
    expect(judge('set-removed', set('listed'), ...numbered.slice(0, 1), set('deleted'))).toMatchObject({
      verdict: 'fail',
      reason: 'pods of it are still there: web-0',
    })
  })
})

it('neither the set nor its claims are known to be gone by pods that are not ready, or that nobody keeps', () => {
  for (const check of ['set-removed', 'claims-removed']) {
    expect(judge(check, copy('web-a', false)).verdict).toBe('inconclusive')
    expect(judge(check, pod('listed', { ready: true, controller: null })).verdict).toBe('inconclusive')
  }
})

describe('service-spreads', () => {
  const normal = { headless: false, clusterIP: '10.96.0.9' }

  it('passes when a service with an address has all ready pods behind it, and a page for each request', () => {
    const story = [...copies, service(normal), endpoints('web-svc', ...three)]
    expect(judge('service-spreads', ...story, page('service', 'web-svc', { asked: 6 }))).toMatchObject({
      verdict: 'pass',
      reason: 'web-svc has the address 10.96.0.9 and 3 pods behind it, and answers on port 80',
    })
  })

  it('fails when no page comes, or not each time', () => {
    const story = [...copies, service(normal), endpoints('web-svc', ...three)]
    const text = "wget: can't connect: Connection refused"
    expect(
      judge('service-spreads', ...story, page('service', 'web-svc', { asked: 6, pages: 0, text })),
    ).toMatchObject({ verdict: 'fail', reason: `service web-svc never answers on port 80: ${text}` })
    expect(
      judge('service-spreads', ...story, page('service', 'web-svc', { asked: 6, pages: 4, text })).reason,
    ).toBe(`service web-svc answers 4 of 6 times on port 80: ${text}`)
  })

  it('is content with one port of several, and goes by what came last', () => {
    const story = [...copies, service(normal), endpoints('web-svc', ...three)]
    const silent = page('service', 'web-svc', { pages: 0 })
    const other = page('service', 'web-svc', { port: 8080 })
    expect(judge('service-spreads', ...story, silent, other).verdict).toBe('pass')
    expect(judge('service-spreads', ...story, page('service', 'web-svc'), silent).verdict).toBe('fail')
  })

  it('cannot tell where nobody asked, or only another service was asked', () => {
    const story = [...copies, service(normal), endpoints('web-svc', ...three)]
    expect(judge('service-spreads', ...story).verdict).toBe('inconclusive')
    expect(judge('service-spreads', ...story, page('service', 'other'))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'web-svc was not asked for a page',
    })
    const reading = { read: 'page-unavailable', reason: 'no image' } as const
    expect(judge('service-spreads', ...story, { stream: 'run', type: 'reading', reading }).reason).toBe(
      'nobody could ask for a page: no image',
    )
  })

  it('does not ask for the pods of a set that a Deployment has replaced', () => {
    const story = [...numbered, ...copies, service(normal), endpoints('web-svc', ...three)]
    expect(judge('service-spreads', ...story, page('service', 'web-svc')).verdict).toBe('pass')
  })

  it('fails when the only service is headless', () => {
    expect(judge('service-spreads', ...copies, service({}), endpoints('web-svc', ...three))).toMatchObject({
      verdict: 'fail',
      actual: 'only web-svc, headless',
    })
  })

  it('fails when each client keeps the pod that it got first', () => {
    const sticky = service({ ...normal, sticky: true })
    expect(judge('service-spreads', ...copies, sticky, endpoints('web-svc', ...three)).reason).toContain(
      'sessionAffinity ClientIP',
    )
  })

  it('fails with the pods that it leaves out', () => {
    expect(judge('service-spreads', ...copies, service(normal), endpoints('web-svc', 'web-a')).reason).toBe(
      'not behind service web-svc: web-b and web-c',
    )
    expect(judge('service-spreads', ...copies, service(normal)).verdict).toBe('fail')
  })

  it('cannot tell without a service, or without ready pods', () => {
    expect(judge('service-spreads', ...copies).verdict).toBe('inconclusive')
    expect(judge('service-spreads', copy('web-a', false), service(normal)).verdict).toBe('inconclusive')
  })
})
