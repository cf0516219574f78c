import { EXIT, type ExitCode } from '../../exit-codes.ts'
import { createPaint } from '../../report/paint.ts'
import { proseLines } from '../../report/prose.ts'
import { hintShown, progressFor, stepProgress } from '../../run/progress.ts'
import { keptLab } from '../kept-lab.ts'
import { progressStore } from '../progress-file.ts'
import type { Services } from '../services.ts'

/** The name under which hints of a lab without steps are counted. */
const WHOLE_LAB = 'lab'

/** `sts-lab hint [lab]`: the next rung of the ladder of the step one is at. */
export async function hint(
  options: { readonly lab: string | undefined },
  services: Services,
): Promise<ExitCode> {
  const { terminal, clock } = services
  const { lab, progress } = await keptLab(options.lab, services)
  const step = lab.steps.find(({ id }) => id === progress.current)
  const hints = step?.hints ?? (lab.steps.length === 0 ? lab.hints : [])
  if (hints.length === 0) {
    terminal.out(`${lab.title} is finished: nothing to hint at\n`)
    return EXIT.passed
  }
  const id = step?.id ?? WHOLE_LAB
  const after = await progressStore(services, lab, progress.namespace).change((kept) =>
    hintShown(progressFor(lab, progress.namespace, kept, clock.now()), lab, id, clock.now()),
  )
  const number = stepProgress(after, id).hints
  const text = (hints[number - 1] ?? '').replaceAll('{namespace}', progress.namespace)
  const paint = createPaint(terminal.colour)
  terminal.out(`${paint.unsure(`${step?.title ?? lab.title}, hint ${number}/${hints.length}`)}\n`)
  terminal.out(
    `${proseLines(text, Math.min(100, terminal.columns - 1), paint, terminal.colour).join('\n')}\n`,
  )
  return EXIT.passed
}
