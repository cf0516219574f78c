import type { PodFacts } from '../../timeline/facts.ts'
import { isReady, podsOf, stateAfter } from '../../timeline/state.ts'
import type { Evidence, Judgement } from '../criterion.ts'
import { inconclusive } from '../judgement.ts'
import { isJudgement, type Subject, subjectOf } from '../subject.ts'

export interface ReadySubject extends Subject {
  /** Its pods that are ready at the end, by ordinal: one at least. */
  readonly pods: readonly PodFacts[]
}

/** The set with the pods that can be asked something, or the judgement that there are none. */
export function readySubjectOf(evidence: Evidence, expected: string): ReadySubject | Judgement {
  const subject = subjectOf(evidence)
  if (isJudgement(subject)) return subject
  const pods = podsOf(stateAfter(subject.observations), subject.uid).filter(isReady)
  if (pods.length === 0)
    return inconclusive({ reason: 'no pod is ready', expected, actual: 'no pods', evidence: [] })
  return { ...subject, pods }
}
