import type { ClaimFacts, PodFacts } from '../timeline/facts.ts'
import { claimName, podsOf } from '../timeline/state.ts'
import { readings } from './content.ts'
import type { Criterion, Judgement } from './criterion.ts'
import { fail, inconclusive, listOf, pass, worst } from './judgement.ts'
import { sharedVolume } from './shared-volume.ts'
import {
  isJudgement,
  latestSeq,
  type Settled,
  type Subject,
  settled,
  subjectOf,
  whyUnsettled,
} from './subject.ts'

const expected =
  'for each pod and claim template a bound claim <template>-<pod>, mounted by the pod, on a volume of its own'

/** Per pod and template: the claim is bound, mounted by that pod, and on a volume of its own. */
export const persistentStorage: Criterion = {
  number: 3,
  id: 'persistent-storage',
  title: 'Each pod has persistent storage of its own',
  why: 'A claim per pod is what lets a pod come back to its own data. Shared or temporary storage loses or mixes it.',
  hint: 'declare volumeClaimTemplates in the set and mount the template by its name in the container',
  judge(evidence) {
    const subject = subjectOf(evidence)
    return isJudgement(subject) ? subject : judgeStorage(subject, settled(subject))
  },
}

function judgeStorage(subject: Subject, at: Settled): Judgement {
  const { set } = at
  const own = podsOf(at.state, subject.uid).filter((pod) => pod.deletionTimestamp === null)
  if (set.claimTemplates.length === 0) return noTemplates(subject, at, own)

  const marks = [at.window?.end ?? null, subject.setSeq]
  const unsettled = whyUnsettled(at)
  const pods = own.filter((pod) => at.names.includes(pod.name))
  if (pods.length === 0) {
    const reason = `there are no pods to look at${unsettled === null ? '' : `: ${unsettled}`}`
    return inconclusive({ reason, expected, actual: 'no pods', evidence: marks })
  }
  const flaws = pods.flatMap((pod) =>
    set.claimTemplates.flatMap((template) => judgeClaim(subject, at, pod, template.name) ?? []),
  )
  const flaw = worst([...flaws, ...doubled(subject, at, pods), ...(sharedVolume(subject) ?? [])])
  if (flaw !== null) return flaw

  const missing = at.names.filter((name) => !pods.some((pod) => pod.name === name))
  if (missing.length > 0) {
    const reason = `not there: ${listOf(missing)}; ${unsettled ?? 'the set may still be changing its size'}`
    return inconclusive({
      reason,
      expected,
      actual: `pods ${listOf(pods.map((pod) => pod.name))}`,
      evidence: marks,
    })
  }
  const claims = pods.flatMap((pod) =>
    set.claimTemplates.map((template) => claimName(template.name, pod.name)),
  )
  return pass({
    reason: `${listOf(claims)} are bound, each mounted by its pod and on a volume of its own`,
    expected,
    actual: claims.map((claim) => `${claim} on ${claimAt(at, claim)?.volumeName}`).join(', '),
    evidence: [
      ...claims.map((claim) => latestSeq(subject.observations, 'claims', claim, at.until)),
      ...pods.map((pod) => latestSeq(subject.observations, 'pods', pod.name, at.seq)),
    ],
  })
}

function judgeClaim(subject: Subject, at: Settled, pod: PodFacts, template: string): Judgement | null {
  const { observations } = subject
  const name = claimName(template, pod.name)
  const claim = claimAt(at, name)
  const podSeq = latestSeq(observations, 'pods', pod.name, at.seq)
  const evidence = [latestSeq(observations, 'claims', name, at.until), podSeq]

  const volume = pod.claims.find((each) => each.claim === name)
  if (volume === undefined) {
    const actual = `${pod.name} uses ${listOf(pod.claims.map((each) => each.claim))}`
    return fail({ reason: `${pod.name} has no volume on its claim ${name}`, expected, actual, evidence })
  }
  if (volume.mounts.length === 0)
    return fail({
      reason: `${pod.name} has a volume on ${name}, but no container mounts it`,
      expected,
      actual: 'not mounted',
      hint: `add a volumeMounts entry with name: ${template} to the container`,
      evidence,
    })
  if (claim === undefined) {
    const reason = `there is no claim ${name}`
    const claimsSeen = observations.some((each) => each.stream === 'claims' && each.type !== 'gap')
    return pod.ready && claimsSeen
      ? fail({ reason: `${reason}, though ${pod.name} runs`, expected, actual: 'no such claim', evidence })
      : inconclusive({ reason: `${reason} yet`, expected, actual: 'no such claim', evidence })
  }
  if (claim.phase === 'Lost')
    return fail({ reason: `claim ${name} lost its volume`, expected, actual: 'phase Lost', evidence })
  if (claim.phase === 'Pending') return judgePending(subject, at, pod, claim)
  if (claim.volumeName === null)
    return inconclusive({ reason: `claim ${name} names no volume`, expected, actual: 'no volume', evidence })
  return null
}

