import type { VerifyResult } from '../result.ts'
import type { Observation } from '../timeline/observation.ts'
import { printable } from '../timeline/printable.ts'
import { stateAfter } from '../timeline/state.ts'
import { asciiOnly, hanging, wrap } from './layout.ts'
import { createPaint, type Paint } from './paint.ts'
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
  const text = [
    [paint.strong('Debrief'), ...wrap(intro, width)],
    ...sections,
    [paint.strong('To compare with ours'), paint.command(printable(`  $ sts-lab solution ${result.lab}`))],
    cleaningUp(result, observations, width, paint),
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => line.trimEnd()).join('\n'))
    .join('\n\n')
  return `${options.unicode ? text : asciiOnly(text)}\n`
}

/** How to remove it all: with the claims, which nobody removes otherwise. Commands are never broken into lines. */
function cleaningUp(
  { target }: VerifyResult,
  observations: readonly Observation[],
  width: number,
  paint: Paint,
): string[] {
  const set = stateAfter(observations).statefulsets.get(target.statefulSet ?? '')
  if (set === undefined || Object.keys(set.selector).length === 0) return []
  const labels = Object.entries(set.selector).map(([key, value]) => `${key}=${value}`)
  const kubectl = `  $ kubectl -n ${set.namespace} delete`
  return [
    paint.strong('To clean up'),
    ...wrap('The claims stay until you delete them. They carry the labels of the set’s selector:', width),
    ...[
      `${kubectl} statefulset/${set.name} service/${set.serviceName}`,
      `${kubectl} pvc -l ${labels.join(',')}`,
    ].map((line) => paint.command(printable(line))),
  ]
}
