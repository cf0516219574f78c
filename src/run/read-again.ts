import { isReady, podsOf, setWithUid } from '../timeline/state.ts'
import type { Pass } from './verify-phases.ts'

/**
 * The pods that were there before, the replaced one among them: what they wrote some time after they became
 * ready, which the reading right after that could not see.
 */
export async function readAgain({ session, setUid, reader, wants }: Pass): Promise<void> {
  const set = setWithUid(session.state, setUid)
  if (set === null || !(wants('identity-persistence') || wants('pvc-reuse'))) return
  const known = new Set(
    session.timeline.observations.flatMap((each) =>
      each.type === 'reading' && each.reading.read === 'content' ? [each.reading.podUid] : [],
    ),
  )
  await reader.read(
    podsOf(session.state, setUid).filter((pod) => isReady(pod) && known.has(pod.uid)),
    set,
  )
}
