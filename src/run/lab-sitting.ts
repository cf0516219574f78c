import { isReady, podsOf } from '../timeline/state.ts'
import { type ClaimReader, createClaimReader } from './claim-reader.ts'
import { createDnsProbe, type DnsProbe } from './dns-probe.ts'
import { createPageProbe, type PageProbe } from './page-probe.ts'
import { createProbePod } from './probe-pod.ts'
import { openSession, type Session, type SessionOptions } from './session.ts'

/**
 * One unbroken recording of the lab's namespace, with what reads from it. Going back to an earlier step begins
 * another: in one recording each phase happens once, so that no criterion takes one attempt for another.
 */
export interface Sitting {
  readonly session: Session
  readonly reader: ClaimReader
  readonly probe: DnsProbe
  readonly pages: PageProbe
  /** Ends the recording and removes what was made to read with; tokens too. */
  close(signal: AbortSignal): Promise<void>
}

export interface SittingOptions extends SessionOptions {
  readonly statefulSet: string
}

export async function openSitting({ statefulSet, ...options }: SittingOptions): Promise<Sitting> {
  const session = await openSession(options)
  const { timeline, state, recording } = session
  const reader = createClaimReader(session)
  const probePod = createProbePod(session)
  return {
    session,
    reader,
    probe: createDnsProbe(session, probePod),
    pages: createPageProbe(session, probePod),
    async close(closing) {
      const set = state.statefulsets.get(statefulSet)
      const wrote = timeline.observations.some(
        (each) => each.type === 'action' && each.action.do === 'write-token',
      )
      // Each part is tried, whatever became of the others; they are clean-up, and clean-up tells nobody off.
      await Promise.allSettled([
        set === undefined || !wrote
          ? Promise.resolve()
          : reader.removeTokens(podsOf(state, set.uid).filter(isReady), set, closing),
        probePod.dispose(closing),
      ])
      await Promise.allSettled([reader.dispose(closing)])
      await recording.stop()
    },
  }
}
