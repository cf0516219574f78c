import { EXIT, type ExitCode } from '../../exit-codes.ts'
import type { FillJudgement } from '../../lab/blanks/judge-fill.ts'
import type { Lab, LabStep } from '../../lab/lab.ts'
import { fillPlaceholders, placeholderValues } from '../../lab/placeholders.ts'
import { createPaint } from '../../report/paint.ts'
import { proseLines } from '../../report/prose.ts'
import { judgeText } from '../../run/lab-fill-files.ts'
import { blankHint, blankHintShown } from '../../run/lab-fill-hint.ts'
import { hintShown, type LabProgress, progressFor, stepProgress } from '../../run/progress.ts'
import { printable } from '../../timeline/printable.ts'
import { keptLab } from '../kept-lab.ts'
import { fillSetting } from '../lab-files.ts'
import { progressStore } from '../progress-file.ts'
import type { Services } from '../services.ts'

/** The name under which hints of a lab without steps are counted. */
const WHOLE_LAB = 'lab'

/**
 * `sts-lab hint [lab]`: the next rung of the ladder of the step one is at; where it fills a file, of its first blank
 * that is not right.
 */
export async function hint(
  options: { readonly lab: string | undefined },
  services: Services,
): Promise<ExitCode> {
  const { lab, progress } = await keptLab(options.lab, services)
  const step = lab.steps.find(({ id }) => id === progress.current)
  const store = progressStore(services, lab, progress.namespace)
  const change = (how: (kept: LabProgress, now: Date) => LabProgress): Promise<LabProgress> => {
    const now = services.clock.now()
    return store.change((kept) => how(progressFor(lab, progress.namespace, kept, now), now))
  }
  const filling = step === undefined ? null : await judgedFile(lab, step, progress, services)
  const mistake = filling?.mistake ?? null
  if (mistake !== null) {
    print(`line ${mistake.line} comes first`, printable(mistake.message, 300), services)
    return EXIT.passed
  }
  const blank = filling?.blanks.find(({ verdict }) => verdict !== 'right')
  if (step !== undefined && blank !== undefined) {
    const after = await change((kept, now) => blankHintShown(kept, lab, step.id, blank.blank, now))
    const shown = blankHint(after, step.id, blank.blank)
    if (shown !== null)
      print(`line ${blank.line}, hint ${shown.number}/${shown.of}: ${blank.blank.ask}`, shown.text, services)
    return EXIT.passed
  }
  const hints = step?.hints ?? (lab.steps.length === 0 ? lab.hints : [])
  if (hints.length === 0) {
    services.terminal.out(`${lab.title} is finished: nothing to hint at\n`)
    return EXIT.passed
  }
  const id = step?.id ?? WHOLE_LAB
  const after = await change((kept, now) => hintShown(kept, lab, id, now))
  const number = stepProgress(after, id).hints
  const values = placeholderValues(lab, progress.namespace, (each) => progress.answers[`fill/${each}`]?.text)
  const text = fillPlaceholders(hints[number - 1] ?? '', values)
  print(`${step?.title ?? lab.title}, hint ${number}/${hints.length}`, text, services)
  return EXIT.passed
}

function print(title: string, text: string, { terminal }: Services): void {
  const paint = createPaint(terminal.colour)
  const prose = proseLines(text, Math.min(100, terminal.columns - 1), paint, terminal.colour)
  terminal.out(`${paint.unsure(title)}\n${prose.join('\n')}\n`)
}

/** What the step's file with blanks comes to; null: the step has none, or the student has none. */
async function judgedFile(
  lab: Lab,
  { action }: LabStep,
  progress: LabProgress,
  services: Services,
): Promise<FillJudgement | null> {
  const { namespace, folder } = progress
  if (action?.do !== 'fill' || folder === null) return null
  const setting = fillSetting(lab, namespace, folder, services, progress)
  const text = await setting.tools.student?.read(action.file)
  if (text === null || text === undefined) return null
  return judgeText(setting, action, text)
}
