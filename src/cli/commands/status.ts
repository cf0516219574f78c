import { EXIT, type ExitCode } from '../../exit-codes.ts'
import type { Lab } from '../../lab/lab.ts'
import { verdictMark } from '../../report/paint.ts'
import { answerScore, answersInWords, examInWords } from '../../run/lab-standing.ts'
import { type LabProgress, stepProgress } from '../../run/progress.ts'
import { printable } from '../../timeline/printable.ts'
import { type KeptLab, keptLab } from '../kept-lab.ts'
import { createPage, type Page } from '../page.ts'
import { otherVersions } from '../progress-file.ts'
import type { Services } from '../services.ts'

export interface StatusOptions {
  readonly lab: string | undefined
  readonly output: 'text' | 'json'
}

type Other = Awaited<ReturnType<typeof otherVersions>>[number]

/** `sts-lab status [lab]`: what is done, and where one is. Reads the progress file only, no cluster. */
export async function status(options: StatusOptions, services: Services): Promise<ExitCode> {
  const { terminal } = services
  const kept = await keptLab(options.lab, services)
  const { lab, progress, begun } = kept
  const others = await otherVersions(services, lab)
  if (options.output === 'json') {
    const { namespace, current, startedAt, updatedAt, folder, answers, exam } = progress
    const at = begun ? { startedAt, updatedAt } : { startedAt: null, updatedAt: null }
    const steps = lab.steps.map((step) => {
      const { doneAt, skipped, verdicts, hints } = stepProgress(progress, step.id)
      return { id: step.id, part: step.part, title: step.title, doneAt, skipped, verdicts, hints }
    })
    const otherFiles = others.map((other) => ({ version: other.progress.labVersion, file: other.file }))
    const about = {
      lab: lab.id,
      version: lab.version,
      namespace,
      begun,
      current,
      ...at,
      folder,
      answers,
      exam,
    }
    terminal.out(
      `${JSON.stringify({ schemaVersion: 1, ...about, steps, otherVersions: otherFiles }, null, 2)}\n`,
    )
    return EXIT.passed
  }
  const page = createPage(terminal)
  page.add(`${page.paint.strong(lab.title)}, namespace ${progress.namespace}`)
  for (const step of lab.steps) page.add(stepLine(step, kept, page))
  page.add(...facts(progress, others, lab, page))
  page.add(page.paint.command(next(kept)))
  terminal.out(page.text())
  return EXIT.passed
}

function stepLine(
  step: Lab['steps'][number],
  { progress, begun }: KeptLab,
  { paint, unicode }: Page,
): string {
  const { doneAt, skipped, verdicts } = stepProgress(progress, step.id)
  const here = begun && step.id === progress.current
  const all = Object.values(verdicts)
  const worst = all.find((verdict) => verdict === 'fail') ?? all.find((verdict) => verdict === 'inconclusive')
  const mark = doneAt === null ? '      ' : verdictMark(worst ?? 'pass', paint, unicode)
  const line = `${step.part.padEnd(5)} ${step.title}`
  return `${mark}  ${here ? paint.strong(line) : line}${here ? paint.action('  <- you are here') : ''}${skipped ? paint.dim(' (skipped)') : ''}`
}

/** Exam, answers, the student's files, and what is kept of other versions. */
function facts(progress: LabProgress, others: readonly Other[], lab: Lab, page: Page): string[] {
  const exam = examInWords(progress)
  const answers = answersInWords(answerScore(progress))
  return [
    ...(exam === null ? [] : [exam]),
    ...(answers === null ? [] : [`answers: ${answers}`]),
    ...(progress.folder === null ? [] : [`your files: ${printable(progress.folder, 500)}`]),
    ...others.map(
      (other) =>
        `progress of version ${other.progress.labVersion} is kept in ${other.file}; this is version ${lab.version}`,
    ),
  ].flatMap((line) => page.prose(line).map((text) => page.paint.dim(text)))
}

/** What to type. */
function next({ lab, progress, begun }: KeptLab): string {
  const elsewhere = progress.namespace === lab.namespace ? '' : ` --namespace ${progress.namespace}`
  if (lab.steps.length === 0)
    return `sts-lab ${begun || progress.exam !== null ? 'verify' : 'start'} ${lab.id}${elsewhere}`
  if (begun && progress.current === null) return `finished; sts-lab start ${lab.id}${elsewhere} begins anew`
  return `sts-lab start ${lab.id}${elsewhere}`
}
