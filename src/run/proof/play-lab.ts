import { LabError } from '../../errors.ts'
import type { LabStep } from '../../lab/lab.ts'
import type { PlayVerdict } from '../../result/labs-proof.ts'
import { judgeStep } from '../lab-checkpoint.ts'
import { judgeText, templateText } from '../lab-fill-files.ts'
import { judgeGoal } from '../lab-goal.ts'
import { type LabDependencies, LabRun } from '../lab-run.ts'
import { runLab } from '../lab-runner.ts'
import { playExam } from './exam.ts'
import type { Played } from './judge-play.ts'
import { filesOf, type PlayDependencies } from './overlay.ts'
import type { Play } from './plays.ts'
import { Listener, progressInMemory } from './unattended.ts'

/**
 * Plays a lab from nothing in a namespace that does not exist yet. What the API server refuses is part of what a play
 * shows; what keeps the cluster from showing anything is its `problem`.
 *
 * @throws LabError 'interrupted'; any other error is a bug.
 */
export async function playLab(play: Play, namespace: string, deps: PlayDependencies): Promise<Played> {
  const listener = new Listener()
  try {
    if (play.lab.guidance === 'none') return await playExam(play, namespace, deps)
    if (play.play === 'unsolved' && !play.broken)
      return await playNothing(play, namespace, dependencies(play, listener, deps))
    await runLab(play.lab, { namespace, from: null }, dependencies(play, listener, deps))
  } catch (error) {
    if (!(error instanceof LabError) || error.kind === 'interrupted') throw error
    const { verdicts, doneAlready, observations } = listener
    if (!REFUSALS.includes(error.code)) return { verdicts, doneAlready, observations, problem: error.message }
    const refused = { step: 'apply', id: 'refused', verdict: 'fail', reason: error.message } as const
    return { verdicts: [...verdicts, refused], doneAlready, observations, problem: null }
  }
  const { verdicts, doneAlready, observations } = listener
  return { verdicts, doneAlready, observations, problem: null }
}

/** What the API server says to a manifest that it does not take. */
const REFUSALS: readonly string[] = ['invalid', 'unknown-field', 'refused']

function dependencies(play: Play, conversation: Listener, deps: PlayDependencies): LabDependencies {
  const { cluster, clock, newRunId, probeImage, signal } = deps
  const { folder, load, fill } = filesOf(play, deps)
  return {
    cluster,
    clock,
    newRunId,
    probeImage,
    signal,
    conversation,
    progress: progressInMemory(),
    loadManifest: load,
    manifests: folder,
    manifestsShown: folder,
    context: null,
    kubeconfig: null,
    fill,
    recorded: (timeline) => conversation.record(timeline),
  }
}

/** Judges every step where nothing was done. (That a step's goal is open until its action, the solution's play shows.) */
async function playNothing(play: Play, namespace: string, deps: LabDependencies): Promise<Played> {
  const run = new LabRun(play.lab, namespace, deps, [])
  const verdicts: PlayVerdict[] = []
  try {
    await run.namespaceWatch.look(deps.signal)
    await run.open()
    for (const { id } of play.lab.steps) {
      const step = run.step(id)
      verdicts.push(
        ...judgeStep(run, step, null),
        ...untouchedGoal(run, step),
        ...(await untouchedBlanks(run, step)),
      )
    }
  } finally {
    await run.close()
  }
  return { verdicts, problem: null, doneAlready: [], observations: [] }
}

function untouchedGoal(run: LabRun, step: LabStep): PlayVerdict[] {
  const { until } = step
  // Where there is nothing, what has to be gone is gone; and what is in files, nothing can show.
  if (until === null || until.see === 'gone' || until.see === 'file') return []
  const seen = judgeGoal(until, run.goal(new Map())())
  const verdict = seen.done ? 'pass' : 'inconclusive'
  return [{ step: step.id, id: 'goal', verdict, reason: seen.done ? '' : seen.reason }]
}

async function untouchedBlanks(run: LabRun, { id: step, action }: LabStep): Promise<PlayVerdict[]> {
  if (action?.do !== 'fill') return []
  const { blanks } = await judgeText(run.fill(), action, await templateText(run.fill(), action.file))
  return blanks.map(({ blank, verdict, reason }) => ({
    step,
    id: `blank/${blank.id}`,
    verdict: verdict === 'right' ? 'pass' : 'fail',
    reason: reason ?? '',
  }))
}
