import type { BackOffLimits } from './back-off.ts'

/** The times a watch keeps. All in milliseconds, save where the name says otherwise. */
export interface WatchLimits extends BackOffLimits {
  /** Asked of the server: it ends each watch after this long, having sent a bookmark. */
  readonly watchSeconds: number
  /** Silence on a connection after which it counts as dead. Must exceed watchSeconds: on a quiet namespace the end of the watch is the first sign of life. */
  readonly idleMs: number
  readonly headersMs: number
  readonly listMs: number
  /** How long the very first list may be retried when the server does not answer. */
  readonly patienceMs: number
  /** A connection that lived this long did its duty, even if nothing happened. */
  readonly stableMs: number
  /** After being refused from one position for this long (and at least 3 times) start over with a list. */
  readonly stuckMs: number
  /** So long a watch may take to tell what a list says, before it is taken to have lost it. */
  readonly catchUpMs: number
  /** Objects per page of a list. */
  readonly pageSize: number
}

/**
 * Real servers send bookmarks about once a minute only, so that a half-open connection (a laptop that
 * slept, a VPN that went away) and a quiet namespace look alike until the watch's end is due. Short
 * watches make that soon, and cost one request on a kept-alive connection each.
 */
export const WATCH_LIMITS: WatchLimits = {
  firstDelayMs: 100,
  maxDelayMs: 2_000,
  watchSeconds: 20,
  idleMs: 25_000,
  headersMs: 8_000,
  listMs: 10_000,
  patienceMs: 10_000,
  stableMs: 1_000,
  stuckMs: 15_000,
  catchUpMs: 5_000,
  pageSize: 500,
}
