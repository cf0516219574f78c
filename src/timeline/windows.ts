import type { Gap, Observation, PhaseName, PhaseOutcome, StreamName } from './observation.ts'

/** The stretch of a recording between the begin and the end mark of a phase. */
export interface PhaseWindow {
  readonly phase: PhaseName
  /** `seq` of the begin mark. */
  readonly begin: number
  /** `seq` of the end mark; null while the phase is still open (or was cut off). */
  readonly end: number | null
  /** null while open. */
  readonly outcome: PhaseOutcome | null
  /** Why the awaited state was not reached. */
  readonly reason: string | null
}

/** All windows in the order they began. A begin without an end before the next begin of the same phase stays open. */
export function windowsOf(observations: readonly Observation[]): PhaseWindow[] {
  const windows: PhaseWindow[] = []
  for (const observation of observations) {
    if (observation.stream !== 'run' || observation.type !== 'phase') continue
    const { phase, seq, outcome, reason } = observation
    if (observation.boundary === 'begin') {
      windows.push({ phase, begin: seq, end: null, outcome: null, reason: null })
      continue
    }
    const index = windows.findLastIndex((window) => window.phase === phase && window.end === null)
    const open = windows[index]
    if (open !== undefined) windows[index] = { ...open, end: seq, outcome, reason }
  }
  return windows
}

/** The last window of these phases that has ended; if none has, the last one that is open; null if there is none. */
export function lastWindow(
  observations: readonly Observation[],
  ...phases: readonly PhaseName[]
): PhaseWindow | null {
  const windows = windowsOf(observations).filter((window) => phases.includes(window.phase))
  return windows.findLast((window) => window.end !== null) ?? windows.at(-1) ?? null
}

/** `seq` of the last observation that belongs to the window. */
export function windowEnd(observations: readonly Observation[], window: PhaseWindow): number {
  return window.end ?? observations.at(-1)?.seq ?? window.begin
}

/** Gaps of a stream after `after` and before `before` (both `seq`, exclusive), and those that reach back to there. */
export function gapsBetween(
  observations: readonly Observation[],
  stream: StreamName,
  after: number,
  before: number,
): Gap[] {
  return observations.filter(
    (observation): observation is Gap =>
      observation.type === 'gap' &&
      observation.stream === stream &&
      observation.seq > after &&
      (observation.since ?? observation.seq) < before,
  )
}

/** Whether it was found out after `seq` that something was missing in what the stream had told by then. */
export function hadMissed(observations: readonly Observation[], stream: StreamName, seq: number): boolean {
  return observations.some(
    (each) =>
      each.type === 'gap' &&
      each.stream === stream &&
      each.since !== undefined &&
      each.since < seq &&
      each.seq > seq,
  )
}

/**
 * Whether what a stream had told by `seq` may have been out of date: the next thing it tells is a gap, so
 * the connection may have been dead by then.
 */
export function staleAt(observations: readonly Observation[], stream: StreamName, seq: number): boolean {
  const next = observations.find((each) => each.seq > seq && each.stream === stream)
  return next?.type === 'gap' || hadMissed(observations, stream, seq)
}
