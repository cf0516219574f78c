import type { LabAction, LabStep } from '../lab/lab.ts'
import { type Awaited, throwIfInterrupted } from './await-state.ts'
import { perform } from './lab-action.ts'
import { rememberBroken } from './lab-broken.ts'
import { catchUp, holds, rewind } from './lab-catch-up.ts'
import { judgeStep } from './lab-checkpoint.ts'
import { tellCheckpoint } from './lab-claims.ts'
import { commandsFor, lookLines } from './lab-commands.ts'
import { rememberCreated } from './lab-created.ts'
import { gather, gatherAtRest } from './lab-evidence.ts'
import { beginFill, type FillEnd } from './lab-fill.ts'
import { type GoalContext, goalTitle, whatIsMissing } from './lab-goal.ts'
import { noticed } from './lab-notice.ts'
import { askAfterFailure, askQuestions, chooseOr, isTask, promptFor } from './lab-prompt.ts'
import { runRepair } from './lab-repair.ts'
import type { LabRun } from './lab-run.ts'
import type { StepVerdict } from './lab-verdict.ts'
import { awaitGoal } from './lab-wait.ts'
import { nearMisses, sceneOf } from './near-miss.ts'

/** How a step ended. */
export type StepEnd =
  | { readonly end: 'done'; readonly verdicts: readonly StepVerdict[]; readonly reached: boolean }
  | { readonly end: 'again' | 'back' | 'skip' }
  | { readonly end: 'quit' }

/**
 * One step: explains, shows the command, does it on Enter or sees that the student did it, waits for what the
 * watch has to show, reads, judges, and asks its questions.
 */
export async function runStep(run: LabRun, step: LabStep): Promise<StepEnd> {
  if (step.until?.see === 'fixed') return runRepair(run, step)
  const { conversation } = run.deps
  await run.namespaceWatch.look(run.deps.signal)
  await lookBeforeDeleting(run, step)
  await lookIntoFiles(run, step)
  introduce(run, step)
  const ready = await bringToStart(run, step)
  if (ready !== 'ready') return { end: ready }
  if (step.before.length > 0) await gatherAtRest(run, step.before)

  const { timeline } = run.sitting.session
  const phase = step.phase
  if (phase !== null)
    timeline.append({ stream: 'run', type: 'phase', phase, boundary: 'begin', outcome: null, reason: null })
  const closePhase = ({ outcome, reason }: Awaited): void => {
    if (phase !== null)
      timeline.append({ stream: 'run', type: 'phase', phase, boundary: 'end', outcome, reason })
  }
  const context = run.goal(run.podsNow())
  const began = await beginAction(run, step, context)
  if (typeof began === 'object') {
    closePhase({ outcome: 'hopeless', reason: 'the file is not right' })
    const verdicts = await tellCheckpoint(run, step, began.rejected, false)
    return { end: 'done', verdicts, reached: false }
  }
  if (began !== 'begun') {
    closePhase({ outcome: 'interfered', reason: 'the student went elsewhere' })
    return { end: began }
  }
  const wait = { title: step.title, timeoutMs: step.timeoutSeconds * 1000 }
  const awaited = step.until === null ? null : await awaitGoal(run, step.until, context, wait)
  if (awaited === null || awaited.outcome === 'reached') {
    if (phase !== null) await gather(step.after, run.sitting, run.statefulSet)
    else if (step.after.length > 0) await gatherAtRest(run, step.after)
  }
  if (awaited !== null) closePhase(awaited)
  throwIfInterrupted(run.deps.signal)
  if (phase === 'shrink') await holdClaims(run)
  await rememberCreated(run)

  const reached = awaited === null || awaited.outcome === 'reached'
  const verdicts = await tellCheckpoint(run, step, judgeStep(run, step, awaited), reached)
  const isShown = step.shows.length > 0 && verdicts.every(({ verdict }) => verdict === 'pass')
  if (isShown) await rememberBroken(run)
  if (conversation.interactive) {
    const passed = verdicts.every(({ verdict }) => verdict === 'pass')
    // Kept before the questions: whoever leaves during one has done the step all the same.
    if (passed) await run.record(step, verdicts)
    const next = passed ? await askQuestions(run, step) : await askAfterFailure(run, step)
    if (next !== 'on') return { end: next }
  }
  return { end: 'done', verdicts, reached }
}

/** Claims that were to be deleted would go after their pods: that they stay is seen only by watching on. */
async function holdClaims(run: LabRun): Promise<void> {
  const { clock, signal } = run.deps
  await clock.sleep(CLAIM_HOLD_MS, signal)
  // A watch that is behind would be as silent.
  await run.sitting.session.recording.confirm(signal)
  const what = 'watched the claims for another second'
  run.sitting.session.timeline.append({ stream: 'run', type: 'action', action: { do: 'other', what } })
}

