import type { Observation } from '../timeline/observation.ts'
import { asciiOnly, cellWidth, cutMiddle, padEnd, wrap } from './layout.ts'
import { createPaint, type Paint } from './paint.ts'
import { type Axis, createAxis, drawAxis } from './picture/axis.ts'
import { asciiGlyphs, type GlyphSet, signOf, unicodeGlyphs } from './picture/glyphs.ts'
import { type Lane, lanesOf, type PictureTarget, type Step } from './picture/lanes.ts'
import { type Mark, placeMarks } from './picture/marks.ts'

export interface PictureOptions {
  readonly columns: number
  readonly colour: boolean
  readonly ascii: boolean
  /** Observations (`seq`) that a verdict rests on: pointed out below the lanes. */
  readonly cited?: readonly number[]
}

/**
 * A recording as a picture no wider than `columns`: what sts-lab did on top, a lane per pod of the set with its
 * claims under it, time from left to right. '' where there is nothing to draw. Ends without a newline.
 */
export function timelinePicture(
  observations: readonly Observation[],
  target: PictureTarget,
  options: PictureOptions,
): string {
  const { lanes, foreign } = lanesOf(observations, target)
  if (lanes.length === 0) return ''
  const paint = createPaint(options.colour)
  const glyphs = options.ascii ? asciiGlyphs : unicodeGlyphs
  const labels = lanes.map(labelOf)
  const longestLabel = Math.max(...labels.map(cellWidth))
  const labelWidth = Math.min(longestLabel, Math.max(10, Math.floor(options.columns * 0.3)))
  const left = labelWidth + 3
  const width = Math.max(12, options.columns - left - 1)
  const indent = ' '.repeat(left)

  const marked = observations.filter((o) => markLabel(o, glyphs) !== null)
  const axis = createAxis(observations, spreadOver(lanes, marked, width), width)
  const marks = marked.map(
    (o): Mark => ({ column: axis.column(o.seq), label: shorten(markLabel(o, glyphs) ?? '', width) }),
  )
  const lines: string[] = []
  if (foreign)
    lines.push(
      ...wrap('No pod belongs to the set. These are the other pods of the namespace:', options.columns),
    )
  for (const line of placeMarks(marks, width, glyphs.stem).reverse()) lines.push(indent + paint.action(line))
  if (marks.length > 0) lines.push(indent + paint.action(pointers(marks, width, glyphs.action)))
  const [times, ticks] = drawAxis(axis, !options.ascii)
  lines.push(indent + paint.dim(times), indent + paint.dim(ticks))
  for (const [index, lane] of lanes.entries()) {
    const label = padEnd(cutLabel(labels[index] ?? '', labelWidth), labelWidth)
    lines.push(` ${lane.kind === 'pod' ? label : paint.dim(label)}  ${drawLane(lane, axis, glyphs, paint)}`)
  }
  lines.push(...drawCited(lanes, axis, glyphs, options.cited ?? []).map((line) => indent + paint.fail(line)))
  lines.push('', ...legend(lanes, glyphs, paint, options))
  const picture = lines.map((line) => line.trimEnd()).join('\n')
  return options.ascii ? asciiOnly(picture) : picture
}

const stepsOf = (lane: Lane): readonly Step[] => lane.steps

const labelOf = (lane: Lane): string => (lane.kind === 'pod' ? lane.name : `  ${lane.name}`)

const cutLabel = (label: string, width: number): string => {
  const indent = label.startsWith('  ') ? '  ' : ''
  return indent + cutMiddle(label.slice(indent.length), width - indent.length)
}

const shorten = (label: string, width: number): string => cutMiddle(label, Math.min(24, width))

function markLabel(observation: Observation, glyphs: GlyphSet): string | null {
  if (observation.type === 'gap') return `gap in ${observation.stream}`
  if (observation.type !== 'action') return null
  const { action } = observation
  switch (action.do) {
    case 'scale':
      return `scale ${action.from}${glyphs.arrow}${action.to}`
    case 'delete-pod':
      return `delete ${action.pod}`
    case 'apply':
      return 'apply'
    case 'write-token':
    case 'other':
      return null
  }
}

