import type { BlankVerdict } from '../lab/blanks/judge-fill.ts'
import type { LabProblem } from '../lab/problem.ts'
import { cut, hanging } from '../report/layout.ts'
import { verdictMark } from '../report/paint.ts'
import type { FilledNews, FillMessage } from '../run/fill-message.ts'
import { printable } from '../timeline/printable.ts'
import type { Page } from './page.ts'

/** What is told of a file with blanks, as lines. */
export function fillLines(message: FillMessage, page: Page): string[] {
  const { paint } = page
  switch (message.say) {
    case 'handed-out': {
      const begin = message.fresh ? 'Your file:' : 'Your file, as you left it:'
      const anew = message.fresh ? '' : ' `sts-lab reset` begins it anew.'
      const then = `${HOW[message.how]}${anew}`
      return [
        `${begin} ${paint.strong(printable(message.file))}`,
        ...page.prose(then).map((line) => paint.dim(line)),
      ]
    }
    case 'filled':
      return newsLines(message, page)
    case 'blank':
      return ['', ...quoted(message.verdict, page, paint.action), ...page.prose(message.verdict.blank.ask)]
    case 'blank-hint': {
      const { verdict, number, of, text } = message
      return page.aside(
        `Hint ${number}/${of} for line ${verdict.line}: ${verdict.blank.ask}`,
        text,
        paint.unsure,
      )
    }
    case 'refused':
      return [
        paint.fail('The API server does not take it:'),
        ...message.text
          .split('\n')
          .flatMap((line) => hanging('  ', printable(line, 600), { width: page.width, headWidth: 2 })),
        ...page.prose('Nothing is lost: correct the file and save it.'),
      ]
  }
}

const HOW = {
  watched: 'Each time you save it, it is looked at.',
  'on-enter': 'Press Enter when you have saved it: the folder cannot be watched.',
  asked: 'What you answer is written into it.',
} as const

function newsLines(news: FilledNews, page: Page): string[] {
  const { paint } = page
  const { mistake } = news
  if (mistake !== null)
    return [
      '',
      ...hanging(paint.fail(`Line ${mistake.line}: `), printable(mistake.message, 300), {
        width: page.width,
        headWidth: `Line ${mistake.line}: `.length,
      }),
      ...quoted(mistake, page, paint.fail),
    ]
  const lines = news.blanks.flatMap((verdict) => blankLines(verdict, page))
  for (const problem of news.problems)
    lines.push(
      ...marked(
        verdictMark('fail', paint, page.unicode),
        `line ${problem.line}: ${printable(problem.message, 300)}`,
        page,
      ),
      ...quoted(problem, page, paint.fail),
    )
  for (const note of news.notes)
    lines.push(...marked(paint.dim('note  '), `line ${note.line}: ${printable(note.message, 300)}.`, page))
  const { right, wrong, open } = news
  const rest = [
    ...(wrong > 0 ? [`${wrong} wrong`] : []),
    ...(open > 0 ? [`${open} still open`] : []),
    ...(news.problems.length > 0 ? ['and it cannot be applied like this'] : []),
  ]
  if (right + wrong + open === 0) return lines
  const count = [`${right} of ${right + wrong + open} right`, ...rest].join(', ')
  return ['', ...lines, paint.strong(count)]
}

function blankLines({ verdict, line, column, text, reason }: BlankVerdict, page: Page): string[] {
  const { paint, unicode } = page
  const where = `line ${line}: `
  const indent = text.length - text.trimStart().length
  const shown = inOneLine(text.slice(indent), page, MARK + where.length)
  switch (verdict) {
    case 'right':
      return [`${verdictMark('pass', paint, unicode)}  ${where}${shown}`]
    case 'open':
      return [`${paint.dim('open  ')}  ${where}${paint.dim(shown)}`]
    case 'wrong':
      return [
        `${verdictMark('fail', paint, unicode)}  ${where}${shown}`,
        `${' '.repeat(MARK + where.length + Math.max(0, column - 1 - indent))}${paint.fail('^')}`,
        ...hanging(' '.repeat(MARK), printable(reason ?? '', 600), { width: page.width, headWidth: MARK }),
      ]
  }
}

/** Columns of a verdict's mark with what follows it. */
const MARK = 8

const marked = (mark: string, text: string, { width }: Page): string[] =>
  hanging(`${mark}  `, text, { width, headWidth: MARK })

/** The line itself, with a caret under the place. */
function quoted(
  { line, column, text }: Pick<LabProblem, 'line' | 'column' | 'text'>,
  page: Page,
  style: (text: string) => string,
): string[] {
  const gutter = `${String(line).padStart(6)} | `
  const shown = inOneLine(text, page, gutter.length)
  return [`${page.paint.dim(gutter)}${shown}`, `${' '.repeat(gutter.length + column - 1)}${style('^')}`]
}

/** A tab is made one column wide, so that a caret below stands right. */
const inOneLine = (text: string, { unicode, width }: Page, before: number): string =>
  cut(text.replaceAll('\t', unicode ? '→' : ' '), width - before)