const CLAIM_HOLD_MS = 1_000

/** A namespace in which somebody else works is left alone, whoever made it. */
async function lookBeforeDeleting(run: LabRun, { action }: LabStep): Promise<void> {
  if (action?.do !== 'delete' || !action.objects.some(({ kind }) => kind === 'Namespace')) return
  await run.lookForOthers()
  if (run.others.length === 0) return
  const some = run.others.slice(0, 5).join(', ')
  run.deps.conversation.tell({
    say: 'note',
    text: `Namespace ${run.namespace} will stay: there is something in it that is not the lab's (${some}).`,
  })
}

/** What no watch shows is looked at before anything is said of it. */
async function lookIntoFiles(run: LabRun, step: LabStep): Promise<void> {
  const before = step.needs === null ? null : run.step(step.needs).until
  for (const goal of [before, step.until]) if (goal?.see === 'file') await run.fileWatch.look(goal)
}

function introduce(run: LabRun, step: LabStep): void {
  const setting = run.commands()
  run.deps.conversation.tell({
    say: 'step',
    step,
    number: run.lab.steps.findIndex(({ id }) => id === step.id) + 1,
    of: run.lab.steps.length,
    namespace: run.namespace,
    commands: step.action === null || isTask(run, step) ? [] : commandsFor(step.action, setting),
    look: lookLines(step, setting),
  })
}

/** Makes sure that what the step builds on is there, and that what it watches is still to come. */
async function bringToStart(run: LabRun, step: LabStep): Promise<'ready' | 'back' | 'skip' | 'quit'> {
  const { conversation, signal } = run.deps
  if (step.needs !== null && !holds(run, run.step(step.needs))) {
    const needed = run.step(step.needs)
    const title = needed.until === null ? needed.title : goalTitle(needed.until)
    conversation.tell({
      say: 'note',
      text: `This step builds on step "${needed.id}" (${title}), and the cluster is not there now.`,
    })
    const choice = await chooseOr('', run, [
      { key: '', text: `bring it there (as step "${needed.id}" does)` },
      { key: 'b', text: 'back to the step before' },
      { key: 'q', text: 'quit' },
    ])
    if (choice === 'b') return 'back'
    if (choice === 'q') return 'quit'
    await catchUp(run, step)
  }
  if (step.action === null || step.until === null) return 'ready'
  // It is the file that is looked at, whatever is on the cluster.
  if (step.action.do === 'fill' && step.phase === null) return 'ready'
  if (noticed(step.action, step.until, run.goal(run.podsNow())()) === null) return 'ready'
  if (step.phase === null) {
    conversation.tell({ say: 'note', text: 'This is so already; sts-lab only has a look.' })
    return 'ready'
  }
  conversation.tell({
    say: 'note',
    text: 'This was done before sts-lab could watch it, so the order in which it happened cannot be told.',
  })
  const choice = await chooseOr('', run, [
    { key: '', text: 'put it back as it was before this step, and do it again, watched' },
    { key: 'n', text: 'leave it and go on' },
    { key: 'q', text: 'quit' },
  ])
  if (choice === 'n') return 'skip'
  if (choice === 'q') return 'quit'
  await rewind(run, step)
  throwIfInterrupted(signal)
  return 'ready'
}

/** Waits for Enter and does it, or for the student to have done it. */
async function beginAction(run: LabRun, step: LabStep, context: () => GoalContext): Promise<FillEnd> {
  const { action, until } = step
  if (action?.do === 'fill') return beginFill(run, step, action)
  if (action === null || until === null) {
    const choice = await promptFor(run, step, null)
    return choice ?? 'begun'
  }
  const look = (): string | null => noticed(action, until, context())
  if (look() !== null) return 'begun'
  const { state } = run.sitting.session
  const before = sceneOf(state, run.statefulSet)
  const choice = await promptFor(run, step, {
    look,
    missing: () => whatIsMissing(until, context()),
    misses: () =>
      nearMisses(action, until, run.statefulSet, { before, now: sceneOf(state, run.statefulSet) }),
  })
  if (choice !== null) return choice
  const seen = look()
  if (seen !== null) {
    run.deps.conversation.tell({ say: 'noticed', text: seen })
    return 'begun'
  }
  await doAction(run, action)
  return 'begun'
}

async function doAction(run: LabRun, action: LabAction): Promise<void> {
  run.deps.conversation.tell({ say: 'doing', commands: commandsFor(action, run.commands()) })
  await perform(action, run.action())
}
