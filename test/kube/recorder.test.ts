import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { interruptedError } from '../../src/errors.ts'
import { type NamespaceRecording, type RecordOptions, recordNamespace } from '../../src/kube/recorder.ts'
import type { ApiConnection } from '../../src/kube/transport.ts'
import { type Observation, STREAMS, type StreamName } from '../../src/timeline/observation.ts'
import { Timeline } from '../../src/timeline/timeline.ts'
import { CountingClock } from '../helpers/counting-clock.ts'
import { HeldClock } from '../helpers/held-clock.ts'
import {
  bookmark,
  cut,
  cutBeforeAnswer,
  errorLine,
  hold,
  line,
  list,
  refuse,
  ScriptedServer,
  type Step,
  silent,
  until,
  watch,
} from '../helpers/scripted-server.ts'
import { transportTo } from '../helpers/test-transport.ts'

const CORE = '/api/v1/namespaces/lab'
const PATHS: Readonly<Record<StreamName, string>> = {
  pods: `${CORE}/pods`,
  claims: `${CORE}/persistentvolumeclaims`,
  statefulsets: '/apis/apps/v1/namespaces/lab/statefulsets',
  services: `${CORE}/services`,
  endpoints: `${CORE}/endpoints`,
  events: `${CORE}/events`,
}

const object = (name: string, resourceVersion: number, uid = `uid-${name}`) => ({
  metadata: { name, namespace: 'lab', uid, resourceVersion: String(resourceVersion) },
})

let server: ScriptedServer
let transport: ApiConnection
let clock: CountingClock
let timeline: Timeline
let user: AbortController
const rejections: unknown[] = []
const onRejection = (reason: unknown) => rejections.push(reason)

beforeEach(async () => {
  server = await ScriptedServer.start()
  transport = transportTo(server)
  clock = new CountingClock()
  timeline = new Timeline(() => new Date(0))
  user = new AbortController()
  process.on('unhandledRejection', onRejection)
})

afterEach(async () => {
  transport.close()
  await server.allGone()
  await server.close()
  process.off('unhandledRejection', onRejection)
  expect(rejections.splice(0)).toEqual([])
  expect(clock.pending, 'timers left behind').toBe(0)
})

const record = (options: Partial<RecordOptions> = {}): Promise<NamespaceRecording> =>
  recordNamespace(transport, {
    namespace: 'lab',
    timeline,
    signal: user.signal,
    clock,
    random: () => 0.5,
    ...options,
    limits: { firstDelayMs: 1, maxDelayMs: 4, catchUpMs: 20, ...options.limits },
  })

const pods = (...steps: readonly Step[]) => server.script(PATHS.pods, ...steps)

/** Resolves with the first observation that fits, past or future. */
const observed = (fits: (observation: Observation) => boolean): Promise<Observation> =>
  new Promise((resolve) => {
    const past = timeline.observations.find(fits)
    if (past !== undefined) resolve(past)
    timeline.subscribe((observation) => {
      if (fits(observation)) resolve(observation)
    })
  })

const isAbout = (type: string, name: string) => (o: Observation) =>
  o.type === type && 'object' in o && o.object.name === name

const told = (): readonly string[] =>
  timeline.observations.map((o) =>
    'object' in o
      ? `${o.stream} ${o.type} ${o.object.name}@${o.object.resourceVersion}`
      : `${o.stream} ${o.type}`,
  )

