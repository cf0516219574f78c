import type { VerifyResult } from '../result.ts'
import type { Observation } from '../timeline/observation.ts'
import { asciiOnly, hanging, wrap } from './layout.ts'
import { createPaint } from './paint.ts'
import { eventsThatProve } from './proving-events.ts'
import type { TextOptions } from './text.ts'

const headWidth = 4

/**
 * For whoever passed: what each criterion is about, and the events of this very run that prove it. Text for a
 * terminal, ends with a newline.
 */
export function debriefing(
  result: VerifyResult,
  observations: readonly Observation[],
  options: TextOptions,
): string {
  const paint = createPaint(options.colour)
  const width = Math.max(40, Math.min(options.columns, 100))
  const why = new Map(options.criteria.map((criterion) => [criterion.id, criterion.why]))
  const intro =
    'What you have built, criterion by criterion, and what proves it. The numbers are events of the recording, the times are UTC.'
  const sections = result.criteria.map((criterion) => [
    ...hanging(`${String(criterion.number).padStart(2)}  `, criterion.title, {
      width,
      headWidth,
      paint: paint.strong,
    }),
    ...hanging(' '.repeat(headWidth), why.get(criterion.id) ?? '', { width, headWidth }),
    ...hanging(' '.repeat(headWidth), eventsThatProve(criterion, observations, result.target), {
      width,
      headWidth,
      paint: paint.command,
    }),
  ])
  const text = [[paint.strong('Debrief'), ...wrap(intro, width)], ...sections]
    .map((lines) => lines.map((line) => line.trimEnd()).join('\n'))
    .join('\n\n')
  return `${options.unicode ? text : asciiOnly(text)}\n`
}
