import type { LabStep } from '../lab/lab.ts'
import { rememberBroken } from './lab-broken.ts'
import { catchUp } from './lab-catch-up.ts'
import { fill, lookLines } from './lab-commands.ts'
import { chooseOr } from './lab-prompt.ts'
import { repairAlone } from './lab-repair-alone.ts'
import { RepairingStudent } from './lab-repair-student.ts'
import type { LabRun } from './lab-run.ts'
import type { StepEnd } from './lab-step.ts'
import { watchRest } from './rest.ts'

/**
 * A repair: the student mends what is broken, in another terminal and in any way. Each time the cluster has come to
 * rest after a change, evidence is gathered anew and every check judged. With nobody there our own solution is tried.
 */
export async function runRepair(run: LabRun, step: LabStep): Promise<StepEnd> {
  const { until } = step
  if (until?.see !== 'fixed') throw new Error(`step ${step.id} is no repair`)
  const { timeline, clock } = run.sitting.session
  const rest = watchRest(timeline, clock)
  try {
    await run.namespaceWatch.look(run.deps.signal)
    introduce(run, step)
    const ready = await bringToStart(run, step)
    if (ready !== 'ready') return { end: ready }
    const repair = { run, step, goal: until, rest }
    return run.deps.conversation.interactive
      ? await new RepairingStudent(repair).mend()
      : await repairAlone(repair)
  } finally {
    rest.stop()
  }
}

/** What would mend it is not shown: that is the exercise. */
function introduce(run: LabRun, step: LabStep): void {
  const setting = run.commands()
  run.deps.conversation.tell({
    say: 'step',
    step: { ...step, explain: fill(step.explain, setting) },
    number: run.lab.steps.findIndex(({ id }) => id === step.id) + 1,
    of: run.lab.steps.length,
    namespace: run.namespace,
    commands: [],
    look: lookLines(step, setting),
  })
}

/** Half repaired or taken apart is where the student left it; only when nothing is there is it put up again. */
async function bringToStart(run: LabRun, step: LabStep): Promise<'ready' | 'back' | 'quit'> {
  const { statefulsets, services, claims } = run.sitting.session.state
  if (step.needs === null || statefulsets.size + services.size + claims.size > 0) return 'ready'
  run.deps.conversation.tell({ say: 'note', text: 'Nothing of this exercise is on the cluster now.' })
  const choice = await chooseOr('', run, [
    { key: '', text: 'put the broken system up again' },
    { key: 'b', text: 'back to the step before' },
    { key: 'q', text: 'quit' },
  ])
  if (choice === 'b') return 'back'
  if (choice === 'q') return 'quit'
  await catchUp(run, step)
  await rememberBroken(run)
  return 'ready'
}
