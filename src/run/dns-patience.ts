import type { Clock } from '../ports.ts'
import { waitForCluster } from './cluster-time.ts'

/** Old CoreDNS set-ups cache answers, negative ones too, for 30 s of their time. */
const DNS_DEADLINE_MS = 35_000
/** News of a service may be on its way to us: so long must it have been hopeless. */
const GRACE_MS = 2_000
const FEWEST_ASKS = 2

/** What is known when DNS has answered, and not as it should. */
export interface AskedInVain {
  /** Why no right answer can come as things are (`whyNoRecords`); null: one may. */
  readonly hopeless: string | null
  /** Changes whenever the objects change that the answer comes from. */
  readonly version: string
  /** DNS answered every question, if only with "no such name", and the watch is connected. */
  readonly conclusive: boolean
}

/** Decides how long to go on asking DNS. */
export interface DnsPatience {
  /** Called after every asking that was in vain. @returns whether it was the last one. */
  isOver(asked: AskedInVain): boolean
}

/**
 * Asks until the caches have expired. Where no right answer can come, it only waits until that has been so for a
 * moment; whenever what the answer comes from changes, all begins again, so that a service that is put right
 * meanwhile has its whole time.
 */
export function createDnsPatience(clock: Clock, pace: number): DnsPatience {
  const deadlineMs = waitForCluster(DNS_DEADLINE_MS, pace)
  // However often things change: somebody else may change them for ever.
  const longestMs = 3 * deadlineMs
  const startMs = clock.monotonicMs()
  let sinceMs = startMs
  let asks = 0
  let version: string | null = null
  return {
    isOver(asked) {
      const nowMs = clock.monotonicMs()
      if (version !== null && version !== asked.version) {
        sinceMs = nowMs
        asks = 0
      }
      version = asked.version
      asks += 1
      const waitedMs = nowMs - sinceMs
      if (waitedMs >= deadlineMs || nowMs - startMs >= longestMs) return true
      return asked.hopeless !== null && asked.conclusive && asks >= FEWEST_ASKS && waitedMs >= GRACE_MS
    },
  }
}
