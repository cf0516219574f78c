import type { Observation } from '../timeline/observation.ts'
import { MovingState } from '../timeline/state.ts'
import type { Timeline } from '../timeline/timeline.ts'
import type { BoardTarget } from './board.ts'
import { type News, newsOf } from './news.ts'

/** Folds the timeline and tells its news. What is already in it when we come is folded, and told as plain news too. */
export function follow(
  timeline: Timeline,
  target: BoardTarget,
  tell: (news: News) => void,
  each: (observation: Observation) => void = () => {},
): () => void {
  const state = new MovingState()
  const see = (observation: Observation): void => {
    const news = concerns(observation, target) ? newsOf(state, observation) : null
    state.apply(observation)
    if (news !== null) tell(news)
    each(observation)
  }
  for (const observation of timeline.observations) see(observation)
  return timeline.subscribe(see)
}

/** Our own probe pods are not news; the rest of the namespace may explain what happens to the set. */
const concerns = (observation: Observation, target: BoardTarget): boolean =>
  observation.stream === 'run' ||
  observation.type === 'gap' ||
  (observation.object.namespace === target.namespace &&
    !('labels' in observation.object && isOurProbe(observation.object)))

const isOurProbe = (object: {
  readonly kind: string
  readonly labels: Readonly<Record<string, string>>
}): boolean => object.kind === 'Pod' && object.labels['app.kubernetes.io/managed-by'] === 'sts-lab'