/** As it was then; if it was not bound yet, as it was shortly after. */
function claimAt(at: Settled, name: string): ClaimFacts | undefined {
  const then = at.state.claims.get(name)
  return then?.phase === 'Bound' ? then : (at.later.claims.get(name) ?? then)
}

/** A claim that waits is to blame only if something says so: it may just wait for a pod that cannot be scheduled. */
function judgePending(
  subject: Subject,
  at: Settled,
  pod: PodFacts,
  claim: { readonly name: string; readonly uid: string; readonly storageClass: string | null },
): Judgement {
  const warning = [...at.state.events.values()].findLast(
    (event) => event.warning && event.about.uid === claim.uid,
  )
  const hopeless = at.window?.outcome === 'hopeless'
  const blamed = hopeless && (warning !== undefined || (at.window?.reason ?? '').includes(claim.name))
  const storageClass = claim.storageClass === null ? 'no StorageClass' : `StorageClass ${claim.storageClass}`
  const why = warning?.message ?? (hopeless ? at.window?.reason : null) ?? 'no volume was provisioned yet'
  const finding = {
    reason: `claim ${claim.name} is Pending (${storageClass}): ${why}`,
    expected,
    actual: 'phase Pending',
    evidence: [
      latestSeq(subject.observations, 'claims', claim.name, at.until),
      warning === undefined ? null : latestSeq(subject.observations, 'events', warning.name, at.seq),
    ],
  }
  if (!blamed && !pod.ready) return inconclusive(finding)
  return fail({ ...finding, hint: 'see which classes there are: kubectl get storageclass' })
}

/** Two claims on one volume: by the name of the volume, or by its UID where it could be read. */
function doubled(subject: Subject, at: Settled, pods: readonly PodFacts[]): Judgement[] {
  const seen = new Map<string, string>()
  const volumes = readings(subject.observations, 'volume')
  for (const pod of pods) {
    for (const template of at.set.claimTemplates) {
      const claim = claimAt(at, claimName(template.name, pod.name))
      if (claim?.volumeName == null) continue
      const uid = volumes.findLast((each) => each.claimUid === claim.uid)?.volumeUid
      for (const volume of uid == null ? [claim.volumeName] : [claim.volumeName, uid]) {
        const other = seen.get(volume)
        if (other !== undefined) {
          const evidence = [other, claim.name].map((name) =>
            latestSeq(subject.observations, 'claims', name, at.until),
          )
          const reason = `${other} and ${claim.name} are on the same volume ${claim.volumeName}`
          return [fail({ reason, expected, actual: 'one volume for two claims', evidence })]
        }
      }
      seen.set(claim.volumeName, claim.name)
      if (uid != null) seen.set(uid, claim.name)
    }
  }
  return []
}

/** What the pods use instead of claims of their own. */
function noTemplates(subject: Subject, at: Settled, pods: readonly PodFacts[]): Judgement {
  const users = new Map<string, string[]>()
  for (const pod of pods)
    for (const { claim } of pod.claims) users.set(claim, [...(users.get(claim) ?? []), pod.name])
  const [shared] = users
  const scratch = pods[0]?.otherMounts.filter((mount) => !mount.path.startsWith('/var/run/secrets/')) ?? []
  const actual =
    shared !== undefined
      ? `one claim ${shared[0]}, used by ${listOf(shared[1])}`
      : scratch.length > 0
        ? `${listOf(scratch.map((mount) => mount.path))} ${scratch.length === 1 ? 'is' : 'are'} not on a claim (emptyDir and the like end with the pod)`
        : 'no volume at all'
  return fail({
    reason: `the set has no volumeClaimTemplates: ${actual}`,
    expected,
    actual,
    hint:
      shared !== undefined
        ? `replace the volume with persistentVolumeClaim ${shared[0]} by a volumeClaimTemplates entry: a claim named in the pod template is shared by all pods`
        : null,
    evidence: [
      subject.setSeq,
      ...pods.map((pod) => latestSeq(subject.observations, 'pods', pod.name, at.seq)),
    ],
  })
}
