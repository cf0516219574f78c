import { printable } from '../timeline/printable.ts'
import { hanging } from './layout.ts'
import { createPaint, type Paint } from './paint.ts'

/** A finding as the report needs it; `run/doctor.ts` has the full contract. */
interface Finding {
  readonly title: string
  readonly status: 'ok' | 'note' | 'problem' | 'unknown'
  readonly detail: string
  readonly remedy: string | null
}

export interface DoctorTextOptions {
  readonly columns: number
  readonly colour: boolean
  readonly unicode: boolean
}

/** The findings of `doctor` for people: each with its remedy below it, then a conclusion. Ends with a newline. */
export function doctorReport(
  cluster: { readonly context: string; readonly server: string },
  findings: readonly Finding[],
  options: DoctorTextOptions,
): string {
  const paint = createPaint(options.colour)
  const width = Math.max(40, Math.min(options.columns, 120))
  const titleWidth = Math.max(...findings.map((finding) => finding.title.length)) + 2
  const headWidth = 10 + titleWidth
  const lines = findings.flatMap((finding) => {
    const head = `${mark(finding.status, paint, options.unicode)} ${paint.strong(finding.title.padEnd(titleWidth))}`
    return [
      ...hanging(head, printable(finding.detail, 600), { width, headWidth }),
      ...(finding.remedy === null
        ? []
        : hanging(' '.repeat(headWidth), `→ ${printable(finding.remedy, 600)}`, {
            width,
            headWidth,
            paint: paint.command,
          })),
    ]
  })
  const problems = findings.filter((finding) => finding.status === 'problem').length
  const conclusion =
    problems > 0
      ? paint.fail(`${problems} ${problems === 1 ? 'problem' : 'problems'} to solve before a lab will work.`)
      : `${paint.pass('Fit for the labs.')} Begin with: ${paint.command('sts-lab start section1')}`
  return [
    `Cluster ${paint.strong(printable(cluster.context, 120))} at ${printable(cluster.server, 120)}`,
    '',
    ...lines,
    '',
    conclusion,
    '',
  ].join('\n')
}

/** Nine cells wide. */
function mark(status: Finding['status'], paint: Paint, unicode: boolean): string {
  switch (status) {
    case 'ok':
      return paint.pass(unicode ? '✔ ok     ' : '+ ok     ')
    case 'note':
      return paint.unsure(unicode ? '• note   ' : '- note   ')
    case 'problem':
      return paint.fail(unicode ? '✘ problem' : 'x problem')
    case 'unknown':
      return paint.unsure('? unknown')
  }
}
