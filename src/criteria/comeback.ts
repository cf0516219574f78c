import type { Life } from '../timeline/lives.ts'
import type { FileReading } from '../timeline/observation.ts'
import { claimName, stateAt } from '../timeline/state.ts'
import { identityFiles, names, type Placed, readings } from './content.ts'
import type { Judgement } from './criterion.ts'
import { fail, inconclusive } from './judgement.ts'
import { latestSeq, type Subject } from './subject.ts'
import { fateOf } from './survived.ts'

/** A pod that went and came back, and up to where to look at what it came back with. */
export interface Comeback {
  readonly old: Life
  readonly next: Life
  readonly upTo: number
}

const expected = 'the same claim and volume, with everything that was on it'

/**
 * Did the pod come back with what it had: per template the same claim (UID) on the same volume, our token, and
 * its own original content? Criteria 6 and 10 ask the same of different pods.
 * @returns what is wrong or cannot be told, and the positions that were compared.
 */
export function judgeComeback(
  subject: Subject,
  comeback: Comeback,
): { readonly flaws: readonly Judgement[]; readonly evidence: readonly (number | null)[] } {
  const { old, next, upTo } = comeback
  // The last moment before anything happened to the old pod.
  const cut = (old.terminating ?? old.gone ?? old.vanished ?? next.firstSeen) - 1
  const flaws: Judgement[] = []
  const evidence: (number | null)[] = []
  const kept: { claim: string; before: Placed<'content'>; after: Placed<'content'> }[] = []

  for (const template of subject.set.claimTemplates) {
    const claim = claimName(template.name, old.pod)
    const same = judgeClaim(subject, claim, { cut, upTo, next })
    flaws.push(...same.flaws)
    evidence.push(...same.evidence)
    const read = readBoth(subject, claim, { cut, comeback })
    if ('verdict' in read) {
      flaws.push(read)
      continue
    }
    evidence.push(read.before.seq, read.after.seq)
    kept.push({ claim, ...read })
    flaws.push(...judgeToken(subject, claim, old.pod, cut, read))
  }
  if (kept.length === subject.set.claimTemplates.length || kept.some(({ before }) => before.files.length > 0))
    flaws.push(...judgeOriginals(subject, old.pod, cut, kept))
  return { flaws, evidence: [...evidence, next.firstReady] }
}

function judgeClaim(
  { observations }: Subject,
  claim: string,
  { cut, upTo, next }: { cut: number; upTo: number; next: Life },
): { flaws: Judgement[]; evidence: (number | null)[] } {
  const before = stateAt(observations, cut).claims.get(claim)
  const after = stateAt(observations, upTo).claims.get(claim)
  const evidence = [
    latestSeq(observations, 'claims', claim, cut),
    latestSeq(observations, 'claims', claim, upTo),
  ]
  const flaw = (judge: typeof fail, reason: string, actual: string) => ({
    flaws: [judge({ reason, expected, actual, evidence })],
    evidence,
  })
  if (before === undefined)
    return flaw(inconclusive, `claim ${claim} was not known before ${next.pod} went`, 'unknown')
  if (after === undefined)
    return flaw(fail, `claim ${claim} is gone although ${next.pod} is back`, 'no claim')
  if (before.uid !== after.uid)
    return flaw(
      fail,
      `${next.pod} came back to another claim: ${claim} was deleted and made anew`,
      `claim UID ${before.uid} before, ${after.uid} now`,
    )
  if (before.volumeName === null || after.volumeName === null)
    return flaw(inconclusive, `claim ${claim} was not bound`, `phase ${after.phase}`)
  if (before.volumeName !== after.volumeName)
    return flaw(
      fail,
      `claim ${claim} is on another volume than before`,
      `volume ${before.volumeName} before, ${after.volumeName} now`,
    )
  const volumes = readings(observations, 'volume').filter(
    (each) => each.claimUid === before.uid && each.volumeUid !== null,
  )
  const was = volumes.findLast((each) => each.seq <= cut)
  const is = volumes.findLast((each) => each.seq > cut && each.seq <= upTo)
  if (was !== undefined && is !== undefined && was.volumeUid !== is.volumeUid)
    return flaw(
      fail,
      `the volume ${is.volume} of claim ${claim} was made anew under its old name`,
      `volume UID ${was.volumeUid} before, ${is.volumeUid} now`,
    )
  if (!next.changes.some((change) => change.object.claims.some((each) => each.claim === claim)))
    return flaw(fail, `${next.pod} came back without its claim ${claim}`, 'the new pod does not use it')
  return { flaws: [], evidence }
}

