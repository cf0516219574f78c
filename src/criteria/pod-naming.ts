import type { StatefulSetFacts } from '../timeline/facts.ts'
import { type ClusterState, podsOf, stateAfter } from '../timeline/state.ts'
import type { Criterion, Evidence, Judgement } from './criterion.ts'
import { fail, inconclusive, listOf, pass } from './judgement.ts'
import {
  absence,
  isJudgement,
  latestSeq,
  type Settled,
  type Subject,
  settled,
  subjectOf,
  whyUnsettled,
} from './subject.ts'

/** The set's pods (those it controls by UID) are exactly the names the StatefulSet promises, each with that hostname. */
export const podNaming: Criterion = {
  number: 1,
  id: 'pod-naming',
  title: 'Pods have stable, numbered names',
  why: 'Peers, claims and DNS records are all derived from a pod’s name. A name that never changes is what makes the rest of the identity possible.',
  hint: 'let a StatefulSet create the pods: it names them <set>-0, <set>-1 … and sets their hostname',
  judge(evidence) {
    if (evidence.target.uid === null) return noSet(evidence)
    const subject = subjectOf(evidence)
    return isJudgement(subject) ? subject : judgeNames(subject, settled(subject))
  },
}

function judgeNames(subject: Subject, at: Settled): Judgement {
  const { observations, uid } = subject
  const seqOf = (pod: string) => latestSeq(observations, 'pods', pod, at.seq)
  const expected = `pods ${listOf(at.names)}, each with its name as hostname`
  const own = podsOf(at.state, uid).filter((pod) => pod.deletionTimestamp === null)
  const names = own.map((pod) => pod.name)
  const actual = `pods ${listOf(names)}`

  if (at.names.length === 0)
    return inconclusive({
      reason: 'the set has 0 replicas: there is no name to check',
      expected,
      actual,
      evidence: [subject.setSeq],
    })

  const impostor = at.names
    .map((name) => at.state.pods.get(name))
    .find((pod) => pod !== undefined && pod.controller?.uid !== uid && pod.deletionTimestamp === null)
  if (impostor !== undefined) {
    const owner = impostor.controller
    const whose = owner === null ? 'is a bare pod' : `belongs to ${owner.kind} ${owner.name}`
    return fail({
      reason: `${impostor.name} ${whose}: it has the right name but is not a pod of StatefulSet ${at.set.name}`,
      expected,
      actual,
      hint: `delete the pod ${impostor.name}; the set then creates its own`,
      evidence: [seqOf(impostor.name)],
    })
  }

  const unsettled = whyUnsettled(at)
  const inRange = new RegExp(`^${at.set.name.replaceAll('.', '\\.')}-(0|[1-9]\\d*)$`)
  const odd = own.filter(
    (pod) => !at.names.includes(pod.name) && (unsettled === null || !inRange.test(pod.name)),
  )
  if (odd.length > 0) {
    const oddNames = odd.map((pod) => pod.name)
    return fail({
      reason: `the set also has ${listOf(oddNames)}, which ${oddNames.length === 1 ? 'is' : 'are'} not among ${at.names.at(0)} … ${at.names.at(-1)}`,
      expected,
      actual,
      evidence: oddNames.map(seqOf),
    })
  }

  const misnamed = own.find((pod) => pod.hostname !== pod.name)
  if (misnamed !== undefined)
    return fail({
      reason: `the hostname of ${misnamed.name} is ${misnamed.hostname ?? 'not set'}, not ${misnamed.name}`,
      expected,
      actual: `hostname ${misnamed.hostname ?? 'not set'}`,
      evidence: [seqOf(misnamed.name)],
    })

  const missing = at.names.filter((name) => !names.includes(name))
  if (missing.length > 0 || names.length !== at.names.length) {
    // A subset with the right names proves nothing wrong: the others may just not be up.
    const because = unsettled ?? 'the set may still be changing its size'
    const what = missing.length === 0 ? 'there are more pods than replicas' : `not there: ${listOf(missing)}`
    const reason = `${what}; ${because}`
    return inconclusive({ reason, expected, actual, evidence: [...names.map(seqOf), at.window?.end ?? null] })
  }
  return pass({
    reason: `the pods are exactly ${listOf(names)}, each with its name as hostname`,
    expected,
    actual,
    evidence: names.map(seqOf),
  })
}

/** There is no such set: say what is there instead. */
function noSet({ observations, target }: Evidence): Judgement {
  const expected = `a StatefulSet${target.name === '' ? '' : ` ${target.name}`} in namespace ${target.namespace}`
  const nothing = 'nothing was recorded'
  if (observations.length === 0)
    return inconclusive({ reason: nothing, expected, actual: 'nothing', evidence: [] })
  const state = stateAfter(observations)
  const last = observations.at(-1)?.seq ?? 0
  const { actual, hint, pods } = instead(state, target.name)
  return fail({
    reason: `${absence(target)}; ${actual}`,
    expected,
    actual,
    hint,
    evidence: pods.map((pod) => latestSeq(observations, 'pods', pod, last)),
  })
}

const nameOf = (set: StatefulSetFacts): string =>
  set.deletionTimestamp === null ? set.name : `${set.name} (being deleted)`

function instead(state: ClusterState, name: string): { actual: string; hint: string; pods: string[] } {
  const pods = [...state.pods.values()].filter((pod) => pod.deletionTimestamp === null)
  const others = [...state.statefulsets.values()]
  const bare = pods.filter((pod) => pod.controller === null && /-\d+$/.test(pod.name)).map((pod) => pod.name)
  const owned = pods.filter((pod) => pod.controller !== null && pod.controller.kind !== 'StatefulSet')
  const owner = owned[0]?.controller
  if (others.length > 0)
    return {
      actual: `the sets there are ${listOf(others.map(nameOf))}`,
      hint: `name one: --statefulset ${others[0]?.name}`,
      pods: [],
    }
  if (owner != null) {
    const names = owned.filter((pod) => pod.controller?.uid === owner.uid).map((pod) => pod.name)
    const deployment = owner.kind === 'ReplicaSet' ? ', so of a Deployment' : ''
    return {
      actual: `there are pods of ${owner.kind} ${owner.name}${deployment}: ${listOf(names)}`,
      hint: `a ${owner.kind === 'ReplicaSet' ? 'Deployment' : owner.kind} gives no stable names: write kind: StatefulSet`,
      pods: names,
    }
  }
  if (bare.length > 0)
    return {
      actual: `there are bare pods that only look like a set’s: ${listOf(bare)}`,
      hint: 'pods made by hand are not recreated and have no claims of their own: write kind: StatefulSet',
      pods: bare,
    }
  return {
    actual:
      pods.length === 0
        ? 'there are no pods either'
        : `there are pods ${listOf(pods.map((pod) => pod.name))}`,
    hint: `apply your manifest in this namespace: kubectl apply -f ${name === '' ? 'YOUR-SET' : name}.yaml`,
    pods: [],
  }
}
