import { printable } from '../timeline/printable.ts'
import { isReady, stateAfter } from '../timeline/state.ts'
import type { Constraint, Evidence, Verdict } from './criterion.ts'
import { listOf } from './judgement.ts'
import { storageContent } from './storage-content.ts'
import {
  absence,
  isJudgement,
  notReached,
  type Settled,
  type Subject,
  settled,
  subjectOf,
} from './subject.ts'

/** Least number of replicas and least storage per pod that section 3 asks for. */
const MIN_REPLICAS = 3
const MIN_STORAGE_BYTES = 50 * 1024 * 1024

interface Said {
  readonly verdict: Verdict
  readonly reason: string
}

const passed = (reason: string): Said => ({ verdict: 'pass', reason: printable(reason, 600) })
const failed = (reason: string): Said => ({ verdict: 'fail', reason: printable(reason, 600) })
const untold = (reason: string): Said => ({ verdict: 'inconclusive', reason: printable(reason, 600) })

/** What section 3 demands of the set, besides how it behaves. */
export const constraints: readonly Constraint[] = [
  {
    id: 'statefulset-exists',
    title: 'There is a StatefulSet',
    judge(evidence) {
      const { target, observations } = evidence
      if (target.uid === null)
        return observations.length === 0 ? untold('nothing was recorded') : failed(absence(target))
      const subject = subjectOf(evidence)
      return isJudgement(subject) ? untold(subject.reason) : passed(`StatefulSet ${subject.set.name}`)
    },
  },
  {
    id: 'headless-service',
    title: 'Its service is headless',
    judge: (evidence) => about(evidence, headlessService),
  },
  {
    id: 'replicas',
    title: `It has at least ${MIN_REPLICAS} replicas`,
    judge: (evidence) =>
      about(evidence, (_, { set }) =>
        set.replicas >= MIN_REPLICAS
          ? passed(`replicas is ${set.replicas}`)
          : failed(`replicas is ${set.replicas}, less than ${MIN_REPLICAS}`),
      ),
  },
  {
    id: 'storage',
    title: 'Each pod asks for at least 50Mi of storage of its own',
    judge: (evidence) => about(evidence, storage),
  },
  {
    id: 'identity-proof',
    title: 'Each pod writes something that names it',
    judge(evidence) {
      const { verdict, reason } = storageContent.judge(evidence)
      return { verdict, reason }
    },
  },
  { id: 'pods-ready', title: 'All its pods come up', judge: (evidence) => about(evidence, podsReady) },
]

function about(evidence: Evidence, judge: (subject: Subject, at: Settled) => Said): Said {
  const subject = subjectOf(evidence)
  return isJudgement(subject) ? untold(subject.reason) : judge(subject, settled(subject))
}

function headlessService({ observations }: Subject, at: Settled): Said {
  const name = at.set.serviceName
  if (name === '') return failed('spec.serviceName is empty')
  const service = at.state.services.get(name)
  if (service?.headless === true) return passed(`Service ${name} has clusterIP None`)
  if (stateAfter(observations).services.get(name)?.headless === true)
    return untold(`Service ${name} was made headless only after it had been looked at: verify again`)
  if (service !== undefined)
    return failed(`Service ${name} is not headless: its clusterIP is ${service.clusterIP ?? 'not set'}`)
  // No services at all leave no observation: only a finished phase shows that we looked.
  const looked = at.window?.end != null || observations.some((each) => each.stream === 'services')
  return looked
    ? failed(`spec.serviceName is ${name}, but there is no Service ${name}`)
    : untold(`Service ${name} was not seen`)
}

function storage(_: Subject, { set }: Settled): Said {
  if (set.claimTemplates.length === 0) return failed('the set has no volumeClaimTemplates')
  const shown = set.claimTemplates.map(
    ({ name, requestedBytes }) => `${name} asks for ${mebibytes(requestedBytes)}`,
  )
  const enough = set.claimTemplates.some(({ requestedBytes }) => requestedBytes >= MIN_STORAGE_BYTES)
  return enough ? passed(listOf(shown)) : failed(`${listOf(shown)}, less than 50Mi`)
}

const mebibytes = (bytes: number): string => `${Math.round((bytes / 1024 / 1024) * 100) / 100}Mi`

function podsReady({ uid }: Subject, at: Settled): Said {
  const ready = at.names.filter((name) => {
    const pod = at.state.pods.get(name)
    return pod !== undefined && pod.controller?.uid === uid && isReady(pod)
  })
  const all = ready.length === at.names.length
  if (at.names.length === 0) return failed('replicas is 0: no pod is asked for')
  const outcome = at.window?.outcome ?? null
  if (all && (at.window === null || outcome === 'reached' || outcome === null))
    return passed(`${listOf(ready)} ${ready.length === 1 ? 'is' : 'are'} ready`)
  const reason = at.window === null ? `ready: ${listOf(ready)} of ${listOf(at.names)}` : notReached(at.window)
  return outcome === 'hopeless' || outcome === 'timeout' ? failed(reason) : untold(reason)
}
