import type { PodFacts, ServiceFacts, StatefulSetFacts } from '../timeline/facts.ts'
import { isReady, podsOf, stateAfter, stateAt } from '../timeline/state.ts'
import { lastWindow, staleAt, windowEnd, windowsOf } from '../timeline/windows.ts'
import { type Placed, readings } from './content.ts'
import type { Criterion, Judgement } from './criterion.ts'
import { fail, inconclusive, listOf, pass, worst } from './judgement.ts'
import { whyNoRecords } from './no-records.ts'
import { replacedIn } from './replaced.ts'
import {
  isJudgement,
  latestSeq,
  notReached,
  type Settled,
  type Subject,
  settled,
  subjectOf,
  whyUnsettled,
} from './subject.ts'

const expected = '<pod>.<service> is that pod’s present IP, and <service> is exactly the ready pods'

/** Nothing of the student's explains it. */
const SILENT = 'the cluster’s DNS is at fault, not the set: sts-lab doctor looks at it; then verify again'

/** From another pod, each pod's name is its present IP, and the service name exactly the ready set. */
export const dnsResolution: Criterion = {
  number: 5,
  id: 'dns-resolution',
  title: 'Each pod has a DNS name of its own',
  why: 'IPs change with every restart. Peers find each other by <pod>.<service>, which follows the pod to its new address.',
  hint: 'create a headless Service (clusterIP: None) named as spec.serviceName, whose selector matches the pods’ labels',
  judge(evidence) {
    const subject = subjectOf(evidence)
    if (isJudgement(subject)) return subject
    const at = settled(subject)
    const baseline = judgeBaseline(subject, at)
    if (baseline.verdict !== 'pass') return putRightSince(subject, at, baseline)
    const after = judgeReplaced(subject, at)
    if (after === null) return writtenByHand(at, baseline) ?? baseline
    return after.verdict === 'pass' ? merge(baseline, after) : after
  },
}

/** Without a selector nobody in Kubernetes keeps the endpoints: that the names are right now says little of later. */
function writtenByHand({ state, set }: Settled, baseline: Judgement): Judgement | null {
  const service = state.services.get(set.serviceName)
  if (service === undefined || service.selector !== null) return null
  return inconclusive({
    reason: `the names resolve, but Service ${service.name} has no selector: somebody keeps its endpoints, by hand or otherwise`,
    expected,
    actual: baseline.actual,
    hint: 'give the Service a selector that the pods’ labels match; or delete a pod, and see whether its name follows',
    evidence: baseline.evidence,
  })
}

/** What DNS said of a service that could not answer proves nothing about one that has been put right since. */
function putRightSince(subject: Subject, at: Settled, judgement: Judgement): Judgement {
  if (judgement.verdict !== 'fail' || whyNoRecords(at.state, at.set) === null) return judgement
  const { observations, set } = subject
  if (whyNoRecords(stateAfter(observations), set) !== null) return judgement
  return inconclusive({
    reason: `Service ${set.serviceName} was put right after DNS had been asked`,
    expected,
    actual: judgement.actual,
    hint: 'verify again',
    evidence: [
      ...judgement.evidence,
      latestSeq(observations, 'services', set.serviceName, observations.length),
    ],
  })
}

function judgeBaseline(subject: Subject, at: Settled): Judgement {
  const { observations } = subject
  const answers = readings(observations, 'dns', at.begin, at.until).filter((each) => each.final)
  const unavailable = readings(observations, 'dns-unavailable', at.begin, at.until).at(-1)
  const unsettled = whyUnsettled(at)
  const service = serviceFlaw(subject, at, answers.length > 0)
  if (service !== null) return service
  if (answers.length === 0) {
    const asking = readings(observations, 'dns', at.begin, at.until).length > 0
    const unasked = asking ? 'DNS has not caught up yet' : 'DNS was not asked'
    const reason = unavailable?.reason ?? unsettled ?? unasked
    const evidence = [unavailable?.seq ?? at.window?.end ?? null]
    return inconclusive({ reason, expected, actual: 'no answers', evidence })
  }
  const pods = at.names.map((name) => at.state.pods.get(name))
  const judgements = at.names.map((name, index): Judgement => {
    const pod = pods[index]
    if (pod === undefined || pod.controller?.uid !== subject.uid) {
      const reason = `${name} is not there: ${unsettled ?? 'the set may still be changing its size'}`
      return inconclusive({ reason, expected, actual: 'no pod', evidence: [at.window?.end ?? null] })
    }
    return judgePod(subject, pod, answers)
  })
  judgements.push(judgeService(subject, at, answers))
  return (
    worst(judgements) ??
    pass({
      reason: `${listOf(at.names)} each resolve to their own address, and ${at.set.serviceName} to all of them`,
      expected,
      actual: judgements.map((each) => each.actual).join('; '),
      evidence: judgements.flatMap((each) => each.evidence),
    })
  )
}