describe('a recording', () => {
  it('lists every stream before it resolves, then appends the changes', async () => {
    for (const stream of STREAMS) {
      server.script(
        PATHS[stream],
        list([object(stream, 5)], '7'),
        watch(bookmark('8'), line('DELETED', object(stream, 9)), hold),
      )
    }
    const recording = await record()
    expect([...told()].filter((note) => note.includes('listed')).sort()).toEqual(
      STREAMS.map((stream) => `${stream} listed ${stream}@5`).sort(),
    )
    await Promise.all(STREAMS.map((stream) => observed(isAbout('deleted', stream))))
    expect(timeline.observations).toHaveLength(12)
    await recording.stop()
  })

  it('records only the streams that were asked for', async () => {
    const served = pods(list([], '7'), watch(hold))
    const recording = await record({ streams: ['pods'] })
    await served
    await recording.stop()
    expect(server.requests).toHaveLength(2)
  })

  it('appends a gap, what is there, and what has vanished when a stream must be listed anew', async () => {
    const steps = [
      list([object('web-0', 1), object('web-1', 2)], '7'),
      watch(
        line('ADDED', object('web-2', 8)),
        line('DELETED', object('web-0', 9)),
        errorLine(410, 'Expired'),
      ),
      list([object('web-1', 20, 'uid-second-life'), object('web-2', 8)], '30'),
      watch(line('MODIFIED', object('web-2', 31)), hold),
    ]
    pods(...steps)
    const recording = await record({ streams: ['pods'] })
    await observed(isAbout('modified', 'web-2'))
    expect(told()).toEqual([
      'pods listed web-0@1',
      'pods listed web-1@2',
      'pods added web-2@8',
      'pods deleted web-0@9',
      'pods gap',
      'pods listed web-1@20',
      'pods listed web-2@8',
      'pods vanished web-1@2',
      'pods modified web-2@31',
    ])
    await recording.stop()
  })

  it('survives an object that cannot be understood, and says that there is a gap', async () => {
    pods(
      list([object('web-0', 1), { metadata: { name: 'no-uid' } }, 'what is this'], '7'),
      watch(line('ADDED', { metadata: { resourceVersion: '8' } }), hold),
      list([object('web-0', 1)], '9'),
      watch(line('MODIFIED', object('web-0', 10)), hold),
    )
    const recording = await record({ streams: ['pods'] })
    await observed(isAbout('modified', 'web-0'))
    expect(told()).toEqual([
      'pods gap',
      'pods listed web-0@1',
      'pods gap',
      'pods listed web-0@1',
      'pods modified web-0@10',
    ])
    await recording.stop()
  })

  it('goes on without events where one may not read them', async () => {
    const served = pods(list([], '7'), watch(hold))
    server.script(PATHS.events, refuse(403, 'Forbidden'))
    const recording = await record({ streams: ['pods', 'events'] })
    await served
    expect(recording.lostForMs()).toBe(0)
    await recording.stop()
  })

  it('appends nothing after stop, and can be stopped twice', async () => {
    pods(list([], '7'), watch(line('ADDED', object('web-0', 8)), hold))
    const recording = await record({ streams: ['pods'] })
    await observed(isAbout('added', 'web-0'))
    await recording.stop()
    await recording.stop()
    expect(timeline.observations).toHaveLength(1)
  })

  it('ends quietly when the run is interrupted', async () => {
    const served = pods(list([], '7'), watch(hold))
    const recording = await record({ streams: ['pods'] })
    await served
    user.abort(interruptedError())
    await recording.stop()
  })
})

describe('a watch that does not tell all', () => {
  const types = () =>
    timeline.observations.map((each) =>
      each.stream === 'run' || each.type === 'gap' ? each.type : `${each.type} ${each.object.name}`,
    )
  const gap = () => timeline.observations.find((each) => each.type === 'gap')

  it.each([
    ['a change of what was never there', line('MODIFIED', object('web-1', 8)), 'web-1 was made'],
    ['the end of what was never there', line('DELETED', object('web-1', 8)), 'web-1 was made'],
    ['a namesake of what is there', line('ADDED', object('web-0', 8, 'another')), 'web-0 was gone'],
  ])('is found out by %s', async (_, event, untold) => {
    const served = pods(
      list([object('web-0', 7)], '7'),
      watch(event, hold),
      list([object('web-2', 9)], '9'),
      watch(hold),
    )
    const recording = await record({ streams: ['pods'] })
    await served
    await recording.stop()
    expect(types()).toEqual(['listed web-0', 'gap', 'listed web-2', 'vanished web-0'])
    expect(gap()).toMatchObject({ since: 1, reason: `the watch did not tell that ${untold}` })
  })

  it('is believed where a list says the same', async () => {
    pods(list([object('web-0', 7)], '7'), watch(hold), list([object('web-0', 7)], '9'))
    const recording = await record({ streams: ['pods'] })
    expect(await recording.confirm(user.signal)).toBe(true)
    await recording.stop()
    expect(types()).toEqual(['listed web-0'])
  })

  it('is believed where it tells in time, or more than the list', async () => {
    let tell: (() => void) | undefined
    const asked = new Promise<void>((resolve) => {
      tell = resolve
    })
    const events = [line('MODIFIED', object('web-0', 8)), line('DELETED', object('web-1', 9))]
    pods(
      list([object('web-0', 7), object('web-1', 6)], '7'),
      watch(until(asked), ...events, line('ADDED', object('web-2', 10)), hold),
      () => {
        tell?.()
        return list([object('web-0', 8), object('web-1', 6)], '8')
      },
    )
    const recording = await record({ streams: ['pods'], clock: new HeldClock() })
    expect(await recording.confirm(user.signal)).toBe(true)
    await recording.stop()
  })

  it.each([
    ['a change', [object('web-0', 8), object('web-1', 6)], 'a change of web-0'],
    ['something new', [object('web-0', 7), object('web-1', 6), object('web-2', 8)], 'a change of web-2'],
    ['an end', [object('web-0', 7)], 'the end of web-1'],
  ])('is listed anew where it keeps %s to itself', async (_, now, missing) => {
    const served = pods(
      list([object('web-0', 7), object('web-1', 6)], '7'),
      watch(hold),
      list(now, '8'),
      list(now, '8'),
      watch(hold),
    )
    const recording = await record({ streams: ['pods'] })
    expect(await recording.confirm(user.signal)).toBe(false)
    await served
    await recording.stop()
    expect(gap()).toMatchObject({ since: 2, reason: `the watch had not told of ${missing}` })
  })
})

