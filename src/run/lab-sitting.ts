import type { Clock, Cluster } from '../ports.ts'
import { isReady, podsOf } from '../timeline/state.ts'
import { Timeline } from '../timeline/timeline.ts'
import { followState } from './await-state.ts'
import { type ClaimReader, createClaimReader } from './claim-reader.ts'
import { CostMeter } from './cost-meter.ts'
import { createDnsProbe, type DnsProbe } from './dns-probe.ts'
import type { Session } from './session.ts'

/**
 * One unbroken recording of the lab's namespace, with what reads from it. Going back to an earlier step begins
 * another: in one recording each phase happens once, so that no criterion takes one attempt for another.
 */
export interface Sitting {
  readonly session: Session
  readonly reader: ClaimReader
  readonly probe: DnsProbe
  /** Ends the recording and removes what was made to read with; tokens too. */
  close(signal: AbortSignal): Promise<void>
}

export interface SittingOptions {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly namespace: string
  readonly statefulSet: string
  readonly runId: string
  readonly probeImage: string
  readonly signal: AbortSignal
  readonly tell: (reason: string | null) => void
}

export async function openSitting(options: SittingOptions): Promise<Sitting> {
  const { cluster, clock, namespace, statefulSet, runId, probeImage, signal, tell } = options
  const timeline = new Timeline(() => clock.now())
  const state = followState(timeline)
  const recording = await cluster.record({ namespace, timeline, signal })
  const meter = new CostMeter(clock)
  const session: Session = {
    cluster,
    clock,
    timeline,
    state,
    recording,
    meter,
    namespace,
    runId,
    probeImage,
    signal,
    tell,
  }
  const reader = createClaimReader(session)
  const probe = createDnsProbe(session)
  return {
    session,
    reader,
    probe,
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
        probe.dispose(closing),
      ])
      await Promise.allSettled([reader.dispose(closing)])
      await recording.stop()
    },
  }
}
