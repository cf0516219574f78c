import type { Terminal } from '../ports.ts'
import { wrap } from '../report/layout.ts'
import { type ItemStanding, type PlanStanding, proofName } from '../study/plan-standing.ts'
import { createPage, type Page } from './page.ts'

/** An evening of the plan is one to two hours. */
const EVENING_HOURS = 1.5

/** The learning plan as a checklist, with what ticks each item and what to do next. */
export function planPage({ phases, done, items, next }: PlanStanding, terminal: Terminal): string {
  const page = createPage(terminal)
  const { paint } = page
  for (const { phase, items: standings } of phases) {
    const ticked = standings.filter(({ by }) => by !== null).length
    const [from, to] = phase.weeks
    page.add(
      ...(page.text() === '' ? [] : ['']),
      page.rule(phase.title, `${ticked}/${standings.length}`),
      ...page
        .prose(
          `${phase.note} About ${hours(from)} to ${hours(to)} hours: ${from} to ${to} weeks of evenings.`,
        )
        .map((line) => paint.dim(line)),
    )
    for (const group of phase.groups) {
      page.add('', paint.strong(group.title))
      for (const standing of standings.filter(({ item }) => group.items.includes(item)))
        page.add(...itemLines(standing, page))
    }
  }
  page.add('', `${done} of ${items} done.`)
  if (next !== null) {
    page.add(`next: ${paint.command(next.command)}`)
    if (next.item.proofs.length > 0) page.add(paint.dim(`read: sts-lab explain ${next.item.read}`))
    if (next.item.proofs.length === 0)
      page.add(...page.prose(`Nothing here can prove it. When you have done it: \`${tickCommand(next)}\``))
  }
  return page.text()
}

function itemLines({ item, by, command }: ItemStanding, page: Page): string[] {
  const { paint, unicode } = page
  const box = by === null ? '[ ]' : paint.pass(unicode ? '[✓]' : '[x]')
  const how =
    by === 'hand'
      ? 'ticked by hand'
      : by !== null
        ? `proven by ${proofName(by)}`
        : item.proofs.length === 0
          ? `by hand: sts-lab plan --done ${item.id}; read: ${command.replace('sts-lab ', '')}`
          : `proof: ${item.proofs.map(proofName).join(', or ')}`
  return [
    ...wrap(item.text, page.width - 4).map((line, index) => `${index === 0 ? box : '   '} ${line}`),
    ...wrap(how, page.width - 6).map((line) => paint.dim(`      ${line}`)),
  ]
}

const tickCommand = ({ item }: ItemStanding): string => `sts-lab plan --done ${item.id}`

const hours = (weeks: number): string => String(Math.round(weeks * 7 * EVENING_HOURS))
