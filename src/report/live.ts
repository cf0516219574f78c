import type { Clock, Terminal } from '../ports.ts'
import type { Timeline } from '../timeline/timeline.ts'
import type { BoardTarget } from './board.ts'
import { boardLive } from './live-board.ts'
import { plainLive } from './live-plain.ts'

/** Progress on stderr while something runs. Nothing here writes to stdout. */
export interface Live {
  /** Shows what the timeline holds and everything it gets from now on. Replaces an earlier one. */
  attach(timeline: Timeline, target: BoardTarget): void
  /** A line that stays. */
  say(line: string): void
  /** A phase begins, and with it its clock. */
  phase(name: string, text: string): void
  /** What the present phase waits for; null when it does not. */
  waiting(reason: string | null): void
  /** Takes the board away, for a prompt or other output, until `resume`. */
  pause(): void
  resume(): void
  /** Takes the board away (or leaves its last state, with `keep`) and shows the cursor. Safe to call twice. */
  stop(): void
}

export interface LiveOptions {
  /** `stop` leaves the last board on the screen. */
  readonly keep?: boolean
  /** Say nothing at all (`--quiet`). */
  readonly silent?: boolean
}

/** A board redrawn in place on an interactive terminal; elsewhere a plain line per change. */
export function createLive(terminal: Terminal, clock: Clock, options: LiveOptions = {}): Live {
  if (options.silent === true) return silentLive
  return terminal.interactive ? boardLive(terminal, clock, options) : plainLive(terminal, clock)
}

const nothing = (): void => {}
const silentLive: Live = {
  attach: nothing,
  say: nothing,
  phase: nothing,
  waiting: nothing,
  pause: nothing,
  resume: nothing,
  stop: nothing,
}
