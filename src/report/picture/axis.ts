import type { Observation } from '../../timeline/observation.ts'
import { milliseconds, shortDuration } from '../time.ts'

/** Where each observation stands on an axis of `width` columns, and what time it is at a column. */
export interface Axis {
  readonly width: number
  column(seq: number): number
  timeAt(column: number): number
}

/**
 * Columns follow the order of the recording first and our clock second. A strictly proportional axis would
 * put "web-0 ready" and "web-1 added", milliseconds apart, into one column and hide the very thing to be seen;
 * so each observation in `spread` is given a column of its own where there is room, and only what is left
 * of the width is shared out by time.
 */
export function createAxis(
  observations: readonly Observation[],
  spread: ReadonlySet<number>,
  width: number,
): Axis {
  const first = observations[0]
  const start = first === undefined ? 0 : milliseconds(first.at)
  const points: { seq: number; time: number; spread: boolean }[] = []
  let time = 0
  for (const { seq, at } of observations) {
    // Our clock may be set back; the picture never goes back.
    time = Math.max(time, milliseconds(at) - start)
    points.push({ seq, time, spread: spread.has(seq) })
  }
  const total = time
  const last = width - 1
  const steps = points.filter((point) => point.spread).length + 1
  const step = Math.min(2, (last * 0.65) / steps)
  const rest = Math.max(0, last - step * steps)

  const position = new Map<number, number>()
  let steppedSoFar = 0
  const known: { readonly x: number; readonly time: number }[] = [{ x: 0, time: 0 }]
  for (const point of points) {
    if (point.spread) steppedSoFar += 1
    const x = step * steppedSoFar + (total === 0 ? 0 : (rest * point.time) / total)
    position.set(point.seq, x)
    known.push({ x, time: point.time })
  }
  known.push({ x: last, time: total })
  return {
    width,
    column: (seq) => Math.min(last, Math.floor(position.get(seq) ?? 0)),
    timeAt(column) {
      const after = known.findIndex(({ x }) => x >= column)
      const right = known[after] ?? { x: last, time: total }
      const left = known[after - 1] ?? right
      if (right.x === left.x) return right.time
      return left.time + ((right.time - left.time) * (column - left.x)) / (right.x - left.x)
    },
  }
}

/** Two lines: times, and the ticks under them. */
export function drawAxis(axis: Axis, unicode: boolean): readonly [string, string] {
  const spacing = Math.max(10, Math.ceil(axis.width / 9))
  let labels = ''
  const ticks: string[] = Array.from({ length: axis.width }, () => (unicode ? '─' : '-'))
  for (let column = 0; column < axis.width; column += spacing) {
    const label = shortDuration(axis.timeAt(column))
    if (column + label.length > axis.width) break
    labels = labels.padEnd(column) + label
    ticks[column] = unicode ? (column === 0 ? '├' : '┼') : '+'
  }
  return [labels, ticks.join('')]
}