/** Without a service of that name there are no records, whatever was asked. */
function serviceFlaw(subject: Subject, at: Settled, asked: boolean): Judgement | null {
  const { observations, setSeq } = subject
  const { serviceName } = at.set
  if (serviceName === '')
    return fail({
      reason: 'the set names no service (spec.serviceName is empty), so its pods have no names in DNS',
      expected,
      actual: 'no serviceName',
      evidence: [setSeq],
    })
  // No services at all leave no observation: then only an answer or a finished phase shows that we looked.
  const looked = asked || at.window?.end != null || observations.some((each) => each.stream === 'services')
  if (at.state.services.has(serviceName) || at.later.services.has(serviceName) || !looked) return null
  const others = [...at.state.services.keys()].filter((name) => name !== 'kubernetes')
  return fail({
    reason: `spec.serviceName is ${serviceName}, but there is no Service ${serviceName}`,
    expected,
    actual: others.length === 0 ? 'no service' : `services ${listOf(others)}`,
    hint: `create the headless Service ${serviceName}; the set’s serviceName cannot be changed in place`,
    evidence: [setSeq, ...others.map((name) => latestSeq(observations, 'services', name, at.seq))],
  })
}

const STALE = 'cannot be compared: the watch of the pods was interrupted when DNS was asked'

/** The last word of DNS about one life of a pod. */
function judgePod(subject: Subject, pod: PodFacts, answers: readonly Placed<'dns'>[]): Judgement {
  const answer = answers.findLast((each) => each.pod === pod.name && each.podUid === pod.uid)
  if (answer === undefined)
    return inconclusive({
      reason: `DNS was not asked for ${pod.name}`,
      expected,
      actual: 'not asked',
      evidence: [],
    })
  const state = stateAt(subject.observations, answer.seq)
  const now = state.pods.get(pod.name)
  const ips = now?.uid === pod.uid && now.ips.length > 0 ? now.ips : answer.expected
  const set = state.statefulsets.get(subject.set.name) ?? subject.set
  const service = state.services.get(set.serviceName)
  const what = {
    expected: `${answer.name} → ${listOf(ips)}`,
    actual: `${answer.name} → ${listOf(answer.addresses)}`,
    evidence: [answer.seq, latestSeq(subject.observations, 'pods', pod.name, answer.seq)],
  }
  if (answer.status === 'failed')
    return inconclusive({
      ...what,
      reason: `DNS did not answer for ${answer.name}: ${answer.text}`,
      hint: SILENT,
    })
  if (ips.length === 0) return inconclusive({ ...what, reason: `${pod.name} had no IP when DNS was asked` })
  if (answer.status === 'none' || answer.addresses.length === 0) {
    if (now !== undefined && !isReady(now) && service?.publishNotReadyAddresses !== true)
      return inconclusive({
        ...what,
        reason: `${pod.name} was not ready when DNS was asked, so it has no record`,
      })
    const hint = service === undefined ? null : whyNoRecord(service, set)
    return fail({ ...what, reason: `${answer.name} does not exist in DNS`, hint })
  }
  const wrong = answer.addresses.find((address) => !ips.includes(address))
  if (wrong !== undefined && staleAt(subject.observations, 'pods', answer.seq))
    return inconclusive({ ...what, reason: `${answer.name} ${STALE}` })
  if (wrong !== undefined)
    return fail({
      ...what,
      reason: `${answer.name} resolves to ${wrong}, but ${pod.name} has ${listOf(ips)}`,
    })
  return pass({ ...what, reason: `${answer.name} resolves to ${listOf(answer.addresses)}` })
}

