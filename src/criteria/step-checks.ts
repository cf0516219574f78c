import { livesOfSet } from '../timeline/lives.ts'
import { claimName, expectedPodNames, isReady, stateAfter } from '../timeline/state.ts'
import { lastWindow, windowEnd } from '../timeline/windows.ts'
import type { Evidence, Judgement } from './criterion.ts'
import { fail, inconclusive, listOf, pass } from './judgement.ts'
import { isJudgement, latestSeq, notReached, subjectOf } from './subject.ts'

/** A claim of a lab's step that is none of the ten criteria. */
export interface StepCheck {
  readonly id: string
  readonly title: string
  readonly hint: string
  /** Pure. Nothing seen is never a pass. */
  judge(evidence: Evidence): Judgement
}

const serviceHeadless: StepCheck = {
  id: 'service-headless',
  title: 'The service is headless and selects pods',
  hint: 'delete the service and apply the manifest: clusterIP cannot be changed afterwards',
  judge({ observations }) {
    const expected = 'a service with clusterIP None and a selector'
    const { services } = stateAfter(observations)
    const headless = [...services.values()].filter((service) => service.headless && service.selector !== null)
    const evidence = [...services.keys()].map((name) => latestSeq(observations, 'services', name, Infinity))
    const names = headless.map(({ name }) => name)
    if (names.length > 0)
      return pass({ reason: `${listOf(names)}: clusterIP None`, expected, actual: listOf(names), evidence })
    if (services.size === 0)
      return inconclusive({ reason: 'there is no service', expected, actual: 'no service', evidence })
    const actual = [...services.values()].map(
      ({ name, clusterIP }) => `${name} (${clusterIP ?? 'no address'})`,
    )
    return fail({ reason: `not headless: ${listOf(actual)}`, expected, actual: listOf(actual), evidence })
  },
}

const claimPerPod: StepCheck = {
  id: 'claim-per-pod',
  title: 'Each pod has its own bound claim',
  hint: 'kubectl describe pvc says why a claim is not bound',
  judge(evidence) {
    const subject = subjectOf(evidence)
    if (isJudgement(subject)) return subject
    const { observations, set } = subject
    const { claims } = stateAfter(observations)
    const wanted = expectedPodNames(set).flatMap((pod) =>
      set.claimTemplates.map((template) => claimName(template.name, pod)),
    )
    const expected = `${wanted.length} bound claims, one for each pod`
    const missing = wanted.filter((name) => claims.get(name)?.phase !== 'Bound')
    const seqs = wanted.map((name) => latestSeq(observations, 'claims', name, Infinity))
    return missing.length === 0
      ? pass({
          reason: `${listOf(wanted)} are bound`,
          expected,
          actual: `${wanted.length} bound`,
          evidence: seqs,
        })
      : fail({ reason: `not bound: ${listOf(missing)}`, expected, actual: listOf(missing), evidence: seqs })
  },
}

const updateStrategy: StepCheck = {
  id: 'update-strategy',
  title: 'The strategy is RollingUpdate for all pods',
  hint: 'spec.updateStrategy of the set was changed: RollingUpdate with partition 0 is the default',
  judge(evidence) {
    const subject = subjectOf(evidence)
    if (isJudgement(subject)) return subject
    const { updateStrategy: type, partition } = subject.set
    const finding = {
      reason: `updateStrategy is ${type}, partition ${partition}`,
      expected: 'RollingUpdate, partition 0',
      actual: `${type}, partition ${partition}`,
      evidence: [subject.setSeq],
    }
    return type === 'RollingUpdate' && partition === 0 ? pass(finding) : fail(finding)
  },
}

