import type { LabGoal } from '../lab/lab.ts'
import { awaitConfirmed } from './await-confirmed.ts'
import type { Awaited, Progress } from './await-state.ts'
import { type GoalContext, goalTitle, judgeGoal } from './lab-goal.ts'
import type { LabRun } from './lab-run.ts'

interface Wait {
  /** Stands above the live view. */
  readonly title: string
  readonly timeoutMs: number
}

/** Waits, with the live view open, until the watch shows what is awaited. Never rejects: see `awaitState`. */
export async function awaitGoal(
  run: LabRun,
  goal: LabGoal,
  context: () => GoalContext,
  wait: Wait,
): Promise<Awaited> {
  // Looked at now, not at its next turn: mostly it is there already.
  if (goal.see === 'namespace') await run.namespaceWatch.look(run.deps.signal)
  if (goal.see !== 'file') return awaitShown(run, () => judgeGoal(goal, context()), wait)
  const looking = new AbortController()
  await run.fileWatch.look(goal)
  // Each look is news that the timeline does not tell; the wait's own half-second tick picks it up.
  run.fileWatch.follow(goal, () => {}, looking.signal)
  try {
    return await awaitShown(run, () => judgeGoal(goal, context()), wait)
  } finally {
    looking.abort()
  }
}

/** A wait between two actions: what was just sent has to have come back through the watch before it counts. */
export async function awaitWithin(run: LabRun, goal: LabGoal, timeoutMs: number): Promise<Awaited> {
  const { cluster, signal } = run.deps
  const { namespace, statefulSet: name } = run
  const sent = await cluster.get({ apiVersion: 'apps/v1', kind: 'StatefulSet', namespace, name }, signal)
  const context = run.goal(run.podsNow())
  const { timeline } = run.sitting.session
  const hasCome = (): boolean =>
    sent === null ||
    timeline.observations.some(
      (each) =>
        each.stream === 'statefulsets' &&
        each.type !== 'gap' &&
        each.object.uid === sent.metadata.uid &&
        each.object.generation >= (sent.metadata.generation ?? 0),
    )
  const judge = (): Progress =>
    hasCome() ? judgeGoal(goal, context()) : { done: false, reason: 'the watch has not caught up yet' }
  if (goal.see === 'namespace') await run.namespaceWatch.look(signal)
  return awaitShown(run, judge, { title: goalTitle(goal), timeoutMs })
}

export const awaitShown = (run: LabRun, judge: () => Progress, wait: Wait): Promise<Awaited> =>
  whileShown(run, wait.title, () => awaitProgress(run, judge, wait.timeoutMs))

/** The same within a live view that is open already. */
export function awaitProgress(run: LabRun, judge: () => Progress, timeoutMs: number): Promise<Awaited> {
  const { session } = run.sitting
  return session.meter.cluster(() => awaitConfirmed(session, judge, timeoutMs))
}

/** Does something with the live view open; what it waits for is shown there. */
export async function whileShown<T>(run: LabRun, title: string, work: () => Promise<T>): Promise<T> {
  const { session } = run.sitting
  const looking = new AbortController()
  run.namespaceWatch.follow(() => {}, looking.signal)
  const target = { namespace: run.namespace, set: run.statefulSet }
  const live = run.deps.conversation.watch(session.timeline, target, title)
  run.waiting = (reason) => live.waiting(reason)
  try {
    return await work()
  } finally {
    run.waiting = () => {}
    live.stop()
    looking.abort()
  }
}
