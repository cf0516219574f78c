import { pickedChoices } from '../lab/answer.ts'
import type { LabQuestion } from '../lab/question.ts'
import { hanging } from '../report/layout.ts'
import { canBeJudged } from '../run/ask-question.ts'
import type { LabMessage } from '../run/conversation.ts'
import type { Page } from './page.ts'

/** A question as it is asked: its choices numbered as they are answered. */
export function questionLines(question: LabQuestion, page: Page): string[] {
  const { paint } = page
  const label = canBeJudged(question) ? 'Question' : 'Stop and think'
  const choices = question.choices.flatMap(({ text }, index) =>
    hanging(`${paint.strong(String(index + 1).padStart(3))}  `, text, {
      width: page.width - page.bar.length,
      headWidth: 5,
    }).map((line) => paint.action(page.bar) + line),
  )
  return [...page.aside(label, question.ask, paint.action), ...choices]
}

/** Right or not, why, and the key points that were found and missed. */
export function judgedLines(message: Extract<LabMessage, { say: 'judged' }>, page: Page): string[] {
  const { paint } = page
  const { judged, again, question, typed } = message
  const lines: string[] = []
  if (judged.right === true) lines.push(paint.pass('Right.'))
  if (judged.right === false) lines.push(notRight(question, typed, judged.found.length > 0, again, page))
  lines.push(...judged.why.flatMap((why) => page.prose(why)))
  for (const point of judged.found) lines.push(...keyPoint(page, paint.pass(page.unicode ? '✓' : '+'), point))
  for (const point of judged.missed)
    lines.push(...keyPoint(page, paint.unsure(page.unicode ? '·' : '-'), `missing: ${point}`))
  return lines
}

function notRight(question: LabQuestion, typed: string, some: boolean, again: boolean, page: Page): string {
  const { paint } = page
  const picked = pickedChoices(question, typed) ?? []
  const partly = picked.length > 0 && picked.every((number) => question.choices[number - 1]?.right === true)
  if (question.points.length > 0) return paint.unsure(some ? 'Partly.' : 'Not what was looked for.')
  const verdict = partly ? 'That is right, but not all of it.' : 'That is not it.'
  return paint.unsure(again ? `${verdict} Try once more.` : verdict)
}

const keyPoint = (page: Page, mark: string, point: string): string[] =>
  hanging(`  ${mark} `, point, { width: page.width, headWidth: 4 })
