import type { Clock } from '../ports.ts'

/** This process, and whether another one still runs: to tell a run that goes on from one that was killed. */
export interface Self {
  readonly host: string
  readonly pid: number
  /** Tells a process from a later one with the same number. */
  readonly birth: string
  /** null: cannot tell (another machine). */
  isAlive(host: string, pid: number, birth: string): boolean | null
}

/** Who has something in the cluster, as it is written there. */
export interface Holder {
  readonly host: string
  readonly pid: number
  readonly birth: string
  /** RFC 3339: the last sign of life. */
  readonly writtenAt: string
}

/** A run on another machine that has given no sign of life for this long is taken for dead. */
export const STALE_AFTER_MS = 15 * 60_000

export const holderNow = ({ host, pid, birth }: Self, clock: Clock): Holder => ({
  host,
  pid,
  birth,
  writtenAt: clock.now().toISOString(),
})

/** Whether the holder is over: its process has ended, or it has been silent for long on a machine we cannot look at. */
export function isAbandoned({ host, pid, birth, writtenAt }: Holder, clock: Clock, self: Self): boolean {
  const alive = self.isAlive(host, pid, birth)
  if (alive !== null) return !alive
  return clock.now().getTime() - Date.parse(writtenAt) > STALE_AFTER_MS
}
