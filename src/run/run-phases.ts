import { LabError } from '../errors.ts'
import type { PhaseName } from '../timeline/observation.ts'
import type { Awaited } from './await-state.ts'
import { readAgain } from './read-again.ts'
import type { VerifyListener } from './verify-contract.ts'
import { awaitPods, grow, type Pass, readBaseline, regrow, replaceOne, shrink } from './verify-phases.ts'

/** What each phase is about, for the person who watches. */
export const TEXT: Readonly<Record<string, string>> = {
  baseline: 'Looking at the set as it is: names, claims, content, DNS',
  replace: 'Deleting one pod: does its successor have the same identity?',
  grow: 'Growing by two: one after the other?',
  shrink: 'Shrinking to nothing: highest first, claims kept?',
  regrow: 'Growing back: in order, and to the same claims?',
  restore: 'Putting everything back',
}

/** The phases one after the other, each marked in the recording; one that did not get there ends the pass. */
export async function runPhases(
  pass: Pass,
  phases: readonly PhaseName[],
  keepGoing: boolean,
  listener: VerifyListener,
): Promise<void> {
  const { session } = pass
  for (const [index, name] of phases.entries()) {
    if (session.signal.aborted) return
    listener.phase(name, TEXT[name] ?? name)
    session.timeline.append(mark(name, 'begin'))
    let awaited: Awaited
    try {
      awaited = await runPhase(pass, name)
    } catch (error) {
      const interrupted = error instanceof LabError && error.kind === 'interrupted'
      const reason = error instanceof Error ? error.message : String(error)
      session.timeline.append(
        mark(name, 'end', {
          outcome:
            interrupted || session.signal.aborted ? 'interrupted' : isRefusal(error) ? 'hopeless' : 'lost',
          reason,
        }),
      )
      if (session.signal.aborted) return
      throw error
    }
    session.timeline.append(mark(name, 'end', awaited))
    listener.waiting(null)
    // The last phase that asks DNS is over: the probe can go while the set still changes.
    if (!phases.slice(index + 1).some((later) => later === 'baseline' || later === 'replace'))
      void pass.probe.dispose(session.signal).catch(() => undefined) // the clean-up removes it again
    const empty = pass.replicas === 0
    if (empty || (awaited.outcome !== 'reached' && !(keepGoing && canGoOn(awaited)))) return
  }
}

/** The server answered, and said no: waiting for it would not help. */
const isRefusal = (error: unknown): boolean =>
  error instanceof LabError && ['forbidden', 'quota', 'unauthorized', 'invalid'].includes(error.code)

/** Another person at work, or no cluster, ends the pass whatever was asked. */
const canGoOn = (awaited: Awaited): boolean => awaited.outcome === 'hopeless' || awaited.outcome === 'timeout'

async function runPhase(pass: Pass, name: PhaseName): Promise<Awaited> {
  switch (name) {
    case 'baseline': {
      const awaited = await pass.session.meter.cluster(() =>
        awaitPods(pass, pass.replicas, pass.replicas, () => false),
      )
      if (awaited.outcome === 'reached' && pass.replicas > 0) await readBaseline(pass)
      return awaited
    }
    case 'replace':
      return replaceOne(pass)
    case 'grow': {
      const awaited = await grow(pass)
      if (awaited.outcome === 'reached') await readAgain(pass)
      return awaited
    }
    case 'shrink':
      return shrink(pass)
    case 'regrow':
      return regrow(pass)
    default:
      throw new Error(`verify has no phase ${name}`)
  }
}

/** The begin or end of a phase, for the recording. */
export const mark = (phase: PhaseName, boundary: 'begin' | 'end', awaited: Awaited | null = null) => ({
  stream: 'run' as const,
  type: 'phase' as const,
  phase,
  boundary,
  outcome: awaited?.outcome ?? null,
  reason: awaited?.reason ?? null,
})
