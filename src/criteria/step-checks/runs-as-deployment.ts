import type { Observation } from '../../timeline/observation.ts'
import { isReady, stateAfter } from '../../timeline/state.ts'
import { fail, inconclusive, listOf, pass } from '../judgement.ts'
import { latestSeq } from '../subject.ts'
import type { StepCheck } from './step-check.ts'

/**
 * A Deployment's pods belong to a ReplicaSet that it made, and are labelled by their template. As many as the set had,
 * where it was seen; else more than one.
 */
export const runsAsDeployment: StepCheck = {
  id: 'runs-as-deployment',
  title: 'A Deployment runs as many pods as the set did',
  hint: 'kind: Deployment takes the same selector, template and replicas; serviceName and volumeClaimTemplates go',
  judge({ observations, target, had: before }) {
    const had = replicasSeen(observations, target.name) ?? before?.replicas ?? null
    const wanted = had ?? 2
    const expected = `${had === null ? 'at least ' : ''}${wanted} ready pods of a Deployment`
    const pods = [...stateAfter(observations).pods.values()].filter(
      ({ deletionTimestamp, controller }) => deletionTimestamp === null && controller !== null,
    )
    if (pods.length === 0)
      return inconclusive({ reason: 'nothing runs any pods', expected, actual: 'no pods', evidence: [] })
    const copies = pods.filter(
      ({ controller, labels }) =>
        controller?.kind === 'ReplicaSet' && labels['pod-template-hash'] !== undefined,
    )
    const ready = copies.filter(isReady)
    const evidence = (copies.length > 0 ? copies : pods).map(({ name }) =>
      latestSeq(observations, 'pods', name, Infinity),
    )
    const actual = `${ready.length} ready pods of a Deployment`
    if (copies.length === 0) {
      const [pod] = pods
      const reason = `no pod belongs to a Deployment: ${pod?.name ?? ''} belongs to ${pod?.controller?.kind ?? ''} ${pod?.controller?.name ?? ''}`
      return fail({ reason, expected, actual, evidence })
    }
    if (ready.length < wanted) {
      const reason = `${ready.length} of ${wanted} pods are ready; there are ${copies.length}`
      return fail({ reason, expected, actual, evidence })
    }
    return pass({ reason: `${listOf(ready.map(({ name }) => name))} are ready`, expected, actual, evidence })
  },
}

/** The most replicas that the set asked for in this recording: it may be on its way down. null: not seen. */
function replicasSeen(observations: readonly Observation[], name: string): number | null {
  let most: number | null = null
  for (const each of observations)
    if (each.stream === 'statefulsets' && each.type !== 'gap' && each.object.name === name)
      most = Math.max(most ?? 0, each.object.replicas)
  return most
}
