import type { LabStep } from '../lab/lab.ts'
import type { LabRun } from './lab-run.ts'
import { hintShown, progressFor, stepProgress } from './progress.ts'

/** The next rung of the step's ladder; the last one again when all were shown. */
export async function giveHint(run: LabRun, step: LabStep): Promise<void> {
  const { conversation, progress, clock } = run.deps
  const now = clock.now()
  const after = await progress.change((kept) =>
    hintShown(progressFor(run.lab, run.namespace, kept, now), run.lab, step.id, now),
  )
  const number = stepProgress(after, step.id).hints
  const text = step.hints[number - 1]
  if (text === undefined) return
  conversation.tell({
    say: 'hint',
    text,
    number,
    of: step.hints.length,
  })
}
