import { type Awaited, type Progress, throwIfInterrupted } from './await-state.ts'
import { perform } from './lab-action.ts'
import { tellCheckpoint } from './lab-claims.ts'
import { commandsFor } from './lab-commands.ts'
import { rememberCreated } from './lab-created.ts'
import { judgeGoal } from './lab-goal.ts'
import { judgeRepair, markPhase, type Repair } from './lab-repair-judge.ts'
import type { StepEnd } from './lab-step.ts'
import { awaitProgress, whileShown } from './lab-wait.ts'

/** Nobody there: our solution (or, in a test of the lab, a wrong one), then the judgement. */
export async function repairAlone(repair: Repair): Promise<StepEnd> {
  const { run, step, rest } = repair
  const { clock, conversation, signal } = run.deps
  const { action, timeoutSeconds } = step
  markPhase(repair, 'begin')
  if (action !== null) {
    conversation.tell({ say: 'doing', commands: commandsFor(action, run.commands()) })
    await perform(action, run.action(timeoutSeconds * 1000))
  }
  const deadlineMs = clock.monotonicMs() + timeoutSeconds * 1000
  const judged = await whileShown(run, step.title, async () => {
    for (;;) {
      const awaited = await awaitRest(repair, deadlineMs)
      throwIfInterrupted(signal)
      const verdicts = await judgeRepair(repair, awaited, rest.changes())
      if (verdicts !== 'changed') return { verdicts, reached: awaited.outcome === 'reached' }
    }
  })
  await rememberCreated(run)
  const verdicts = await tellCheckpoint(run, step, judged.verdicts, judged.reached)
  return { end: 'done', verdicts, reached: judged.reached }
}

function awaitRest(repair: Repair, deadlineMs: number): Promise<Awaited> {
  const { run, goal } = repair
  const context = run.goal(run.podsNow())
  const timeoutMs = Math.max(0, deadlineMs - run.deps.clock.monotonicMs())
  return awaitProgress(run, () => settled(repair, judgeGoal(goal, context())), timeoutMs)
}

/** With nobody there, a set at rest that is not as asked will not become so. */
function settled({ run, goal, rest }: Repair, progress: Progress): Progress {
  if (!rest.isAtRest()) return { done: false, reason: 'the cluster to come to rest' }
  if (progress.done || progress.hopeless !== undefined || goal.replicas === null) return progress
  const set = run.sitting.session.state.statefulsets.get(run.statefulSet)
  return set?.replicas === goal.replicas ? progress : { ...progress, hopeless: progress.reason }
}
