import { describe, expect, it } from 'vitest'
import { type BoardView, boardLines } from '../../../src/report/board.ts'
import { cellWidth } from '../../../src/report/layout.ts'
import { createPaint } from '../../../src/report/paint.ts'
import type { ContainerFacts, EndpointsFacts, ServiceFacts } from '../../../src/timeline/facts.ts'
import { MovingState } from '../../../src/timeline/state.ts'
import { aClaim, aPod, aSet, target } from './recordings.ts'

const now = new Date('2026-11-20T20:02:05Z')
const options = { columns: 100, rows: 30, now, paint: createPaint(false), unicode: true }

const aContainer = (reason: string): ContainerFacts => ({
  name: 'nginx',
  init: false,
  image: 'nginx:1.21',
  state: 'waiting',
  ready: false,
  reason,
  message: null,
  restarts: 0,
  lastExitCode: null,
  lastExitReason: null,
  startedAt: null,
  hasReadinessProbe: false,
  readinessCommand: null,
})

const aService: ServiceFacts = {
  kind: 'Service',
  namespace: 'statefulset-lab',
  name: 'nginx',
  uid: 'service-uid',
  resourceVersion: '1',
  labels: {},
  type: 'ClusterIP',
  clusterIP: 'None',
  headless: true,
  selector: { app: 'web' },
  ports: [],
  publishNotReadyAddresses: false,
  sticky: false,
  deletionTimestamp: null,
}

const someEndpoints: EndpointsFacts = {
  kind: 'Endpoints',
  namespace: 'statefulset-lab',
  name: 'nginx',
  uid: 'endpoints-uid',
  resourceVersion: '1',
  ready: [{ ip: '10.2.0.4', hostname: 'web-0', pod: 'web-0' }],
  notReady: [],
}

function aView(fields: Partial<BoardView> = {}): BoardView & { readonly state: MovingState } {
  const state = new MovingState()
  state.statefulsets.set('web', aSet())
  state.services.set('nginx', aService)
  state.endpoints.set('nginx', someEndpoints)
  state.pods.set('web-0', aPod({ name: 'web-0', ready: true }))
  state.pods.set('web-1', aPod({ name: 'web-1', containers: [aContainer('ContainerCreating')] }))
  state.claims.set('www-web-0', aClaim({ name: 'www-web-0' }))
  state.claims.set('www-web-2', aClaim({ name: 'www-web-2' }))
  return { target, phase: null, waiting: null, news: [], ...fields, state }
}

const lineWith = (lines: readonly string[], text: string): string =>
  lines.find((line) => line.includes(text)) ?? ''

describe('the board', () => {
  it('shows each pod with state, age, address, claim and volume', () => {
    const lines = boardLines(aView(), options)
    expect(lineWith(lines, 'web-0')).toMatch(
      /● web-0 +Ready +2m05s +10\.2\.0\.4 +www-web-0 +Bound pvc-www-web-0/,
    )
    expect(lineWith(lines, 'web-1')).toMatch(/○ web-1 +ContainerCreating +2m05s +- /)
  })

  it('shows the set, its service and the endpoints', () => {
    expect(boardLines(aView(), options)[0]).toBe(
      'StatefulSet web  1/3 ready  OrderedReady, service nginx headless, 1 endpoint',
    )
  })

  it('says that the service a set names is missing', () => {
    const view = aView()
    view.state.services.clear()
    expect(boardLines(view, options)[0]).toContain('service nginx is missing')
  })

  it('keeps showing a claim whose pod is gone', () => {
    expect(lineWith(boardLines(aView(), options), 'www-web-2')).toMatch(/no pod .*www-web-2 +Bound/)
  })

  it('shows pods that are in trouble, terminating or not ready as such', () => {
    const view = aView()
    view.state.pods.set('web-1', aPod({ name: 'web-1', containers: [aContainer('CrashLoopBackOff')] }))
    view.state.pods.set(
      'web-0',
      aPod({ name: 'web-0', ready: true, deletionTimestamp: '2026-11-20T20:02:00Z' }),
    )
    const lines = boardLines(view, options)
    expect(lineWith(lines, 'web-1')).toMatch(/✘ web-1 +CrashLoopBackOff/)
    expect(lineWith(lines, 'web-0')).toMatch(/▽ web-0 +Terminating/)
    expect(lines[0]).toContain('0/3 ready')
  })

  it('takes a pod that cannot be scheduled for trouble only after a while', () => {
    const view = aView()
    const unschedulable = { reason: 'Unschedulable', message: 'unbound claim' }
    view.state.pods.set('web-0', aPod({ name: 'web-0', unschedulable, createdAt: '2026-11-20T20:02:00Z' }))
    view.state.pods.set('web-1', aPod({ name: 'web-1', unschedulable, createdAt: '2026-11-20T20:01:00Z' }))
    const lines = boardLines(view, options)
    expect(lineWith(lines, 'web-0')).toMatch(/○ web-0 +Unschedulable/)
    expect(lineWith(lines, 'web-1')).toMatch(/✘ web-1 +Unschedulable/)
  })

  it('leaves out pods that are not the set’s, unless it shows a namespace', () => {
    const view = aView()
    view.state.pods.set('other', aPod({ name: 'other', controller: null, ready: true }))
    expect(boardLines(view, options).join()).not.toContain('other')
    const whole = { ...view, target: { ...target, name: null, uid: null } }
    expect(boardLines(whole, options).join()).toContain('other')
  })

  it('puts the phase, its time and what it waits for on top', () => {
    const phase = { text: 'growing by two', elapsedMs: 12_900, spinner: '*' }
    const lines = boardLines(
      aView({ phase, waiting: 'waiting for web-1 to be ready: ContainerCreating' }),
      options,
    )
    expect(lines.slice(0, 2)).toEqual([
      '* growing by two  12s',
      '  waiting for web-1 to be ready: ContainerCreating',
    ])
  })

  it('says that there is no set, or that it is gone and its pods are not', () => {
    const state = new MovingState()
    expect(boardLines({ ...aView(), state }, options)).toEqual([
      'No StatefulSet in namespace statefulset-lab.',
    ])
    for (const name of ['web-1', 'web-0']) state.pods.set(name, aPod({ name }))
    expect(boardLines({ ...aView(), state }, options)).toEqual([
      'The StatefulSet is gone; still there: web-0, web-1',
    ])
  })

  it.each([
    [20, 8],
    [40, 10],
    [80, 24],
    [200, 60],
  ])('fits %i columns and %i rows with 30 pods and long names', (columns, rows) => {
    const view = aView({
      news: Array.from({ length: 9 }, (_, n) => `12:00:0${n} pod/web-${n} added ${'x'.repeat(80)}`),
    })
    const name = 'a-name-as-long-as-kubernetes-lets-a-set-have-it-which-is-fifty'
    for (let n = 0; n < 30; n += 1) {
      view.state.pods.set(`${name}-${n}`, aPod({ name: `${name}-${n}`, ips: ['fd00:1234:5678::ffff'] }))
      view.state.claims.set(`www-${name}-${n}`, aClaim({ name: `www-${name}-${n}` }))
    }
    const lines = boardLines(
      { ...view, target: { ...target, name: null, uid: null } },
      { ...options, columns, rows },
    )
    expect(lines.length).toBeLessThanOrEqual(rows)
    for (const line of lines) expect(cellWidth(line)).toBeLessThanOrEqual(columns)
    if (rows < 30) expect(lines.join('\n')).toMatch(/and \d+ more/)
  })
})
