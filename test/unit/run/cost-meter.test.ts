import { describe, expect, it } from 'vitest'
import { CostMeter } from '../../../src/run/cost-meter.ts'
import { HeldClock } from '../../helpers/held-clock.ts'

describe('what a run cost', () => {
  it('is split into what the cluster needed and what we added', async () => {
    const clock = new HeldClock()
    const meter = new CostMeter(clock)
    clock.advance(10)
    const work = meter.cluster(() => clock.sleep(100))
    clock.advance(100)
    await work
    clock.advance(5)
    expect(meter.read()).toEqual({ wallMs: 115, clusterMs: 100, overheadMs: 15 })
  })

  it('counts waits that overlap once, from the first begin to the last end', async () => {
    const clock = new HeldClock()
    const meter = new CostMeter(clock)
    const first = meter.cluster(() => clock.sleep(100))
    clock.advance(60)
    const second = meter.cluster(() => clock.sleep(100))
    clock.advance(40)
    await first
    clock.advance(60)
    await second
    clock.advance(40)
    expect(meter.read()).toEqual({ wallMs: 200, clusterMs: 160, overheadMs: 40 })
  })

  it('includes a wait that goes on, and one that failed', async () => {
    const clock = new HeldClock()
    const meter = new CostMeter(clock)
    const failing = meter.cluster(async () => {
      clock.advance(30)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    clock.advance(20)
    void meter.cluster(() => clock.sleep(1_000))
    clock.advance(50)
    expect(meter.read()).toEqual({ wallMs: 100, clusterMs: 80, overheadMs: 20 })
  })

  it('hands on what the work came to', async () => {
    expect(await new CostMeter(new HeldClock()).cluster(async () => 'done')).toBe('done')
  })
})
