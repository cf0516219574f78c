import { LabError } from '../errors.ts'
import type { Recording } from '../ports.ts'
import { type Awaited, awaitState, type Progress } from './await-state.ts'
import type { Session } from './session.ts'

/** So long a silent watch is believed. */
const BELIEVED_MS = 20_000

/**
 * Waits as `awaitState` does, and holds what came of it against the server before it is told: a watch that is behind,
 * or lost something, would have the wait end with what is not so, or never. While it waits it does so now and then.
 * Never rejects: a server that cannot be asked is the outcome 'lost'.
 */
export async function awaitConfirmed(
  session: Pick<Session, 'timeline' | 'clock' | 'state' | 'signal' | 'tell'> & {
    readonly recording: Pick<Recording, 'lostForMs' | 'confirm'>
  },
  judge: Parameters<typeof awaitState>[2]['judge'],
  timeoutMs: number,
): Promise<Awaited> {
  const { timeline, clock, recording, signal } = session
  const beganMs = clock.monotonicMs()
  for (;;) {
    const leftMs = Math.max(0, timeoutMs - (clock.monotonicMs() - beganMs))
    const slice = Math.min(leftMs, BELIEVED_MS)
    const awaited = await awaitState(timeline, clock, { ...session, judge, timeoutMs: slice, beganMs })
    if (!ENDS.includes(awaited.outcome)) return awaited
    try {
      const sure = await recording.confirm(signal)
      if (sure && (awaited.outcome !== 'timeout' || slice === leftMs)) return awaited
      if (!sure && clock.monotonicMs() - beganMs >= timeoutMs) return lastLook(judge(session.state), awaited)
    } catch (error) {
      if (signal.aborted) return { outcome: 'interrupted', reason: 'interrupted' }
      if (!(error instanceof LabError)) throw error
      return { outcome: 'lost', reason: error.message }
    }
  }
}

/** Ends that rest on what the watches told. */
const ENDS: readonly Awaited['outcome'][] = ['reached', 'hopeless', 'timeout']

/** No time is left: what the new list shows is all that there will be. */
const lastLook = (progress: Progress, awaited: Awaited): Awaited =>
  progress.done
    ? { outcome: 'reached', reason: null }
    : { outcome: 'timeout', reason: awaited.reason ?? progress.reason }