/** The service name is each ready pod, by at least one of its addresses, and nobody else. */
function judgeService(subject: Subject, at: Settled, answers: readonly Placed<'dns'>[]): Judgement {
  const { serviceName } = at.set
  const answer = answers.findLast((each) => each.pod === null)
  if (answer === undefined)
    return inconclusive({
      reason: `DNS was not asked for ${serviceName}`,
      expected,
      actual: 'not asked',
      evidence: [],
    })
  const state = stateAt(subject.observations, answer.seq)
  const service = state.services.get(serviceName)
  const listed = podsOf(state, subject.uid).filter(
    (pod) => isReady(pod) || (service?.publishNotReadyAddresses === true && pod.deletionTimestamp === null),
  )
  const ips = listed.flatMap((pod) => pod.ips)
  const what = {
    expected: `${answer.name} → ${listOf(ips)}`,
    actual: `${answer.name} → ${listOf(answer.addresses)}`,
    evidence: [answer.seq, latestSeq(subject.observations, 'services', serviceName, answer.seq)],
  }
  if (answer.status === 'failed')
    return inconclusive({
      ...what,
      reason: `DNS did not answer for ${answer.name}: ${answer.text}`,
      hint: SILENT,
    })
  const matches =
    answer.addresses.every((address) => ips.includes(address)) &&
    listed.every((pod) => pod.ips.some((ip) => answer.addresses.includes(ip)))
  if (!matches && staleAt(subject.observations, 'pods', answer.seq))
    return inconclusive({ ...what, reason: `${answer.name} ${STALE}` })
  if (listed.length === 0) return inconclusive({ ...what, reason: 'no pod was ready when DNS was asked' })
  if (service !== undefined && !service.headless)
    return fail({
      ...what,
      reason: `${serviceName} is not headless: its name resolves to ${listOf(answer.addresses)}, one virtual IP, not to the pods`,
      hint: `delete the Service ${serviceName} and create it with clusterIP: None`,
    })
  if (answer.addresses.length === 0) {
    const hint = service === undefined ? null : whyNoRecord(service, at.set)
    return fail({ ...what, reason: `${answer.name} has no addresses in DNS`, hint })
  }
  const foreign = answer.addresses.find((address) => !ips.includes(address))
  if (foreign !== undefined) {
    const whose = [...state.pods.values()].find((pod) => pod.ips.includes(foreign))
    const who = whose === undefined ? 'which is none of the set’s ready pods' : `the address of ${whose.name}`
    const also =
      whose?.controller?.uid === subject.uid
        ? null
        : 'give the Service a selector that only this set’s pods match'
    return fail({ ...what, reason: `${answer.name} also resolves to ${foreign}, ${who}`, hint: also })
  }
  const absent = listed.filter((pod) => !pod.ips.some((ip) => answer.addresses.includes(ip)))
  if (absent.length > 0)
    return fail({ ...what, reason: `${answer.name} leaves out ${listOf(absent.map((pod) => pod.name))}` })
  return pass({ ...what, reason: `${answer.name} resolves to all ready pods` })
}

function whyNoRecord(service: ServiceFacts, set: StatefulSetFacts): string | null {
  const wrong = Object.entries(service.selector ?? {}).filter(([key, value]) => set.podLabels[key] !== value)
  if (service.selector === null) return `Service ${service.name} has no selector, so it selects no pod`
  if (wrong.length === 0) return null
  return `Service ${service.name} selects ${labels(service.selector)}, but the pods have ${labels(set.podLabels)}`
}

const labels = (all: Readonly<Record<string, string>>): string =>
  Object.entries(all)
    .map(([key, value]) => `${key}=${value}`)
    .join(',') || 'no labels'

/** After a replacement the name must follow to the new pod. null when the recording has no replacement. */
function judgeReplaced(subject: Subject, at: Settled): Judgement | null {
  const { observations } = subject
  const window = lastWindow(observations, 'replace')
  if (window === null || window.begin < at.begin) return null
  const what = { expected, actual: 'not asked again', evidence: [window.begin, window.end] }
  const replaced = replacedIn(subject, window)
  if (window.outcome !== 'reached' || replaced.length === 0) {
    const reason = window.outcome === 'reached' ? 'no pod of the set was seen going' : notReached(window)
    return inconclusive({ ...what, reason: `the names resolve, but ${reason}` })
  }
  const end = windowEnd(observations, window)
  const next = windowsOf(observations).find((each) => each.begin > end)
  const answers = readings(observations, 'dns', window.begin, next === undefined ? undefined : next.begin - 1)
  const unavailable = readings(observations, 'dns-unavailable', window.begin, next?.begin).at(-1)
  const again = answers.filter((each) => each.final)
  const judgements = replaced.map(({ old, next: successor }) => {
    const pod = successor === null ? null : successor.last
    if (pod === null || !again.some((each) => each.podUid === pod.uid)) {
      const why = unavailable === undefined ? '' : `: ${unavailable.reason}`
      return inconclusive({ ...what, reason: `DNS was not asked again after ${old.pod} was replaced${why}` })
    }
    return judgePod(subject, pod, again)
  })
  const service = again.some((each) => each.pod === null) ? [judgeService(subject, at, again)] : []
  return worst([...judgements, ...service]) ?? judgements[0] ?? null
}

function merge(baseline: Judgement, after: Judgement): Judgement {
  return pass({
    reason: `${baseline.reason}; after its replacement ${after.reason}`,
    expected,
    actual: `${baseline.actual}; ${after.actual}`,
    evidence: [...baseline.evidence, ...after.evidence],
  })
}
