import { undecidedError } from '../errors.ts'
import type { LabStep } from '../lab/lab.ts'
import { type Awaited, type Progress, throwIfInterrupted } from './await-state.ts'
import { perform } from './lab-action.ts'
import { commandsFor } from './lab-commands.ts'
import { judgeGoal } from './lab-goal.ts'
import type { LabRun } from './lab-run.ts'
import { awaitGoal, awaitShown } from './lab-wait.ts'

/** Whether the state that an earlier step leaves is there now. */
export function holds(run: LabRun, step: LabStep): boolean {
  // A replacement is over when its set is ready: against no earlier pods, any pod of that name is another.
  return step.until === null || judgeGoal(step.until, run.goal(new Map())()).done
}

/**
 * Brings the cluster to where a step can begin: does the earlier steps again that are needed for it, quickly
 * and without their checks.
 *
 * @throws LabError 'not-ready' when that does not succeed.
 */
export async function catchUp(run: LabRun, step: LabStep): Promise<void> {
  if (step.needs === null) return
  const needed = run.step(step.needs)
  if (holds(run, needed)) return
  await makePossible(run, needed)
  await redo(run, needed)
}

/** Takes back what a step does, so that it can be done again and watched. */
export async function rewind(run: LabRun, step: LabStep): Promise<void> {
  const { action } = step
  if (action?.do === 'apply' || action?.do === 'fill') {
    const objects = [{ kind: 'StatefulSet', name: run.statefulSet, selector: null }] as const
    await perform({ do: 'delete', objects }, run.action())
    const reason = 'the set and its pods are not gone yet'
    const judge = (): Progress => (podsAreGone(run) ? { done: true } : { done: false, reason })
    expectReached(run, step, await awaitShown(run, judge, waitOf(step)))
    return
  }
  if (action?.do === 'set-image') {
    const origin = run.lab.steps.find((each) => each.phase === 'create')
    if (origin !== undefined) await redo(run, origin)
  }
  await catchUp(run, step)
}

function podsAreGone(run: LabRun): boolean {
  const { statefulsets, pods } = run.sitting.session.state
  return (
    !statefulsets.has(run.statefulSet) &&
    ![...pods.values()].some((pod) => pod.controller?.name === run.statefulSet)
  )
}

/** An action needs something to act on: a manifest all that its step needs, the others just the set. */
function possible(run: LabRun, step: LabStep): boolean {
  if (step.action === null || step.needs === null) return true
  if (step.action.do === 'apply' || step.action.do === 'fill') return holds(run, run.step(step.needs))
  return run.sitting.session.state.statefulsets.has(run.statefulSet)
}

async function makePossible(run: LabRun, step: LabStep): Promise<void> {
  if (possible(run, step) || step.needs === null) return
  const needed = run.step(step.needs)
  await makePossible(run, needed)
  if (!possible(run, step)) await redo(run, needed)
}

/** Does a step's action again and waits for what it leads to. */
export async function redo(run: LabRun, step: LabStep): Promise<void> {
  if (step.action === null) return
  run.deps.conversation.tell({ say: 'doing', commands: commandsFor(step.action, run.commands()) })
  const context = run.goal(new Map())
  await perform(step.action, run.action())
  if (step.until !== null) expectReached(run, step, await awaitGoal(run, step.until, context, waitOf(step)))
}

const waitOf = ({ title, timeoutSeconds }: LabStep) => ({ title, timeoutMs: timeoutSeconds * 1000 })

function expectReached(run: LabRun, step: LabStep, awaited: Awaited): void {
  throwIfInterrupted(run.deps.signal)
  if (awaited.outcome !== 'reached')
    throw undecidedError(
      'not-ready',
      `step ${step.id} could not be done again: ${awaited.reason ?? step.title}`,
      `sts-lab clean ${run.lab.id}, then sts-lab start ${run.lab.id} begins anew`,
    )
}