describe('a connection that is lost', () => {
  it('shows in lostForMs, with the reason, until it is back', async () => {
    let back: (() => void) | undefined
    const comeBack = new Promise<void>((resolve) => {
      back = resolve
    })
    const refused = pods(list([], '7'), watch(cut), refuse(503, 'X'), refuse(403, 'Forbidden'))
    server.always(PATHS.pods, () => refuse(503, 'X'))
    const recording = await record({ streams: ['pods'] })
    await refused
    expect(recording.lostForMs()).toBeGreaterThan(0)
    expect(recording.lastTrouble()?.message).toBeTypeOf('string')
    server.always(PATHS.pods, () => {
      back?.()
      return watch(line('ADDED', object('web-0', 8)), hold)
    })
    await comeBack
    await observed(isAbout('added', 'web-0'))
    expect(recording.lostForMs()).toBe(0)
    expect(recording.lastTrouble()).toBeNull()
    await recording.stop()
  })

  it('does not count while only the events are away', async () => {
    const served = pods(list([], '7'), watch(hold))
    const away = server.script(PATHS.events, list([], '7'), refuse(500, 'X'), refuse(500, 'X'))
    server.always(PATHS.events, refuse(500, 'X'))
    const recording = await record({ streams: ['pods', 'events'] })
    await Promise.all([served, away])
    expect(recording.lostForMs()).toBe(0)
    await recording.stop()
  })
})

describe('a recording that cannot begin', () => {
  const codeOf = async (recording: Promise<unknown>): Promise<unknown> =>
    recording.then(
      () => 'resolved',
      (error: { code: unknown }) => error.code,
    )

  it.each([
    [403, 'Forbidden', 'forbidden'],
    [404, 'NotFound', 'not-found'],
  ])('because of %i rejects, and leaves no other stream running', async (status, reason, code) => {
    server.script(PATHS.claims, refuse(status, reason))
    server.always(PATHS.pods, (request) => (request.from === undefined ? list([], '7') : watch(hold)))
    expect(await codeOf(record({ streams: ['pods', 'claims'] }))).toBe(code)
    expect(timeline.observations).toEqual([])
  })

  it('because nobody answers rejects after its patience', async () => {
    server.always(PATHS.pods, cutBeforeAnswer)
    expect(await codeOf(record({ streams: ['pods'], limits: { patienceMs: 30 } }))).toBe('connection-lost')
  })

  it('because it is interrupted rejects with that', async () => {
    const asked = pods(silent)
    const recording = record({ streams: ['pods'] })
    await asked
    user.abort(interruptedError())
    expect(await codeOf(recording)).toBe('interrupted')
  })

  it('because it was interrupted before rejects without a request', async () => {
    user.abort(interruptedError())
    expect(await codeOf(record())).toBe('interrupted')
    expect(server.requests).toEqual([])
  })
})

it('a listener that throws ends its stream, which shows in lostForMs and in stop', async () => {
  pods(list([], '7'), watch(line('ADDED', object('web-0', 8)), hold))
  const recording = await record({ streams: ['pods'] })
  const thrown = new Promise<void>((resolve) => {
    timeline.subscribe(() => {
      resolve()
      throw new TypeError('a bug')
    })
  })
  await thrown
  await new Promise(setImmediate)
  expect(recording.lostForMs()).toBeGreaterThan(0)
  await expect(recording.stop()).rejects.toThrow('a bug')
})
