import { documentsOf } from '../lab-manifests.ts'
import { labLabels } from '../lab-ownership.ts'
import { verify } from '../verify.ts'
import type { Played } from './judge-play.ts'
import { filesOf, type PlayDependencies } from './overlay.ts'
import type { Play } from './plays.ts'

const CLEANUP_MS = 120_000

/** A lab without guidance: its solution is applied, and `verify` judges it. */
export async function playExam(play: Play, namespace: string, deps: PlayDependencies): Promise<Played> {
  const { cluster, clock, self, version, newRunId, probeImage, signal } = deps
  const { lab } = play
  if (play.play !== 'unsolved') {
    const { folder, load } = filesOf(play, deps)
    const setting = { load, folder, labNamespace: lab.namespace, namespace }
    const own = await documentsOf({ do: 'apply', manifests: lab.solution }, setting)
    await cluster.apply(own, { labels: labLabels(lab.id), force: true, signal })
  }
  const silent = () => {}
  const { result, leftovers, observations } = await verify(
    {
      lab: lab.id,
      namespace,
      statefulSet: undefined,
      only: null,
      keepGoing: false,
      podTimeoutMs: undefined,
      probeImage,
    },
    {
      cluster,
      clock,
      self,
      runId: newRunId(),
      version,
      listener: { attach: silent, phase: silent, waiting: silent, say: silent },
      signal,
      cleanupSignal: () => AbortSignal.timeout(CLEANUP_MS),
    },
  )
  const criteria = result.criteria.filter(({ id }) => lab.criteria.includes(id))
  // Where there is nothing, nothing breaks a constraint.
  const judged = play.play === 'unsolved' ? criteria : [...result.constraints, ...criteria]
  const verdicts = judged.map(({ id, verdict, reason }) => ({ step: 'verify', id, verdict, reason }))
  const problem = result.error?.message ?? leftovers[0] ?? null
  return { verdicts, problem, doneAlready: [], observations }
}
