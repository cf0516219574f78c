import type { EvidenceKind } from '../lab/lab.ts'
import { isReady, podsOf } from '../timeline/state.ts'
import type { LabRun } from './lab-run.ts'
import type { Sitting } from './lab-sitting.ts'
import { eachAtOnce } from './session.ts'
import { readSettings } from './settings-reader.ts'

/** Reads what a step's criteria need besides the watch. Of a set that is not there, its criteria will say so. */
export async function gather(
  kinds: readonly EvidenceKind[],
  { session, reader, probe, pages }: Sitting,
  statefulSet: string,
): Promise<void> {
  const set = session.state.statefulsets.get(statefulSet)
  const pods = set === undefined ? [] : podsOf(session.state, set.uid).filter(isReady)
  const work: (() => Promise<void>)[] = []
  if (set !== undefined) {
    if (kinds.includes('tokens')) work.push(() => reader.writeTokens(pods, set))
    else if (kinds.includes('content')) work.push(() => reader.read(pods, set, { shared: true }))
    if (kinds.includes('dns')) work.push(() => probe.ask(pods, set))
  }
  if (kinds.includes('settings')) work.push(() => readSettings(session, pods))
  if (kinds.includes('pages')) work.push(() => pages.ask(pods, set ?? null))
  if (work.length > 0) await session.meter.cluster(() => eachAtOnce(work, (each) => each()))
}

/** Readings of a set at rest: the criteria look for them in a window of their own, and take none from before it. */
export async function gatherAtRest(run: LabRun, kinds: readonly EvidenceKind[]): Promise<void> {
  const { timeline } = run.sitting.session
  const mark = { stream: 'run', type: 'phase', phase: 'baseline' } as const
  timeline.append({ ...mark, boundary: 'begin', outcome: null, reason: null })
  await gather(kinds, run.sitting, run.statefulSet)
  timeline.append({ ...mark, boundary: 'end', outcome: 'reached', reason: null })
}
