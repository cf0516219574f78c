import type { ClaimFacts } from '../timeline/facts.ts'
import { aliveAt, livesOfSet, numbered } from '../timeline/lives.ts'
import { claimName, stateAt } from '../timeline/state.ts'
import { gapsBetween, lastWindow, type PhaseWindow, windowsOf } from '../timeline/windows.ts'
import type { Criterion, Judgement } from './criterion.ts'
import { disturbance, sizeAt } from './interference.ts'
import { fail, inconclusive, listOf, pass, worst } from './judgement.ts'
import { isJudgement, latestSeq, notReached, type Subject, subjectOf, whyMissing } from './subject.ts'

const expected = 'the claims of removed pods stay, and none is marked for deletion'

/**
 * From before the scale-down until a hold after it, no claim of a removed pod is deleted or marked for it.
 *
 * The hold: the run keeps watching claims after the last pod is gone, before it marks the end of the shrink,
 * and goes on through growing back. A pass needs that end mark ("reached", so the hold is over) and at least one
 * later mark of the run: had the recording stopped with the last pod, a claim deleted right after would be unseen.
 * What happens to claims once the set is put back (phase 'restore') or is deleted is not scaling.
 */
export const pvcRetention: Criterion = {
  number: 9,
  id: 'pvc-retention',
  title: 'Scaling down keeps the claims',
  why: 'Taking a replica away must not take its data away. Kubernetes keeps the claims unless you ask it not to.',
  hint: 'leave persistentVolumeClaimRetentionPolicy.whenScaled at Retain, and do not delete the claims',
  judge(evidence) {
    const subject = subjectOf(evidence)
    if (isJudgement(subject)) return subject
    if (subject.set.retention?.whenScaled === 'Delete')
      return fail({
        reason:
          'persistentVolumeClaimRetentionPolicy.whenScaled is Delete: a claim is deleted with its pod when the set shrinks',
        expected: 'whenScaled: Retain (the default)',
        actual: 'whenScaled: Delete',
        evidence: [subject.setSeq],
      })
    const window = lastWindow(subject.observations, 'shrink')
    if (window !== null) return judgeWindow(subject, window)
    const reason = `the set was not seen shrinking: ${whyMissing(subject.observations, 'that')}`
    return inconclusive({ reason, expected, actual: 'not seen', evidence: [] })
  },
}

function judgeWindow(subject: Subject, window: PhaseWindow): Judgement {
  const { observations, set, uid } = subject
  const marks = [window.begin, window.end]
  const until = endOfWatch(subject, window)
  const to = sizeAt(subject, window.end ?? until) ?? 0
  const removed = numbered(livesOfSet(observations, uid)).filter(
    (life) => aliveAt(life, window.begin) && life.ordinal >= set.startOrdinal + to,
  )
  const before = stateAt(observations, window.begin).claims
  const wanted = removed.flatMap((life) =>
    set.claimTemplates.map((template) => claimName(template.name, life.pod)),
  )
  const claims = wanted.flatMap((name) => before.get(name) ?? [])

  const flaw = worst(claims.flatMap((claim) => judgeClaim(subject, claim, window.begin, until) ?? []))
  if (flaw?.verdict === 'fail') return flaw
  const disturbed = disturbance(subject, window, expected)
  if (disturbed !== null) return disturbed
  if (window.outcome !== 'reached')
    return inconclusive({
      reason: notReached(window),
      expected,
      actual: 'shrinking did not finish',
      evidence: marks,
    })
  if (removed.length === 0)
    return inconclusive({ reason: 'no pod was removed', expected, actual: 'no pod removed', evidence: marks })
  if (claims.length < wanted.length || claims.length === 0) {
    const unknown = wanted.filter((name) => !before.has(name))
    const reason =
      wanted.length === 0
        ? 'the set has no volumeClaimTemplates, so there was no claim to keep'
        : `not known before the set was scaled down: ${listOf(unknown)}`
    return inconclusive({ reason, expected, actual: 'no such claims', evidence: marks })
  }
  if (flaw !== null) return flaw
  const later = observations.find((each) => each.stream === 'run' && each.seq > (window.end ?? 0))
  if (later === undefined) {
    const reason = 'the recording ends with the scale-down: a claim deleted just after would not be seen'
    return inconclusive({ reason, expected, actual: 'not watched for long enough', evidence: marks })
  }
  const names = claims.map((claim) => claim.name)
  return pass({
    reason: `${listOf(names)} stayed when ${listOf(removed.map((life) => life.pod))} went, and none was marked for deletion`,
    expected,
    actual: `${claims.length} claims kept`,
    evidence: [...marks, later.seq, ...names.map((name) => latestSeq(observations, 'claims', name, until))],
  })
}

/** The last position that still belongs to this scaling down and the growing back after it. */
function endOfWatch({ observations, uid }: Subject, shrink: PhaseWindow): number {
  const last = observations.at(-1)?.seq ?? shrink.begin
  const later = windowsOf(observations).filter((each) => each.begin > (shrink.end ?? last))
  const regrow = later.find((each) => each.phase === 'regrow')
  const other = later.find(
    (each) => each.phase === 'restore' || each.phase === 'shrink' || each.phase === 'create',
  )
  const setGone = observations.find(
    (each) =>
      each.stream === 'statefulsets' &&
      each.type !== 'gap' &&
      each.seq > shrink.begin &&
      each.object.uid === uid &&
      (each.type === 'deleted' || each.object.deletionTimestamp !== null),
  )
  return Math.min(last, regrow?.end ?? last, (other?.begin ?? last + 1) - 1, (setGone?.seq ?? last + 1) - 1)
}

function judgeClaim(
  { observations }: Subject,
  claim: ClaimFacts,
  begin: number,
  until: number,
): Judgement | null {
  const { name, uid } = claim
  for (const each of observations) {
    if (each.seq <= begin || each.seq > until || each.stream !== 'claims') continue
    if (each.type === 'gap' || each.object.uid !== uid) continue
    const what = { expected, evidence: [each.seq] }
    if (each.type === 'deleted')
      return fail({
        ...what,
        reason: `claim ${name} was deleted (event ${each.seq})`,
        actual: `${name} deleted`,
      })
    if (each.type === 'vanished')
      return fail({
        ...what,
        reason: `claim ${name} was deleted while the watch was interrupted (event ${each.seq})`,
        actual: `${name} deleted`,
      })
    if (each.object.deletionTimestamp !== null)
      return fail({
        ...what,
        reason: `claim ${name} was marked for deletion (event ${each.seq})`,
        actual: `${name} terminating`,
      })
    // whenScaled: Delete makes the doomed pod the owner. An owning set only says whenDeleted: Delete, which is not scaling.
    const owner = each.object.owners.find(({ kind }) => kind === 'Pod')
    if (owner !== undefined)
      return fail({
        ...what,
        reason: `claim ${name} was tied to pod ${owner.name} (event ${each.seq}), so that it is deleted with the pod`,
        actual: `${name} owned by pod ${owner.name}`,
      })
  }
  const gap = gapsBetween(observations, 'claims', begin, until + 1).at(-1)
  const seenAfter = observations.some(
    (each) =>
      each.stream === 'claims' &&
      each.type !== 'gap' &&
      each.type !== 'vanished' &&
      each.type !== 'deleted' &&
      each.object.uid === uid &&
      each.seq > (gap?.seq ?? 0),
  )
  if (gap === undefined || seenAfter) return null
  const reason = `the watch of the claims was interrupted (event ${gap.seq}), and ${name} was not seen again`
  return inconclusive({ reason, expected, actual: 'not seen', evidence: [gap.seq] })
}
