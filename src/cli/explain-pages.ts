import type { Terminal } from '../ports.ts'
import { wrap } from '../report/layout.ts'
import { type FoundTopic, markWords } from '../study/search.ts'
import type { ExplainTopic } from '../study/study.ts'
import { createPage, type Page } from './page.ts'

const MOST_LINES = 4

/** What there is to read. */
export function topicList(topics: readonly ExplainTopic[], terminal: Terminal): string {
  const page = createPage(terminal)
  const width = Math.max(...topics.map(({ id }) => id.length))
  for (const { id, summary } of topics)
    page.add(...besides(page.paint.strong(id.padEnd(width)), width + 2, summary, page))
  page.add(
    '',
    page.paint.command('sts-lab explain TOPIC'),
    page.paint.command('sts-lab explain --search "WORDS"'),
  )
  return page.text()
}

/** One topic, and where it goes on. */
export function topicPage(topic: ExplainTopic, terminal: Terminal): string {
  const page = createPage(terminal)
  const { paint } = page
  page.add(page.rule(topic.title, topic.id), '')
  page.add(...page.prose(topic.text))
  const [lab, ...labs] = topic.labs
  const links = [
    ...topic.quiz.slice(0, 1).map((each) => `sts-lab quiz ${topic.quiz.length > 1 ? '' : each}`.trimEnd()),
    ...(lab === undefined
      ? []
      : [`sts-lab start ${lab}${labs.length === 0 ? '' : ` (or ${labs.join(', ')})`}`]),
  ]
  if (links.length > 0) page.add('')
  for (const link of links)
    page.add(
      ...wrap(link, page.width - 4).map((line, index) =>
        paint.command(`${index === 0 ? '  $ ' : '    '}${line}`),
      ),
    )
  return page.text()
}

/** Topics that have the words, with the lines that do. */
export function foundPage(
  found: readonly FoundTopic[],
  words: readonly string[],
  terminal: Terminal,
): string {
  const page = createPage(terminal)
  const { paint } = page
  for (const { topic, lines } of found) {
    page.add(...(page.text() === '' ? [] : ['']), `${paint.strong(topic.id)}  ${paint.dim(topic.title)}`)
    for (const { text } of lines.slice(0, MOST_LINES))
      page.add(
        ...wrap(plain(text), page.width - 2).map((line) => `  ${markWords(line, words, paint.unsure)}`),
      )
    if (lines.length > MOST_LINES) page.add(paint.dim(`  and ${lines.length - MOST_LINES} more`))
  }
  page.add('', ...found.slice(0, 3).map(({ topic }) => paint.command(`  $ sts-lab explain ${topic.id}`)))
  return page.text()
}

/** A line as it was written, without the marks that only style it. */
const plain = (line: string): string =>
  line
    .replace(/^## |^- |`/g, '')
    .replace(/^\||\|$/g, '')
    .replace(/\s*\|\s*/g, ' · ')
    .trim()

function besides(head: string, headWidth: number, text: string, page: Page): string[] {
  const gap = headWidth - 2
  return wrap(text, page.width - headWidth).map((line, index) =>
    index === 0 ? `${head}  ${line}` : `${' '.repeat(gap + 2)}${line}`,
  )
}
