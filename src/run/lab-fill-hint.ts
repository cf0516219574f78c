import type { Blank } from '../lab/blank.ts'
import type { BlankVerdict, FillJudgement } from '../lab/blanks/judge-fill.ts'
import type { Lab, LabStep } from '../lab/lab.ts'
import type { LabRun } from './lab-run.ts'
import { hintShown, type LabProgress, stepProgress } from './progress.ts'

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
  const { clock, conversation } = run.deps
  const count = (progress: LabProgress): LabProgress =>
    blankHintShown(progress, run.lab, step.id, verdict.blank, clock.now())
  const hint = blankHint(await run.change(count), step.id, verdict.blank)
  if (hint !== null) conversation.tell({ say: 'blank-hint', verdict, ...hint })
}

/** Counts one more hint of a blank as shown. */
export const blankHintShown = (
  progress: LabProgress,
  lab: Lab,
  step: string,
  { id, hints }: Blank,
  now: Date,
): LabProgress => hintShown(progress, lab, `${step}/${id}`, now, hints.length)

/** The hint of a blank that was shown last; null: none. */
export function blankHint(
  progress: LabProgress,
  step: string,
  { id, hints }: Blank,
): { readonly text: string; readonly number: number; readonly of: number } | null {
  const number = stepProgress(progress, `${step}/${id}`).hints
  const text = hints[number - 1]
  return text === undefined ? null : { text, number, of: hints.length }
}
