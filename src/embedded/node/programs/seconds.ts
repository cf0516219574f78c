const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }

/** Seconds of '3', '1.5', '2m', 'infinity'; null when it is no duration. */
export function seconds(text: string): number | null {
  if (text === 'infinity' || text === 'inf') return Number.POSITIVE_INFINITY
  const found = /^(\d*\.?\d+)([smhd]?)$/.exec(text)
  return found === null ? null : Number(found[1]) * (UNITS[found[2] ?? ''] ?? 1)
}
