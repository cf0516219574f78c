import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLive } from '../../../src/report/live.ts'
import { aClock, aTerminal, screenOf } from './fake-terminal.ts'
import { aPod, aRecorder, aSet, target } from './recordings.ts'

const time = /^\d\d:\d\d:\d\d /gm

describe('progress off a terminal', () => {
  it('is one plain line per change that means something, without any escape code', () => {
    const { terminal, stderr, stdout } = aTerminal({ colour: true })
    const live = createLive(terminal, aClock().clock)
    const r = aRecorder()
    r.timeline.append({ stream: 'statefulsets', type: 'listed', object: aSet() })
    r.listed('web-0')
    live.attach(r.timeline, target)
    live.phase('grow', 'growing by one')
    r.act({ do: 'scale', set: 'web', from: 1, to: 2 })
    r.timeline.append({ stream: 'statefulsets', type: 'modified', object: aSet({ generation: 2 }) })
    r.claim('www-web-1', 'added', { phase: 'Pending', volumeName: null })
    r.claim('www-web-1', 'modified')
    r.added('web-1')
    r.timeline.append({ stream: 'pods', type: 'modified', object: aPod({ name: 'web-1', node: 'node-2' }) })
    live.waiting('web-1 to be ready: ContainerCreating')
    live.waiting('web-1 to be ready: ContainerCreating')
    r.ready('web-1')
    r.ready('web-1')
    live.waiting(null)
    r.terminating('web-1')
    r.gone('web-1')
    live.stop()
    r.added('web-2')
    expect(stderr()).toMatch(/^(\d\d:\d\d:\d\d .*\n)+$/)
    expect(stderr().replace(time, '').trimEnd().split('\n')).toEqual([
      'statefulset/web is there, 3 replicas, OrderedReady',
      'pod/web-0 is there, ready',
      'growing by one',
      'sts-lab scales web from 1 to 2',
      'claim/www-web-1 added, Pending',
      'claim/www-web-1 Bound to pvc-www-web-1',
      'pod/web-1 added',
      'waiting: web-1 to be ready: ContainerCreating',
      'pod/web-1 ready',
      'pod/web-1 terminating',
      'pod/web-1 gone',
    ])
    expect(stderr()).not.toContain('\u001b')
    expect(stdout()).toBe('')
  })

  it('tells of a lost connection', () => {
    const { terminal, stderr } = aTerminal()
    const live = createLive(terminal, aClock().clock)
    const r = aRecorder()
    live.attach(r.timeline, target)
    r.timeline.append({ stream: 'pods', type: 'gap', reason: '410 Gone' })
    expect(stderr()).toContain('connection lost, pods listed again (410 Gone)')
  })

  it('does not repeat as a warning what is to be expected of a pod that is being stopped', () => {
    const { terminal, stderr } = aTerminal()
    const live = createLive(terminal, aClock().clock)
    const r = aRecorder()
    live.attach(r.timeline, target)
    const warn = (name: string, reason: string) =>
      r.timeline.append({
        stream: 'events',
        type: 'added',
        object: {
          kind: 'Event',
          namespace: 'statefulset-lab',
          name: `${name}.1`,
          uid: `${name}-${reason}`,
          resourceVersion: '1',
          warning: true,
          reason,
          message: 'it said so',
          count: 1,
          about: { kind: 'Pod', name, uid: `${name}-uid-1` },
          lastSeen: null,
        },
      })
    r.listed('web-0')
    r.listed('web-1')
    r.terminating('web-1')
    warn('web-0', 'Unhealthy')
    warn('web-1', 'Unhealthy')
    expect(stderr()).toContain('pod/web-0 Unhealthy: it said so')
    expect(stderr()).not.toContain('pod/web-1 Unhealthy')
  })

  it('says nothing when it is to be silent', () => {
    const { terminal, stderr } = aTerminal({ interactive: true })
    const live = createLive(terminal, aClock().clock, { silent: true })
    live.phase('grow', 'growing')
    live.say('said')
    live.stop()
    expect(stderr()).toBe('')
  })
})

