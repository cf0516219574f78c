import type { FileReading } from '../timeline/observation.ts'
import { claimName } from '../timeline/state.ts'
import { identityFiles, isSearchedWhole, names, ownLines, type Placed, quote, readings } from './content.ts'
import type { Criterion, Judgement } from './criterion.ts'
import { fail, inconclusive, listOf, pass, worst } from './judgement.ts'
import { isJudgement, type Settled, type Subject, settled, subjectOf, whyUnsettled } from './subject.ts'

const expected = 'on each pod’s claim a file with a line that names this pod, and only this pod'

/** Each pod has written something of its own to its claim. */
export const storageContent: Criterion = {
  number: 4,
  id: 'storage-content',
  title: 'Each pod’s storage holds its own content',
  why: 'Separate volumes are only worth something when each pod keeps its own data there. A line with the pod’s name shows who wrote it.',
  hint: 'let the container write its name to the claim, once: [ -f /data/id ] || echo "$HOSTNAME" > /data/id',
  judge(evidence) {
    const subject = subjectOf(evidence)
    return isJudgement(subject) ? subject : judgeContent(subject)
  },
}

/** What was read from all claims of one pod. */
interface PodContent {
  readonly pod: string
  readonly files: readonly FileReading[]
  readonly fileCount: number
  readonly partial: boolean
  /** Claims that could not be read, or were not: why. */
  readonly unread: readonly string[]
  readonly seqs: readonly number[]
}

/** The first readings of the settled phase, by pod: what the pods wrote before anything was done to them. */
function firstContents({ observations, set }: Subject, at: Settled): PodContent[] {
  const contents = readings(observations, 'content', at.begin, at.until)
  const unreadable = readings(observations, 'unreadable', at.begin, at.until)
  return at.names.map((pod) => {
    const found: Placed<'content'>[] = []
    const failed: Placed<'unreadable'>[] = []
    const unread: string[] = []
    for (const template of set.claimTemplates) {
      const claim = claimName(template.name, pod)
      const content = contents.find((each) => each.pod === pod && each.claim === claim)
      const failure = unreadable.find((each) => each.pod === pod && each.claim === claim)
      if (content !== undefined) found.push(content)
      else if (failure !== undefined) {
        failed.push(failure)
        unread.push(`${claim} cannot be read: ${failure.reason}`)
      } else unread.push(`${claim} was not read`)
    }
    return {
      pod,
      files: found.flatMap((each) => each.files),
      fileCount: found.reduce((sum, each) => sum + each.fileCount, 0),
      partial: found.some((each) => each.partial || !each.files.every(isSearchedWhole)),
      unread,
      seqs: [...found, ...failed].map((each) => each.seq),
    }
  })
}

function judgeContent(subject: Subject): Judgement {
  const { set, setSeq } = subject
  if (set.claimTemplates.length === 0)
    return fail({
      reason: 'the set has no volumeClaimTemplates, so no pod has a claim to keep content on',
      expected,
      actual: 'no claim templates',
      hint: 'add volumeClaimTemplates, mount the volume, and let the container write its name there',
      evidence: [setSeq],
    })
  const at = settled(subject)
  const contents = firstContents(subject, at)
  const seqs = contents.flatMap((content) => content.seqs)
  const unsettled = whyUnsettled(at)
  if (seqs.length === 0) {
    const reason = unsettled ?? 'the claims were not read'
    return inconclusive({ reason, expected, actual: 'nothing was read', evidence: [at.window?.end ?? null] })
  }
  const alike = judgeAlike(contents)
  if (alike !== null) return alike
  const flaw = worst(
    contents.flatMap(
      (content) =>
        judgePod(
          content,
          contents.filter((other) => other !== content),
          unsettled,
        ) ?? [],
    ),
  )
  if (flaw !== null) return flaw
  if (contents.length < 2)
    return inconclusive({
      reason: 'there is only one pod: nothing to compare its content with',
      expected,
      actual: 'one pod',
      evidence: seqs,
    })
  return pass({
    reason: `each of ${listOf(at.names)} has content of its own on its claim`,
    expected,
    actual: contents
      .flatMap((content) => {
        const own = identityFiles(
          content.files,
          content.pod,
          contents.filter((other) => other !== content),
        )[0]
        return own === undefined ? [] : [`${content.pod}: ${quote(own)}`]
      })
      .join('; '),
    evidence: seqs,
  })
}

/** Byte for byte the same on all pods: nobody's own, whatever it says. */
function judgeAlike(contents: readonly PodContent[]): Judgement | null {
  const [first, ...rest] = contents
  if (first === undefined || rest.length === 0 || first.files.length === 0) return null
  const print = ({ files }: PodContent) =>
    JSON.stringify(files.map((file) => `${file.path}\n${file.sizeBytes}\n${file.text}`).sort())
  if (
    contents.some(({ unread, partial }) => partial || unread.length > 0) ||
    !rest.every((other) => print(other) === print(first))
  )
    return null
  const sample = first.files[0]
  return fail({
    reason: `the content is the same on all pods${sample === undefined ? '' : `: ${quote(sample)}`}`,
    expected,
    actual: 'the same content everywhere',
    hint: 'let each container write its own name ($HOSTNAME), not a fixed text, to a volume of its own',
    evidence: contents.flatMap((content) => content.seqs),
  })
}

/** null when the pod has content of its own. */
function judgePod(
  content: PodContent,
  others: readonly PodContent[],
  unsettled: string | null,
): Judgement | null {
  const { pod, files, seqs } = content
  if (identityFiles(files, pod, others).length > 0) return null
  const what = { expected, actual: `on the claim of ${pod}: ${inventory(content)}`, evidence: seqs }
  if (content.unread.length > 0) {
    const reason = `${pod}: ${seqs.length === 0 && unsettled !== null ? unsettled : content.unread.join('; ')}`
    return inconclusive({ ...what, reason })
  }
  const naming = files.find((file) => names(file.text, pod))
  if (naming !== undefined) {
    const alone =
      ownLines(
        naming,
        pod,
        others.map((other) => other.pod),
      ).length > 0
    const why = alone ? 'the same line is on another pod’s volume' : 'the line names other pods too'
    return inconclusive({
      ...what,
      reason: `cannot tell who wrote ${quote(naming)} on the claim of ${pod}: ${why}`,
    })
  }
  if (content.partial) {
    const reason = `no file that names ${pod} was found, but only a part of its volume was read`
    return inconclusive({ ...what, reason })
  }
  const other = others.find((each) => files.some((file) => names(file.text, each.pod)))
  const wrong = other === undefined ? '' : `, but one names ${other.pod}`
  return fail({
    ...what,
    reason: `no file on the claim of ${pod} names ${pod}${wrong}: ${inventory(content)}`,
  })
}

/** "the volume is empty", "web-0.txt is empty", "3 files, none of them says …". */
function inventory({ files, fileCount }: PodContent): string {
  if (fileCount === 0) return 'the volume is empty'
  if (files.length === 0) return `${fileCount} ${fileCount === 1 ? 'file' : 'files'}`
  const shown = files.slice(0, 3).map(quote)
  const more = fileCount > shown.length ? ` and ${fileCount - shown.length} more` : ''
  return `${shown.join(', ')}${more}`
}
