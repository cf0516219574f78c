import type { Criterion } from '../criteria/criterion.ts'
import type { Lab } from '../lab/lab.ts'
import type { Terminal } from '../ports.ts'
import { createPaint } from '../report/paint.ts'
import { proseLines } from '../report/prose.ts'

/** What an independent lab asks for: objectives, constraints, criteria, and how to be judged. */
export function labBrief(
  lab: Lab,
  namespace: string,
  criteria: readonly Criterion[],
  terminal: Terminal,
): string {
  const { colour, columns } = terminal
  const paint = createPaint(colour)
  const prose = (text: string): string[] =>
    proseLines(text.replaceAll('{namespace}', namespace), Math.min(100, columns - 1), paint, colour)
  const list = (items: readonly string[]): string[] => items.flatMap((item) => prose(`- ${item}`))
  const wanted = criteria.filter(({ id }) => lab.criteria.includes(id))
  const elsewhere = namespace === lab.namespace ? '' : ` --namespace ${namespace}`
  const lines = [
    paint.strong(lab.title),
    ...prose(lab.summary),
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
    ...prose('Build it in your own way, with kubectl and manifests of your own. Then:'),
    paint.command(`  $ sts-lab verify ${lab.id}${elsewhere}`),
    ...prose(
      `\`sts-lab watch${elsewhere === '' ? ` ${lab.id}` : elsewhere}\` shows the cluster beside it, \`sts-lab hint ${lab.id}\` gives a hint.`,
    ),
  ]
  return `${lines.join('\n')}\n`
}
