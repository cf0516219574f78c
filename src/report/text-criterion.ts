import type { CriterionResult, EvidenceItem } from '../result.ts'
import { cellWidth, cut, cutMiddle, hanging, padEnd } from './layout.ts'
import { verdictMark } from './paint.ts'
import type { TextLayout } from './text.ts'
import { sinceStart } from './time.ts'

const mostEvents = 8

/** The story of a criterion that did not pass: what was expected, what was seen and in which events, why it matters, what to try. */
export function criterionDetails(criterion: CriterionResult, layout: TextLayout): string[] {
  const { width, paint, unicode, why } = layout
  const rows: [string, string | undefined | null][] = [
    ['expected', criterion.expected],
    ['seen', criterion.actual === '' ? criterion.reason : criterion.actual],
    ['events', null],
    ['why', why.get(criterion.id)],
    ['hint', criterion.hint],
  ]
  const title = cut(`${criterion.number} ${criterion.title}`, width - 8)
  return [
    `${verdictMark(criterion.verdict, paint, unicode)}  ${paint.strong(title)}`,
    ...rows.flatMap(([name, value]) => {
      if (name === 'events') return events(criterion.evidence, layout)
      const tone = name === 'hint' ? paint.command : (line: string) => line
      return value
        ? hanging(paint.dim(label(name)), value, { width, headWidth: labelWidth, paint: tone })
        : []
    }),
  ]
}

const labelWidth = 12
const label = (name: string): string => padEnd(`  ${name}`, labelWidth)

function events(evidence: readonly EvidenceItem[], { width, paint, start }: TextLayout): string[] {
  const shown = evidence.slice(0, mostEvents)
  const rows = shown.map((item) => ({
    seq: `#${item.seq}`,
    time: sinceStart(item.at, start),
    object: cutMiddle(item.object, Math.min(32, Math.floor(width / 3))),
    item,
  }))
  const seqWidth = Math.max(0, ...rows.map(({ seq }) => seq.length))
  const timeWidth = Math.max(0, ...rows.map(({ time }) => time.length))
  const objectWidth = Math.max(0, ...rows.map(({ object }) => cellWidth(object)))
  const headWidth = labelWidth + seqWidth + timeWidth + objectWidth + 6
  const lines = rows.flatMap(({ seq, time, object, item }, index) => {
    const name = index === 0 ? paint.dim(label('events')) : ' '.repeat(labelWidth)
    const head = `${name}${seq.padStart(seqWidth)}  ${time.padStart(timeWidth)}  ${padEnd(object, objectWidth)}  `
    if (width - headWidth >= 20) return hanging(head, what(item), { width, headWidth })
    const below = ' '.repeat(labelWidth)
    return [cut(head, width), ...hanging(below, what(item), { width, headWidth: labelWidth })]
  })
  const more = evidence.length - shown.length
  return more > 0 ? [...lines, `${' '.repeat(labelWidth)}and ${more} more (-o json lists them all)`] : lines
}

const what = ({ type, detail }: EvidenceItem): string =>
  detail === '' || detail === type
    ? type
    : ['modified', 'action', 'reading', 'phase'].includes(type)
      ? detail
      : `${type}: ${detail}`
