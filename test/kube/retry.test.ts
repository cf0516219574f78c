import { describe, expect, it } from 'vitest'
import { undecidedError, usageError } from '../../src/errors.ts'
import { apiError } from '../../src/kube/api-errors.ts'
import { persistently, type Repeatable } from '../../src/kube/retry.ts'
import type { Clock } from '../../src/ports.ts'

/** A clock that moves only by sleeping. */
class HeldClock implements Clock {
  #ms = 0
  readonly sleeps: number[] = []
  now = () => new Date(this.#ms)
  monotonicMs = () => this.#ms
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw signal.reason
    this.sleeps.push(ms)
    this.#ms += ms
  }
}

function run(
  faults: readonly Error[],
  repeatable: Repeatable = 'always',
  signal = new AbortController().signal,
) {
  const clock = new HeldClock()
  let attempts = 0
  const outcome = persistently(
    async () => {
      const fault = faults[attempts++]
      if (fault !== undefined) throw fault
      return 'done'
    },
    { repeatable, patienceMs: () => 30_000, clock, signal, random: () => 1 },
  )
  return { clock, outcome, attempts: () => attempts }
}
const lost = undecidedError('connection-lost', 'lost')
const refused = undecidedError('connection-refused', 'refused')

describe('persistently', () => {
  it('repeats a safe request after a lost connection, with growing pauses', async () => {
    const { outcome, clock } = run([lost, lost, lost])
    expect(await outcome).toBe('done')
    expect(clock.sleeps).toEqual([100, 200, 400])
  })

  it('does not repeat an unsafe request that may have been carried out', async () => {
    const { outcome, attempts } = run([lost], 'if-unsent')
    await expect(outcome).rejects.toBe(lost)
    expect(attempts()).toBe(1)
  })

  it('repeats an unsafe request that nobody received', async () => {
    expect(await run([refused], 'if-unsent').outcome).toBe('done')
  })

  it('does not repeat what would be refused again', async () => {
    const wrong = usageError('invalid', 'no')
    const { outcome, attempts } = run([wrong])
    await expect(outcome).rejects.toBe(wrong)
    expect(attempts()).toBe(1)
  })

  it('waits as long as the server asks', async () => {
    const { outcome, clock } = run([apiError(429, { kind: 'Status' }, '7')])
    await outcome
    expect(clock.sleeps).toEqual([7000])
  })

  it('gives up when the patience is over, with the last fault', async () => {
    const { outcome, clock } = run(Array.from({ length: 100 }, () => refused))
    await expect(outcome).rejects.toBe(refused)
    expect(clock.monotonicMs()).toBeLessThanOrEqual(30_000)
    expect(clock.monotonicMs()).toBeGreaterThan(26_000)
  })

  it('does not wait for a server that asks for more than the patience', async () => {
    const busy = apiError(503, { kind: 'Status' }, '120')
    const { outcome, clock } = run([busy])
    await expect(outcome).rejects.toBe(busy)
    expect(clock.sleeps).toEqual([])
  })

  it('is interrupted in a pause', async () => {
    await expect(run([lost], 'always', AbortSignal.abort()).outcome).rejects.toMatchObject({
      kind: 'interrupted',
    })
  })
})
