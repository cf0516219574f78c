import { EXIT, type ExitCode } from '../../exit-codes.ts'
import { createPaint, verdictMark } from '../../report/paint.ts'
import { stepProgress } from '../../run/progress.ts'
import { keptLab } from '../kept-lab.ts'
import type { Services } from '../services.ts'

export interface StatusOptions {
  readonly lab: string | undefined
  readonly output: 'text' | 'json'
}

/** `sts-lab status [lab]`: what is done, and where one is. Reads the progress file only, no cluster. */
export async function status(options: StatusOptions, services: Services): Promise<ExitCode> {
  const { terminal } = services
  const { lab, progress, begun } = await keptLab(options.lab, services)
  const steps = lab.steps.map((step) => {
    const { doneAt, skipped, verdicts, hints } = stepProgress(progress, step.id)
    return { id: step.id, part: step.part, title: step.title, doneAt, skipped, verdicts, hints }
  })
  if (options.output === 'json') {
    const { namespace, current, startedAt, updatedAt } = progress
    const at = begun ? { startedAt, updatedAt } : { startedAt: null, updatedAt: null }
    terminal.out(
      `${JSON.stringify({ schemaVersion: 1, lab: lab.id, namespace, begun, current, ...at, steps }, null, 2)}\n`,
    )
    return EXIT.passed
  }
  const paint = createPaint(terminal.colour)
  const unicode = terminal.unicode ?? true
  terminal.out(`${paint.strong(lab.title)}, namespace ${progress.namespace}\n`)
  for (const step of steps) {
    const here = begun && step.id === progress.current
    const verdicts = Object.values(step.verdicts)
    const worst =
      verdicts.find((verdict) => verdict === 'fail') ?? verdicts.find((verdict) => verdict === 'inconclusive')
    const mark = step.doneAt === null ? '      ' : verdictMark(worst ?? 'pass', paint, unicode)
    const line = `${step.part.padEnd(5)} ${step.title}`
    terminal.out(
      `${mark}  ${here ? paint.strong(line) : line}${here ? paint.action('  <- you are here') : ''}${step.skipped ? paint.dim(' (skipped)') : ''}\n`,
    )
  }
  const elsewhere = progress.namespace === lab.namespace ? '' : ` --namespace ${progress.namespace}`
  const next =
    lab.steps.length === 0
      ? `sts-lab verify ${lab.id}${elsewhere}`
      : begun && progress.current === null
        ? `finished; sts-lab start ${lab.id}${elsewhere} begins anew`
        : `sts-lab start ${lab.id}${elsewhere}`
  terminal.out(`${paint.command(next)}\n`)
  return EXIT.passed
}
