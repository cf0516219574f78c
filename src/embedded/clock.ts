/**
 * Time as the embedded cluster lives it. Everything in it (server, controllers, node) asks this clock and
 * nothing else, so that `--speed fast` and tests decide how long a grace period takes.
 */
export interface ClusterClock {
  /** How many of its seconds pass in one of the wall's; 1 where that cannot be said. */
  readonly speed: number
  /**
   * Milliseconds since 1970, as the cluster's objects are stamped: never ahead of the wall's clock, at any speed, for
   * clients tell ages by theirs. No measure of how long something took.
   */
  nowMs(): number
  /** Milliseconds of cluster time since it began. What is waited for and timed is measured with this. */
  elapsedMs(): number
  /** Milliseconds of cluster time that have passed since a stamp of whole seconds; at a higher speed, at least. */
  sinceMs(stampMs: number): number
  /** Calls back once, `delayMs` of cluster time from now. @returns a function that calls it off */
  setTimer(delayMs: number, callback: () => void): () => void
  /** Calls back when what runs now has ended, in the order of asking. No cluster time passes until then. */
  soon(callback: () => void): void
}

/** Cluster time passes `speed` times as fast as the wall's. Its timers keep no process alive. */
export function runningClock(speed = 1): ClusterClock {
  const startedAt = performance.now()
  // A stamp says which second it was, not when in it. Of seconds that count for more, the whole one is in doubt.
  const doubtMs = speed > 1 ? 1000 : 0
  return {
    speed,
    nowMs: () => Date.now(),
    elapsedMs: () => (performance.now() - startedAt) * speed,
    sinceMs: (stampMs) => (Date.now() - stampMs - doubtMs) * speed,
    setTimer(delayMs, callback) {
      const timer = setTimeout(callback, delayMs / speed)
      timer.unref()
      return () => clearTimeout(timer)
    },
    soon: (callback) => {
      setImmediate(callback)
    },
  }
}

/** A clock that stands until it is moved. */
export interface HeldClock extends ClusterClock {
  /**
   * Lets `ms` pass; what falls due on the way is called in its order, at its time, and whatever was to happen
   * `soon` before the next of it.
   */
  advance(ms: number): void
}

export function heldClock(startMs = Date.UTC(2026, 0, 1)): HeldClock {
  let now = startMs
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>()
  const waiting: (() => void)[] = []
  const settle = () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) next()
  }
  const nextBefore = (end: number) => [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
  return {
    speed: 1,
    nowMs: () => now,
    elapsedMs: () => now - startMs,
    sinceMs: (stampMs) => now - stampMs,
    setTimer(delayMs, callback) {
      const timer = { at: now + Math.max(0, delayMs), callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    soon: (callback) => {
      waiting.push(callback)
    },
    advance(ms) {
      const end = now + ms
      settle()
      for (let due = nextBefore(end); due !== undefined; due = nextBefore(end)) {
        timers.delete(due)
        now = due.at
        due.callback()
        settle()
      }
      now = end
    },
  }
}

/** As Kubernetes writes times: whole seconds, UTC. */
export const timestamp = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
