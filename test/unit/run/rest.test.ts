import { describe, expect, it } from 'vitest'
import { watchRest } from '../../../src/run/rest.ts'
import { RUN_LABEL } from '../../../src/run/session.ts'
import { Timeline } from '../../../src/timeline/timeline.ts'
import { anEvent, aPod, aService } from '../../helpers/builders.ts'
import { HeldClock } from '../../helpers/held-clock.ts'

function begin() {
  const clock = new HeldClock()
  const timeline = new Timeline(() => clock.now())
  const rest = watchRest(timeline, clock)
  const change = () => timeline.append({ stream: 'services', type: 'added', object: aService() })
  return { clock, timeline, rest, change }
}

/** Lets what was woken run. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('a rest', () => {
  it('comes a second and a half after the last change, not after the first', async () => {
    const { clock, rest, change } = begin()
    let rested: boolean | null = null
    rest.next(0, () => true, new AbortController().signal).then((atRest) => (rested = atRest))
    change()
    await settle()
    clock.advance(1_000)
    await settle()
    change()
    clock.advance(1_000)
    await settle()
    expect(rested).toBeNull()
    clock.advance(500)
    await settle()
    expect(rested).toBe(true)
  })

  it('is not awaited where nothing was worth it, until something else changes', async () => {
    const { clock, rest, change } = begin()
    let worth = false
    let rested: boolean | null = null
    rest.next(0, () => worth, new AbortController().signal).then((atRest) => (rested = atRest))
    change()
    await settle()
    clock.advance(2_000)
    await settle()
    worth = true
    clock.advance(2_000)
    await settle()
    expect(rested).toBeNull()
    change()
    await settle()
    clock.advance(1_500)
    await settle()
    expect(rested).toBe(true)
  })

  it('comes at once for changes that were missed', async () => {
    const { clock, rest, change } = begin()
    change()
    clock.advance(2_000)
    expect(await rest.next(0, () => true, new AbortController().signal)).toBe(true)
  })

  it('ends without one when it is called off, and leaves no timer', async () => {
    const { clock, rest, change } = begin()
    const off = new AbortController()
    const next = rest.next(0, () => true, off.signal)
    change()
    await settle()
    off.abort()
    expect(await next).toBe(false)
    expect(clock.pending).toBe(0)
  })
})

describe('what counts as a change', () => {
  it('is what somebody did to the cluster, also while nobody could watch', () => {
    const { timeline, rest, change } = begin()
    change()
    timeline.append({ stream: 'pods', type: 'modified', object: aPod() })
    timeline.append({ stream: 'pods', type: 'gap', reason: 'too old' })
    expect(rest.changes()).toBe(3)
  })

  it('is no event, no reading and no helper pod of ours', () => {
    const { timeline, rest } = begin()
    timeline.append({ stream: 'events', type: 'added', object: anEvent() })
    timeline.append({ stream: 'pods', type: 'added', object: aPod({ labels: { [RUN_LABEL]: 'r' } }) })
    const token = { do: 'write-token', pod: 'web-0', claim: 'data-web-0', token: 't' } as const
    timeline.append({ stream: 'run', type: 'action', action: token })
    expect(rest.changes()).toBe(0)
  })

  it('is what sts-lab does itself, before the watch has shown it', () => {
    const { timeline, rest } = begin()
    timeline.append({ stream: 'run', type: 'action', action: { do: 'scale', set: 'web', from: 2, to: 5 } })
    expect(rest.changes()).toBe(1)
    expect(rest.isAtRest()).toBe(false)
  })
})