describe('progress on a terminal', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const start = (options: Parameters<typeof createLive>[2] = {}) => {
    const size = { columns: 80 }
    const tty = aTerminal({ interactive: true })
    const terminal = Object.defineProperty({ ...tty.terminal }, 'columns', { get: () => size.columns })
    const { clock, advance } = aClock()
    const live = createLive(terminal, clock, options)
    const r = aRecorder()
    r.timeline.append({ stream: 'statefulsets', type: 'listed', object: aSet() })
    r.listed('web-0')
    const pass = (ms: number): void => {
      for (let step = 0; step < ms; step += 10) {
        advance(10)
        vi.advanceTimersByTime(10)
      }
    }
    return {
      live,
      r,
      size,
      pass,
      terminal,
      written: tty.stderr,
      stdout: tty.stdout,
      screen: () => screenOf(tty.stderr()),
    }
  }

  it('shows the present state, redrawn in place', () => {
    const { live, r, pass, screen } = start()
    live.phase('grow', 'growing')
    live.attach(r.timeline, target)
    pass(200)
    r.added('web-1')
    pass(200)
    r.ready('web-1')
    pass(200)
    const lines = screen().lines
    expect(lines.filter((line) => line.includes('growing'))).toHaveLength(1)
    expect(lines.filter((line) => /[●○] web-1/.test(line))).toHaveLength(1)
    expect(lines.find((line) => line.includes('● web-1'))).toContain('Ready')
    expect(screen().cursor).toBe(false)
    live.stop()
  })

  it('draws at most 20 times a second, however much happens', () => {
    const { live, r, pass, terminal } = start()
    const err = vi.spyOn(terminal, 'err')
    live.phase('grow', 'growing')
    live.attach(r.timeline, target)
    for (let n = 0; n < 500; n += 1) {
      r.timeline.append({
        stream: 'pods',
        type: 'modified',
        object: aPod({ name: 'web-0', ips: [`10.0.0.${n}`] }),
      })
      if (n % 5 === 0) pass(10)
    }
    expect(err.mock.calls.length).toBeLessThanOrEqual(21)
    expect(err.mock.calls.length).toBeGreaterThan(5)
    live.stop()
  })

  it('writes nothing while nothing changes', () => {
    const { live, r, pass, written } = start()
    live.attach(r.timeline, { ...target, name: 'another', uid: null })
    pass(300)
    const before = written()
    pass(3000)
    expect(written()).toBe(before)
    live.stop()
  })

  it('takes the board away at the end, shows the cursor, and never draws again', () => {
    const { live, r, pass, screen, written } = start()
    live.say('before')
    live.phase('grow', 'growing')
    live.attach(r.timeline, target)
    pass(200)
    live.stop()
    expect(screen()).toEqual({ lines: ['before', ''], cursor: true })
    const end = written()
    r.added('web-9')
    live.phase('late', 'late')
    live.say('late')
    live.resume()
    live.stop()
    pass(1000)
    expect(written()).toBe(end)
  })

  it('leaves the last board where it is when asked to keep it', () => {
    const { live, r, pass, screen } = start({ keep: true })
    live.attach(r.timeline, target)
    pass(200)
    r.gone('web-0')
    live.stop()
    expect(screen().lines.join('\n')).toContain('pod/web-0 gone')
    expect(screen().lines.join('\n')).not.toContain('● web-0')
    expect(screen().cursor).toBe(true)
  })

  it('keeps lines that are said above the board', () => {
    const { live, r, pass, screen } = start()
    live.phase('grow', 'growing')
    live.attach(r.timeline, target)
    pass(200)
    live.say('first')
    pass(200)
    live.say('second')
    pass(200)
    const lines = screen().lines
    expect(lines.slice(0, 2)).toEqual(['first', 'second'])
    expect(lines[2]).toContain('growing')
    expect(lines.filter((line) => line.includes('growing'))).toHaveLength(1)
    live.stop()
  })

  it('makes way for a prompt and comes back', () => {
    const { live, r, pass, screen, written } = start()
    live.phase('grow', 'growing')
    live.attach(r.timeline, target)
    pass(200)
    live.pause()
    expect(screen()).toEqual({ lines: [''], cursor: true })
    const prompt = written()
    r.added('web-1')
    pass(500)
    expect(written()).toBe(prompt)
    live.resume()
    expect(screen().lines.join('\n')).toContain('web-1')
    live.stop()
  })

  it('draws the whole board anew, from its top, when the terminal becomes narrower', () => {
    const { live, r, pass, size, written, screen } = start()
    live.phase('grow', 'growing by two, which is a text of more than forty columns')
    live.attach(r.timeline, target)
    pass(200)
    const before = written().length
    const drawn = screen().lines.slice(0, -1)
    const broken = drawn.filter((line) => line.length > 40)
    expect(broken.length).toBeGreaterThan(1)
    size.columns = 40
    pass(200)
    const redrawn = written().slice(before)
    expect(redrawn).toMatch(/^\r\u001b\[\d+A\u001b\[J/)
    // No line was wider than two of the new ones.
    const height = Number(/\u001b\[(\d+)A/.exec(redrawn)?.[1])
    expect(height).toBe(drawn.length + broken.length)
    for (const line of screenOf(redrawn).lines) expect(line.length).toBeLessThan(40)
    live.stop()
  })
})
