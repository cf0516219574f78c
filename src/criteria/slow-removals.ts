import type { Life } from '../timeline/lives.ts'

/**
 * A remark, not a verdict: each pod took its whole grace period to go, so its container ignores SIGTERM.
 * The only place where our clock (`at`) is compared.
 * @returns '' or '; …' to put after a reason.
 */
export function slowRemovals(lives: readonly Life[]): string {
  const slow = lives.flatMap((life) => {
    const graceMs = life.last.gracePeriodSeconds * 1000
    const tookMs = timeOf(life, life.gone) - timeOf(life, life.terminating)
    return graceMs >= SHORTEST_MS && tookMs >= graceMs ? [{ pod: life.pod, graceMs }] : []
  })
  const first = slow[0]
  if (first === undefined) return ''
  const who = slow.length === 1 ? first.pod : `each of ${slow.length} pods`
  return `; ${who} took the whole grace period of ${first.graceMs / 1000} s: the container ignores SIGTERM (start the program with exec, or trap the signal)`
}

/** Below this, a removal that takes the grace period is nothing to talk about. */
const SHORTEST_MS = 5000

function timeOf(life: Life, seq: number | null): number {
  const change = life.changes.find((each) => each.seq === seq)
  return change === undefined ? Number.NaN : Date.parse(change.at)
}
