import { describe, expect, it } from 'vitest'
import { type AskedInVain, createDnsPatience } from '../../../src/run/dns-patience.ts'
import { HeldClock } from '../../helpers/held-clock.ts'

const HOPELESS: AskedInVain = { hopeless: 'there is no Service web', version: 'none', conclusive: true }
const POSSIBLE: AskedInVain = { hopeless: null, version: 'service-1', conclusive: true }

/** Asks every 500 ms what `state` says at that time. @returns after how many ms it was over. */
function waits(state: (ms: number) => AskedInVain, pace = 1): number {
  const clock = new HeldClock()
  const patience = createDnsPatience(clock, pace)
  while (!patience.isOver(state(clock.monotonicMs()))) clock.advance(500)
  return clock.monotonicMs()
}

describe('asking DNS in vain', () => {
  it('goes on until the caches have expired where a right answer may still come', () => {
    expect(waits(() => POSSIBLE)).toBe(35_000)
  })

  it('waits for the caches in the time of a simulated cluster', () => {
    expect(waits(() => POSSIBLE, 20)).toBe(3_000)
    expect(waits(() => POSSIBLE, 5)).toBe(7_000)
    expect(waits(() => HOPELESS, 20)).toBe(2_000)
  })

  it('ends after a moment where none can', () => {
    expect(waits(() => HOPELESS)).toBe(2_000)
  })

  it('goes on where DNS did not answer, or the watch may be behind', () => {
    expect(waits(() => ({ ...HOPELESS, conclusive: false }))).toBe(35_000)
  })

  it('gives a service that is put right meanwhile its whole time', () => {
    expect(waits((ms) => (ms < 1_500 ? HOPELESS : POSSIBLE))).toBe(36_500)
  })

  it('gives a service that was spoilt meanwhile a moment too', () => {
    expect(waits((ms) => (ms < 10_000 ? POSSIBLE : HOPELESS))).toBe(12_000)
  })

  it('asks twice at least, however long one asking takes', () => {
    const clock = new HeldClock()
    const patience = createDnsPatience(clock, 1)
    clock.advance(10_000)
    expect(patience.isOver(HOPELESS)).toBe(false)
    expect(patience.isOver(HOPELESS)).toBe(true)
  })

  it('does not go on for ever where somebody changes the service again and again', () => {
    expect(waits((ms) => ({ ...POSSIBLE, version: String(ms) }))).toBe(105_000)
  })
})
