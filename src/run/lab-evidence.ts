import type { EvidenceKind } from '../lab/lab.ts'
import { isReady, podsOf } from '../timeline/state.ts'
import type { Sitting } from './lab-sitting.ts'
import { eachAtOnce } from './session.ts'

/** Reads what a step's criteria need besides the watch. Nothing where there is no set: its criteria will say so. */
export async function gather(
  kinds: readonly EvidenceKind[],
  { session, reader, probe }: Sitting,
  statefulSet: string,
): Promise<void> {
  const set = session.state.statefulsets.get(statefulSet)
  if (kinds.length === 0 || set === undefined) return
  const pods = podsOf(session.state, set.uid).filter(isReady)
  const work: (() => Promise<void>)[] = []
  if (kinds.includes('tokens')) work.push(() => reader.writeTokens(pods, set))
  else if (kinds.includes('content')) work.push(() => reader.read(pods, set))
  if (kinds.includes('dns')) work.push(() => probe.ask(pods, set))
  await session.meter.cluster(() => eachAtOnce(work, (each) => each()))
}
