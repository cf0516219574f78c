import type { Terminal } from '../ports.ts'
import { asciiOnly, hanging } from '../report/layout.ts'
import { createPaint, type Paint, verdictMark } from '../report/paint.ts'
import { proseLines } from '../report/prose.ts'
import type { Seen, StepVerdict } from '../run/lab-verdict.ts'

const WIDEST = 100

/** A page while it is being written. */
export interface Page {
  /** Columns it may fill. */
  readonly width: number
  /** What a line of an aside begins with. */
  readonly bar: string
  readonly paint: Paint
  readonly unicode: boolean
  add(...lines: readonly string[]): void
  prose(text: string): string[]
  aside(label: string, text: string, style: (text: string) => string): string[]
  rule(left: string, right: string): string
  verdict(verdict: StepVerdict): string[]
  text(): string
}

export function createPage({ colour, columns, unicode = true }: Terminal): Page {
  const paint = createPaint(colour)
  const width = Math.min(WIDEST, Math.max(30, columns - 1))
  const lines: string[] = []
  const bar = unicode ? '▌ ' : '| '
  /** A failure to look at, without its explanation. One that was meant to be there is no failure of the student's. */
  const seenLines = ({ id, verdict, title, hint }: StepVerdict, { reason, lines: seen }: Seen): string[] => {
    const meant = id.startsWith('shows/')
    const mark = meant ? paint.action('  SEEN') : verdictMark(verdict, paint, unicode)
    const text = meant ? `Symptom: this is not so here: “${title}”` : title
    return [
      ...hanging(`${mark}  `, text, { width, headWidth: 8 }),
      ...[...(reason === null ? [] : [reason]), ...seen].flatMap((line, index) =>
        hanging(paint.dim(`        ${(index === 0 ? 'seen' : '').padEnd(10)}`), line, {
          width,
          headWidth: 18,
        }),
      ),
      ...(hint === null
        ? []
        : hanging(paint.dim(`        ${'hint'.padEnd(10)}`), hint, { width, headWidth: 18 })),
    ]
  }
  return {
    width,
    bar,
    paint,
    unicode,
    add: (...more) => lines.push(...more),
    prose: (text) => proseLines(text, width, paint, colour, unicode),
    aside(label, text, style) {
      return [style(label), ...proseLines(text, width - 2, paint, colour, unicode)].map(
        (line) => style(bar) + line,
      )
    },
    rule(left, right) {
      const fill = (unicode ? '─' : '-').repeat(Math.max(2, width - left.length - right.length - 2))
      return `${paint.strong(left)} ${paint.dim(`${fill} ${right}`)}`
    },
    verdict(verdict) {
      if (verdict.seen !== undefined) return seenLines(verdict, verdict.seen)
      const head = `${verdictMark(verdict.verdict, paint, unicode)}  `
      const more = (name: string, value: string | null): string[] =>
        value === null
          ? []
          : hanging(paint.dim(`        ${name.padEnd(10)}`), value, { width, headWidth: 18 })
      return [
        ...hanging(head, verdict.reason === '' ? verdict.title : `${verdict.title}: ${verdict.reason}`, {
          width,
          headWidth: 8,
        }),
        ...(verdict.verdict === 'pass'
          ? []
          : [
              ...more('expected', verdict.expected),
              ...more('seen', verdict.actual),
              ...more('hint', verdict.hint),
            ]),
      ]
    },
    text() {
      const all = lines.length === 0 ? '' : `${lines.join('\n')}\n`
      return unicode ? all : asciiOnly(all)
    },
  }
}
