import type { Criterion } from '../criteria/criterion.ts'
import type { Lab } from '../lab/lab.ts'
import type { Terminal } from '../ports.ts'
import { createPage } from './page.ts'

/** What an independent lab asks for: objectives, constraints, criteria. Text, ending in a line break. */
export function labStatement(
  lab: Lab,
  namespace: string,
  criteria: readonly Criterion[],
  terminal: Terminal,
): string {
  const page = createPage(terminal)
  const { paint } = page
  const list = (items: readonly string[]): string[] =>
    items.flatMap((item) => page.prose(`- ${item.replaceAll('{namespace}', namespace)}`))
  const wanted = criteria.filter(({ id }) => lab.criteria.includes(id))
  page.add(
    paint.strong(lab.title),
    ...page.prose(`${lab.summary} About ${lab.minutes} minutes.`),
    '',
    paint.strong('Objectives'),
    ...list(lab.objectives),
    '',
    paint.strong('Constraints'),
    ...list(lab.constraints),
    '',
    paint.strong('What decides'),
    ...wanted.map(({ number, title }) => `${String(number).padStart(2)}  ${title}`),
    '',
  )
  return page.text()
}

/** How to go on alone: the exam, the board, a hint. Text, ending in a line break. */
export function leaveAlone(
  lab: Lab,
  namespace: string,
  terminal: Terminal,
  questions: 'unasked' | 'done' | 'left',
): string {
  const page = createPage(terminal)
  const elsewhere = namespace === lab.namespace ? '' : ` --namespace ${namespace}`
  const command = (line: string): string => page.paint.command(`  $ ${line}`)
  if (questions !== 'unasked') page.add('')
  if (questions === 'left')
    page.add(
      ...page.prose(
        `Your answers are kept: \`sts-lab start ${lab.id}${elsewhere}\` goes on with the questions.`,
      ),
      '',
    )
  page.add(
    ...page.prose(
      'Now build it in your own way, with kubectl and manifests of your own. When you think it is done, the exam is:',
    ),
    command(`sts-lab verify ${lab.id}${elsewhere}`),
    ...page.prose('In another terminal, the board shows pods, claims and services as they move:'),
    command(`sts-lab watch ${lab.id}${elsewhere}`),
    ...page.prose(`Stuck? \`sts-lab hint ${lab.id}\` gives a hint.`),
  )
  return page.text()
}
