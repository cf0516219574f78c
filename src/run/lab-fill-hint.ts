import type { BlankVerdict, FillJudgement } from '../lab/blanks/judge-fill.ts'
import type { LabStep } from '../lab/lab.ts'
import type { LabRun } from './lab-run.ts'
import { hintShown, stepProgress } from './progress.ts'

/** The next rung of the ladder of the first blank that is not right. */
export async function hintForBlank(
  run: LabRun,
  step: LabStep,
  judgement: FillJudgement | null,
): Promise<void> {
  const { conversation } = run.deps
  const next = judgement?.blanks.find(({ verdict }) => verdict !== 'right')
  if (next !== undefined) return giveBlankHint(run, step, next)
  const first = judgement?.mistake ?? judgement?.problems[0]
  const text =
    first === undefined
      ? 'There is no file to hint at.'
      : `First of all, line ${first.line}: ${first.message}.`
  conversation.tell({ say: 'note', text })
}

/** The last one again when all were shown. How many were is kept, blank by blank. */
export async function giveBlankHint(run: LabRun, step: LabStep, verdict: BlankVerdict): Promise<void> {
  const { hints, id } = verdict.blank
  const key = blankKey(step.id, id)
  const after = await run.change((progress) =>
    hintShown(progress, run.lab, key, run.deps.clock.now(), hints.length),
  )
  const number = stepProgress(after, key).hints
  const text = hints[number - 1]
  if (text !== undefined)
    run.deps.conversation.tell({ say: 'blank-hint', verdict, text, number, of: hints.length })
}

/** Under which the hints of a blank are counted in progress. */
export const blankKey = (step: string, blank: string): string => `${step}/${blank}`
