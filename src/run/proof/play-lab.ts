import { LabError } from '../../errors.ts'
import { judgeStep } from '../lab-checkpoint.ts'
import { goalTitle, judgeGoal } from '../lab-goal.ts'
import { type LabDependencies, LabRun } from '../lab-run.ts'
import { runLab } from '../lab-runner.ts'
import { goalVerdict } from '../lab-verdict.ts'
import { playExam } from './exam.ts'
import type { Played } from './judge-play.ts'
import { overlaid, type PlayDependencies } from './overlay.ts'
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
    if (play.play === 'unsolved')
      return await playNothing(play, namespace, dependencies(play, listener, deps))
    await runLab(play.lab, { namespace, from: null }, dependencies(play, listener, deps))
  } catch (error) {
    if (!(error instanceof LabError) || error.kind === 'interrupted') throw error
    const { verdicts, doneAlready } = listener
    if (!REFUSALS.includes(error.code)) return { verdicts, doneAlready, problem: error.message }
    const refused = { step: 'apply', id: 'refused', verdict: 'fail', reason: error.message } as const
    return { verdicts: [...verdicts, refused], doneAlready, problem: null }
  }
  return { verdicts: listener.verdicts, doneAlready: listener.doneAlready, problem: null }
}

/** What the API server says to a manifest that it does not take. */
const REFUSALS: readonly string[] = ['invalid', 'unknown-field', 'refused']

function dependencies(play: Play, conversation: Listener, deps: PlayDependencies): LabDependencies {
  const { cluster, clock, newRunId, probeImage, signal } = deps
  const manifests = deps.manifests(play.lab.id)
  return {
    cluster,
    clock,
    newRunId,
    probeImage,
    signal,
    conversation,
    progress: progressInMemory(),
    loadManifest: overlaid(play, deps),
    manifests,
    manifestsShown: manifests,
    context: null,
    kubeconfig: null,
  }
}

/** Judges every step where nothing was done. (That a step's goal is open until its action, the solution's play shows.) */
async function playNothing(play: Play, namespace: string, deps: LabDependencies): Promise<Played> {
  const run = new LabRun(play.lab, namespace, deps, [])
  const verdicts: Played['verdicts'][number][] = []
  try {
    await run.namespaceWatch.look(deps.signal)
    await run.open()
    for (const step of play.lab.steps) {
      verdicts.push(...judgeStep(run, step, null))
      const { until } = step
      // Where there is nothing, what has to be gone is gone; and a repair is as good as its checks.
      if (until === null || until.see === 'gone' || NOT_OF_THE_WATCH.includes(until.see)) continue
      const seen = judgeGoal(until, run.goal(new Map())())
      const awaited = seen.done
        ? ({ outcome: 'reached', reason: null } as const)
        : ({ outcome: 'timeout', reason: seen.reason } as const)
      verdicts.push(goalVerdict(step.id, goalTitle(until), awaited))
    }
  } finally {
    await run.close()
  }
  return { verdicts, problem: null, doneAlready: [] }
}

const NOT_OF_THE_WATCH: readonly string[] = ['stuck', 'file', 'fixed']
