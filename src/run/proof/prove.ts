import { interruptedError } from '../../errors.ts'
import type { Lab } from '../../lab/lab.ts'
import type { LabProof, PlayProof } from '../../result/labs-proof.ts'
import type { Observation } from '../../timeline/observation.ts'
import { judgePlay } from './judge-play.ts'
import { createPlayNamespaces } from './namespaces.ts'
import type { PlayDependencies } from './overlay.ts'
import { playLab } from './play-lab.ts'
import { type Play, playsOf } from './plays.ts'

export interface ProveOptions {
  /** Ids of plays: 'unsolved', 'solution', or of wrong solutions; null: all. */
  readonly only: readonly string[] | null
  /** How many plays at once. */
  readonly jobs: number
}

export interface ProofListener {
  begun(lab: Lab, play: Play, namespace: string): void
  /** @param observations what was recorded while it was played. */
  done(lab: Lab, proof: PlayProof, observations: readonly Observation[]): Promise<void>
}

/**
 * Plays labs in every way that proves something about them, several at once, each in a namespace of its own, and
 * has what was made removed: after a failure and an interruption too.
 *
 * @throws LabError 'interrupted' once every namespace has been told to go; any other error is a bug.
 */
export async function proveLabs(
  labs: readonly Lab[],
  options: ProveOptions,
  deps: PlayDependencies,
  listener: ProofListener,
): Promise<{
  readonly labs: readonly LabProof[]
  /** Waits until what was asked to go is gone. @returns what is still there, in sentences. */
  readonly settle: () => Promise<readonly string[]>
}> {
  const { clock, cluster, signal, newRunId } = deps
  const namespaces = createPlayNamespaces(cluster, clock, signal)
  const proofs = new Map<Play, PlayProof>()
  const plays = labs.map((lab) => ({ lab, plays: playsOf(lab).filter(({ id }) => wanted(id, options.only)) }))
  // What takes longest begins first, so that nothing long is left alone at the end.
  const waiting = plays
    .flatMap(({ lab, plays: own }) => own.map((play) => ({ lab, play })))
    .sort((a, b) => weight(b.play) - weight(a.play))

  const prove = async (lab: Lab, play: Play): Promise<void> => {
    const namespace = `${lab.id.slice(0, 50)}-${newRunId()}`
    const startedMs = clock.monotonicMs()
    listener.begun(lab, play, namespace)
    try {
      const played = await playLab(play, namespace, deps)
      const { play: kind, id, title, fails, mayFail } = play
      const proof = {
        play: kind,
        id,
        title,
        fails,
        mayFail,
        ...judgePlay(play, played),
        verdicts: played.verdicts,
        namespace,
        durationMs: clock.monotonicMs() - startedMs,
      }
      proofs.set(play, proof)
      await listener.done(lab, proof, played.observations)
    } finally {
      namespaces.leave(namespace)
    }
  }
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
      const { lab, play } = next
      await prove(lab, play)
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: Math.max(1, options.jobs) }, work))
  const failure = ends.find((end) => end.status === 'rejected')
  if (signal.aborted || failure !== undefined) {
    await namespaces.told()
    throw signal.aborted ? interruptedError() : failure?.reason
  }
  return {
    labs: plays
      .filter(({ plays: own }) => own.length > 0)
      .map(({ lab, plays: own }) => ({
        lab: lab.id,
        title: lab.title,
        mistakes: lab.wrong.length,
        plays: own.flatMap((play) => proofs.get(play) ?? []),
      })),
    settle: () => namespaces.settle(),
  }
}

const wanted = (id: string, only: readonly string[] | null): boolean => only === null || only.includes(id)

/** How long a play takes, roughly: a whole exam, then all steps, then those up to a mistake. */
function weight({ play, lab, broken }: Play): number {
  if (play === 'unsolved' && !broken) return 0
  // Why a pod does not start is told by events, which come late once many pods are at work: these begin.
  if (lab.steps.some(({ until }) => until?.see === 'stuck' || until?.see === 'settled')) return 1000
  return lab.guidance === 'none' ? 100 + lab.criteria.length : lab.steps.length
}