/** Everything gets a column of its own; where that is too much, only what is ordered: the pods and our actions. */
function spreadOver(lanes: readonly Lane[], marked: readonly Observation[], width: number): Set<number> {
  const changes = (kind: Lane['kind']): number[] =>
    lanes
      .filter((lane) => lane.kind === kind)
      .flatMap(stepsOf)
      .filter((step) => !step.known)
      .map((step) => step.seq)
  const ordered = [...changes('pod'), ...marked.map((o) => o.seq)]
  const all = [...ordered, ...changes('claim')]
  return new Set(all.length < width * 0.6 ? all : ordered)
}

function drawLane(lane: Lane, axis: Axis, glyphs: GlyphSet, paint: Paint): string {
  const style = (state: Lane['steps'][number]['state']): ((text: string) => string) => {
    switch (state) {
      case 'ready':
        return paint.pass
      case 'bound':
        return paint.claim
      case 'waiting':
      case 'pending':
        return paint.unsure
      case 'terminating':
      case 'gone':
      case 'lost':
        return paint.fail
    }
  }
  const all: Readonly<Record<string, { readonly sign: string; readonly line: string }>> = glyphs[lane.kind]
  const runs: { text: string; style: (text: string) => string }[] = []
  let column = 0
  const columns = lane.steps.map((step) => (step.known ? 0 : axis.column(step.seq)))
  for (const [index, step] of lane.steps.entries()) {
    const glyph = all[step.state]
    const from = columns[index] ?? 0
    const to = columns[index + 1] ?? axis.width
    // Where the next change falls into the same column, the last one is shown: the state that held.
    if (glyph === undefined || to <= from) continue
    if (from > column) runs.push({ text: ' '.repeat(from - column), style: (text) => text })
    const line = glyph.line.repeat(to - from - 1)
    // Blanks stay uncoloured, so that they can be trimmed at the end of a line.
    if (line.trim() === '') {
      runs.push(
        { text: signOf(step, glyph), style: style(step.state) },
        { text: line, style: (text) => text },
      )
    } else {
      runs.push({ text: signOf(step, glyph) + line, style: style(step.state) })
    }
    column = to
  }
  return runs.map(({ text, style }) => (text.trim() === '' ? text : style(text))).join('')
}

/** Pointers from below at the changes that were cited, with their numbers as the report quotes them. */
function drawCited(
  lanes: readonly Lane[],
  axis: Axis,
  glyphs: GlyphSet,
  cited: readonly number[],
): readonly string[] {
  const drawn = new Set(lanes.flatMap(stepsOf).map((step) => step.seq))
  const marks = [...new Set(cited)]
    .filter((seq) => drawn.has(seq))
    .map((seq): Mark => ({ column: axis.column(seq), label: `#${seq}` }))
  if (marks.length === 0) return []
  return [pointers(marks, axis.width, glyphs.cited), ...placeMarks(marks, axis.width, glyphs.stem)]
}

function pointers(marks: readonly Mark[], width: number, sign: string): string {
  const cells = Array.from({ length: width }, () => ' ')
  for (const { column } of marks) cells[column] = sign
  return cells.join('').trimEnd()
}

function legend(
  lanes: readonly Lane[],
  glyphs: GlyphSet,
  paint: Paint,
  options: PictureOptions,
): readonly string[] {
  const { pod, claim } = glyphs
  const pods = `pod: ${pod.waiting.sign}${pod.waiting.line} created  ${pod.ready.sign}${pod.ready.line} ready  ${pod.terminating.sign}${pod.terminating.line} terminating  ${pod.gone.sign} gone`
  const claims = `claim: ${claim.pending.sign}${claim.pending.line} pending  ${claim.bound.sign}${claim.bound.line} bound  ${claim.gone.sign} gone`
  const parts = lanes.some((lane) => lane.kind === 'claim') ? [pods, claims] : [pods]
  const joined = parts.join('   ')
  const lines =
    cellWidth(joined) < options.columns ? [joined] : parts.flatMap((part) => wrap(part, options.columns - 2))
  const note = 'Columns keep the order of events; the time axis stretches where much happened at once.'
  return [...lines, ...wrap(note, options.columns - 2)].map((line) => ` ${paint.dim(line)}`)
}
