import type { Terminal } from '../ports.ts'
import { tableLines } from '../report/table.ts'
import type { QuizOutcome } from '../run/quiz.ts'
import { knows, type Score, type StudyRecord } from '../study/scores.ts'
import type { StudyQuestion } from '../study/study.ts'
import { createPage } from './page.ts'

/** What a sitting came to: the score, and for what was missed what to read and what to do. */
export function sittingPage(
  { right, missed, open, quit }: QuizOutcome,
  scores: ReadonlyMap<string, Score>,
  terminal: Terminal,
): string {
  const page = createPage(terminal)
  const { paint } = page
  const asked = right.length + missed.length
  if (asked === 0) return ''
  page.add(
    '',
    page.rule(`${right.length} of ${asked} right at the first try`, quit ? 'left early' : 'done'),
    '',
    ...scoreTable([...scores], terminal),
  )
  if (missed.length > 0) {
    const again = missed.length - open.length
    page.add(
      '',
      ...page.prose(
        `Missed: ${missed.length}${again > 0 ? `, of which ${again} known when asked again` : ''}. ${missed.length === 1 ? 'It comes' : 'They come'} again first next time.`,
      ),
      '',
      ...unique(missed.map(({ read }) => `  sts-lab explain ${read}`)).map((line) => paint.command(line)),
      ...unique(missed.flatMap(({ lab }) => (lab === null ? [] : [`  sts-lab start ${lab}`]))).map((line) =>
        paint.command(line),
      ),
    )
  }
  return page.text()
}

/** Topic by topic. */
function scoreTable(scores: readonly (readonly [string, Score])[], terminal: Terminal): string[] {
  const page = createPage(terminal)
  const rows = scores.map(([topic, score]) => [
    topic,
    `${score.right} of ${score.questions}`,
    String(score.questions - score.answered),
    String(score.due),
    knows(score) ? 'known' : '',
  ])
  return tableLines([['topic', 'right', 'new', 'due', ''], ...rows], page)
}

/** Every question, without its answer. */
export function questionList(
  questions: readonly StudyQuestion[],
  record: StudyRecord,
  terminal: Terminal,
): string {
  const page = createPage(terminal)
  const { paint } = page
  let topic = ''
  for (const question of questions) {
    if (question.topic !== topic) {
      topic = question.topic
      page.add(...(page.text() === '' ? [] : ['']), paint.strong(topic))
    }
    const kept = record.questions[question.id]
    const state = kept === undefined ? 'new' : kept.lastRight ? `right, box ${kept.box}` : 'missed'
    page.add('', paint.dim(`${question.id} · ${question.kind} · ${question.level} · ${state}`))
    page.add(...page.prose(question.ask))
    question.choices.forEach(({ text }, index) => {
      page.add(...page.prose(`- ${index + 1}. ${text}`).map((line) => `  ${line.replace(/^- /, '')}`))
    })
  }
  return page.text()
}

const unique = (lines: readonly string[]): string[] => [...new Set(lines)]