/** The last reading before the pod went and the last of the pod that came back: it may rewrite its file some time after it started. */
function readBoth(
  { observations }: Subject,
  claim: string,
  { cut, comeback }: { cut: number; comeback: Comeback },
): { before: Placed<'content'>; after: Placed<'content'> } | Judgement {
  const { old, next } = comeback
  const contents = readings(observations, 'content').filter(
    (each) => each.claim === claim && each.pod === old.pod,
  )
  const failures = readings(observations, 'unreadable').filter(
    (each) => each.claim === claim && each.pod === old.pod,
  )
  const before = contents.findLast((each) => each.seq <= cut)
  const after = contents.findLast((each) => each.podUid === next.uid && each.seq > next.firstSeen)
  if (before !== undefined && after !== undefined) return { before, after }
  const failure =
    before === undefined
      ? failures.findLast((each) => each.seq <= cut)
      : failures.find((each) => each.podUid === next.uid)
  const when = before === undefined ? `before ${old.pod} went` : `after ${old.pod} came back`
  const reason =
    failure === undefined
      ? `${claim} was not read ${when}`
      : `${claim} could not be read ${when}: ${failure.reason}`
  return inconclusive({
    reason,
    expected,
    actual: 'not read',
    evidence: [failure?.seq ?? before?.seq ?? null],
  })
}

/** The token last written to the claim must be on it. Recorded before it was sent, a write may have failed: then nobody saw it before either. */
function judgeToken(
  { observations }: Subject,
  claim: string,
  pod: string,
  cut: number,
  { before, after }: { before: Placed<'content'>; after: Placed<'content'> },
): Judgement[] {
  const write = observations.findLast(
    (each) =>
      each.seq <= cut &&
      each.type === 'action' &&
      each.action.do === 'write-token' &&
      each.action.claim === claim &&
      each.action.pod === pod,
  )
  if (write?.type !== 'action' || write.action.do !== 'write-token') return []
  const { token } = write.action
  const has = (reading: Placed<'content'>) =>
    Object.values(reading.tokens).some((text) => text.trim() === token)
  if (has(after)) return []
  const finding = {
    reason: `the token that sts-lab wrote to ${claim} is not there any more`,
    expected: `the token on ${claim}`,
    actual: Object.keys(after.tokens).length === 0 ? 'no token' : 'another token',
    evidence: [write.seq, before.seq, after.seq],
  }
  if (has(before)) return [fail(finding)]
  return [inconclusive({ ...finding, reason: `${finding.reason}; it was not seen there before either` })]
}

/** At least one file that was the pod's own must be the very one it was. */
function judgeOriginals(
  subject: Subject,
  pod: string,
  cut: number,
  kept: readonly { claim: string; before: Placed<'content'>; after: Placed<'content'> }[],
): Judgement[] {
  const files = kept.flatMap(({ before }) => before.files)
  const own = new Set(identityFiles(files, pod, othersBefore(subject, pod, cut)))
  const chosen = own.size > 0 ? own : new Set(files.filter((file) => names(file.text, pod)))
  const fates = kept.flatMap(({ claim, before, after }) =>
    before.files
      .filter((file) => chosen.has(file))
      .map((file) => {
        const now = after.files.find((each) => each.path === file.path)
        return { file, claim, seqs: [before.seq, after.seq], ...fateOf(file, now, after.partial) }
      }),
  )
  const evidence = kept.flatMap(({ before, after }) => [before.seq, after.seq])
  const wanted = 'its own original content'
  if (fates.length === 0) {
    const reason = `${pod} had no identity content to compare (see criterion 4)`
    return [inconclusive({ reason, expected: wanted, actual: 'nothing that names the pod', evidence })]
  }
  if (fates.some(({ fate }) => fate === 'kept')) return []
  const unsure = fates.find((each) => each.fate === 'missing' && each.unsure)
  if (unsure !== undefined) {
    const reason = `${unsure.file.path} on ${unsure.claim} was not found again, but only a part of the volume was read`
    return [inconclusive({ reason, expected: wanted, actual: 'not found', evidence })]
  }
  const rewritten = fates.find((each) => each.fate === 'rewritten')
  if (rewritten?.fate === 'rewritten')
    return [
      fail({
        reason: `${rewritten.file.path} on ${rewritten.claim} was written anew when ${pod} started: ${rewritten.how}`,
        expected: wanted,
        actual: rewritten.how,
        hint: `write the file only if it is absent ([ -f FILE ] || echo … > FILE), or append to it`,
        evidence: rewritten.seqs,
      }),
    ]
  const missing = fates[0]
  return [
    fail({
      reason: `${missing?.file.path} on ${missing?.claim} is gone, or no longer names ${pod}`,
      expected: wanted,
      actual: 'the file is not there',
      evidence: missing?.seqs ?? evidence,
    }),
  ]
}

/** What was last read from the other pods' claims, to tell whose a line is. */
function othersBefore(
  { observations }: Subject,
  pod: string,
  cut: number,
): { pod: string; files: FileReading[] }[] {
  const latest = new Map<string, Placed<'content'>>()
  for (const reading of readings(observations, 'content', 0, cut))
    if (reading.pod !== pod) latest.set(reading.claim, reading)
  return [...latest.values()].map((reading) => ({ pod: reading.pod, files: [...reading.files] }))
}