/** In the window of an update, each pod is terminated only when the successor of the one above it is ready. */
const reverseOrderUpdate: StepCheck = {
  id: 'reverse-order-update',
  title: 'Pods are updated from the highest number down',
  hint: 'leave the pods alone during the update, and keep updateStrategy at RollingUpdate',
  judge(evidence) {
    const subject = subjectOf(evidence)
    if (isJudgement(subject)) return subject
    const { observations, uid } = subject
    const expected = 'each pod is terminated only after the new pod above it is ready'
    const window = lastWindow(observations, 'update')
    if (window === null)
      return inconclusive({ reason: 'no update was watched', expected, actual: 'nothing', evidence: [] })
    if (window.outcome !== 'reached')
      return inconclusive({
        reason: notReached(window),
        expected,
        actual: 'not finished',
        evidence: [window.begin],
      })
    const end = windowEnd(observations, window)
    const gap = observations.find(
      ({ type, stream, seq }) => type === 'gap' && stream === 'pods' && seq > window.begin && seq <= end,
    )
    if (gap !== undefined)
      return inconclusive({
        reason: 'the watch was interrupted during the update: its order was not seen',
        expected,
        actual: 'a gap',
        evidence: [gap.seq],
      })
    const lives = livesOfSet(observations, uid)
    const old = lives
      .filter(({ terminating }) => terminating !== null && terminating > window.begin && terminating <= end)
      .sort((a, b) => (a.terminating ?? 0) - (b.terminating ?? 0))
    const order = old.map(({ pod }) => pod)
    const actual = order.join(', ')
    const seqs: number[] = []
    for (const [index, life] of old.entries()) {
      const above = old[index - 1]
      if (life.terminating !== null) seqs.push(life.terminating)
      if (above === undefined) continue
      if ((life.ordinal ?? -1) >= (above.ordinal ?? -1)) {
        const reason = `${life.pod} was updated after ${above.pod}`
        return fail({ reason, expected, actual, evidence: [above.terminating, life.terminating] })
      }
      const successor = lives.find(
        (each) => each.pod === above.pod && each.added !== null && each.added > (above.terminating ?? 0),
      )
      const ready = successor?.firstReady ?? null
      if (ready === null || life.terminating === null || ready > life.terminating) {
        const reason = `${life.pod} was terminated (event ${life.terminating}) before the new ${above.pod} was ready (${ready === null ? 'never seen' : `event ${ready}`})`
        return fail({ reason, expected, actual, evidence: [life.terminating, ready] })
      }
      seqs.push(ready)
    }
    if (old.length < 2)
      return inconclusive({
        reason: `${old.length} pods were replaced: no order to see`,
        expected,
        actual,
        evidence: seqs,
      })
    return pass({
      reason: `updated in the order ${actual}, each when the one above was ready`,
      expected,
      actual,
      evidence: seqs,
    })
  },
}

const claimsOutliveSet: StepCheck = {
  id: 'claims-outlive-set',
  title: 'The claims are still there without the set',
  hint: 'claims went with the set: look at its persistentVolumeClaimRetentionPolicy (whenDeleted)',
  judge({ observations, target }) {
    const expected = 'every claim of the set, and none marked for deletion'
    const { claims, statefulsets, pods } = stateAfter(observations)
    const known = new Map<string, string>()
    for (const each of observations)
      if (each.stream === 'claims' && each.type !== 'gap' && isOf(target.name, each.object.name))
        known.set(each.object.uid, each.object.name)
    if (statefulsets.has(target.name) || known.size === 0)
      return inconclusive({
        reason: known.size === 0 ? 'no claims were seen' : `StatefulSet ${target.name} is still there`,
        expected,
        actual: 'nothing to tell from',
        evidence: [],
      })
    const lost = [...known].filter(([uid, name]) => {
      const claim = claims.get(name)
      return claim?.uid !== uid || claim.deletionTimestamp !== null
    })
    const names = [...known.values()]
    const seqs = names.map((name) => latestSeq(observations, 'claims', name, Infinity))
    const left = [...pods.values()].filter((pod) => isOf(target.name, pod.name) && isReady(pod)).length
    return lost.length === 0
      ? pass({
          reason: `${left} pods, ${names.length} claims: ${listOf(names)}`,
          expected,
          actual: listOf(names),
          evidence: seqs,
        })
      : fail({
          reason: `deleted: ${listOf(lost.map(([, name]) => name))}`,
          expected,
          actual: `${names.length - lost.length} of ${names.length} left`,
          evidence: seqs,
        })
  },
}

const isOf = (set: string, name: string): boolean => new RegExp(`(^|-)${set}-\\d+$`).test(name)

/** All of them. */
export const stepChecks: readonly StepCheck[] = [
  serviceHeadless,
  claimPerPod,
  updateStrategy,
  reverseOrderUpdate,
  claimsOutliveSet,
]
