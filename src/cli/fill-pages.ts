import type { BlankVerdict } from '../lab/blanks/judge-fill.ts'
import type { LabProblem } from '../lab/problem.ts'
import { hanging } from '../report/layout.ts'
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
      const then = message.watched
        ? 'Each time you save it, it is looked at.'
        : 'Press Enter when you have saved it.'
      return [`${begin} ${paint.strong(printable(message.file))}`, paint.dim(then), '']
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
        ...message.text.split('\n').map((line) => `  ${printable(line)}`),
        ...page.prose('Nothing is lost: correct the file and save it.'),
      ]
  }
}

function newsLines(news: FilledNews, page: Page): string[] {
  const { paint } = page
  const { mistake } = news
  if (mistake !== null)
    return [
      '',
      `${paint.fail(`Not YAML, line ${mistake.line}, column ${mistake.column}:`)} ${printable(mistake.message)}`,
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
    lines.push(
      ...marked(
        paint.dim('note  '),
        `line ${note.line}: ${printable(note.message, 300)}. That is allowed.`,
        page,
      ),
    )
  const { right, wrong, open } = news
  const rest = [...(wrong > 0 ? [`${wrong} wrong`] : []), ...(open > 0 ? [`${open} still open`] : [])]
  const count = [`${right} of ${right + wrong + open} right`, ...rest].join(', ')
  return ['', ...lines, paint.strong(count)]
}

function blankLines(verdict: BlankVerdict, page: Page): string[] {
  const { paint, unicode } = page
  const line = printable(verdict.text.trim())
  switch (verdict.verdict) {
    case 'right':
      return [`${verdictMark('pass', paint, unicode)}  line ${verdict.line}: ${line}`]
    case 'open':
      return [`${paint.dim('open  ')}  line ${verdict.line}: ${paint.dim(line)}`]
    case 'wrong':
      return [
        ...marked(verdictMark('fail', paint, unicode), `line ${verdict.line}:`, page),
        ...quoted(verdict, page, paint.fail),
        ...page.prose(printable(verdict.reason ?? '', 500)).map((each) => `        ${each}`),
      ]
  }
}

const marked = (mark: string, text: string, { width }: Page): string[] =>
  hanging(`${mark}  `, text, { width, headWidth: 8 })

/** The line itself, with a caret under the place. A tab is one column wide, so that the caret stands right. */
function quoted(
  { line, column, text }: Pick<LabProblem, 'line' | 'column' | 'text'>,
  { paint, unicode }: Page,
  style: (text: string) => string,
): string[] {
  const gutter = `${String(line).padStart(6)} | `
  const shown = printable(text.replaceAll('\t', unicode ? '→' : ' '))
  return [`${paint.dim(gutter)}${shown}`, `${' '.repeat(gutter.length + column - 1)}${style('^')}`]
}
