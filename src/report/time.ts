/** "0s", "3.2s", "48s", "2m05s", "1h03m": short, for axes and ages. */
export function shortDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000
  if (seconds === 0) return '0s'
  return seconds < 9.95 ? `${seconds.toFixed(1)}s` : inUnits(Math.round(seconds))
}

/** "0s", "3s", "2m05s": whole seconds that have passed, for what ticks. */
export const ticking = (ms: number): string => inUnits(Math.floor(Math.max(0, ms) / 1000))

function inUnits(whole: number): string {
  if (whole < 60) return `${whole}s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}m${two(whole % 60)}s`
  return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`
}

/** Seconds since the start, as events are quoted: "+12.345s". */
export const sinceStart = (at: string, start: string): string =>
  `+${(Math.max(0, milliseconds(at) - milliseconds(start)) / 1000).toFixed(3)}s`

/** A moment of an RFC 3339 time, to the second: "2026-11-20 22:36:56 UTC". */
export const moment = (at: string): string => `${at.slice(0, 19).replace('T', ' ')} UTC`

/** The wall clock where the reader sits: "09:05:07". */
export const clockTime = (date: Date): string =>
  `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`

/** Milliseconds since the epoch; 0 for what is not a time, so that a damaged recording still prints. */
export function milliseconds(at: string): number {
  const time = Date.parse(at)
  return Number.isNaN(time) ? 0 : time
}

const two = (number: number): string => String(number).padStart(2, '0')
