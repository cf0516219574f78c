import { linesOf, names, type Placed, readings } from '../criteria/content.ts'
import type { CriterionId } from '../criteria/criterion.ts'
import { listOf } from '../criteria/judgement.ts'
import type { CriterionResult, VerifyResult } from '../result.ts'
import { type Life, livesOfSet } from '../timeline/lives.ts'
import type { Observation } from '../timeline/observation.ts'
import { byOrdinal } from '../timeline/state.ts'
import { lastWindow, windowEnd } from '../timeline/windows.ts'
import { cutMiddle } from './layout.ts'

/** More of the same is not more of a proof. */
const MOST = 3

/**
 * The events that prove a criterion that passed, as a sentence or two with their numbers and times. What a pod
 * wrote is quoted in it raw: whoever prints it makes it printable.
 */
export function eventsThatProve(
  criterion: CriterionResult,
  observations: readonly Observation[],
  target: VerifyResult['target'],
): string {
  const run: Run = {
    criterion,
    observations,
    lives: target.uid === null ? [] : livesOfSet(observations, target.uid),
    event: (seq) => `(event ${seq}${timeOf(observations, seq)})`,
  }
  const told = STORIES[criterion.id](run)
  if (told !== '') return told
  const seqs = criterion.evidence.slice(0, MOST).map(({ seq }) => run.event(seq))
  return `${criterion.reason} ${seqs.join(', ')}.`
}

interface Run {
  readonly criterion: CriterionResult
  readonly observations: readonly Observation[]
  /** The lives of the set's pods. */
  readonly lives: readonly Life[]
  /** "(event 41, 12:00:03)" */
  readonly event: (seq: number) => string
}

/** Each gives '' where the recording does not hold what it tells of. */
const STORIES: Readonly<Record<CriterionId, (run: Run) => string>> = {
  'pod-naming': ({ criterion, event }) => {
    const pods = citedNames(criterion, 'pod').map(({ name, seq }) => `${name} ${event(seq)}`)
    return pods.length === 0 ? '' : `The set had ${listOf(pods)}: these and no others.`
  },
  'sequential-creation': inOrder,
  'persistent-storage': ({ criterion, event }) => {
    const claims = citedNames(criterion, 'claim').map(
      ({ name, seq, detail }) => `${name} ${volumeIn(detail)} ${event(seq)}`,
    )
    return claims.length === 0 ? '' : `${someOf(claims)}: each with a volume of its own.`
  },
  'storage-content': ({ criterion, observations, event }) => {
    const cited = new Set(criterion.evidence.map(({ seq }) => seq))
    const said = readings(observations, 'content')
      .filter(({ seq }) => cited.has(seq))
      .sort(byPod)
      .flatMap((reading) => {
        const line = ownLine(reading)
        return line === null ? [] : [`${reading.claim}: ${line} ${event(reading.seq)}`]
      })
    return said.length === 0 ? '' : `${someOf(said)}.`
  },
  'dns-resolution': namesFollow,
  'identity-persistence': comesBack,
  'ordered-scale-up': (run) => `${asked(run, 'grow')}${inOrder(run)}`,
  'ordered-scale-down': (run) => `${asked(run, 'shrink')}${inOrder(run)}`,
  'pvc-retention': claimsStay,
  'pvc-reuse': claimsReused,
}

/** The judge's own sentences about each pair of pods, with the times of their events. */
function inOrder({ criterion, event }: Run): string {
  const pairs = criterion.actual
    .split('; ')
    .filter((pair) => /\(event \d+\).*\(event \d+\)/.test(pair))
    .map((pair) =>
      pair
        .replace(' after ', ' only after ')
        .replace(/\(event (\d+)\)/g, (_all, seq: string) => event(Number(seq))),
    )
  return pairs.length === 0 ? '' : `${someOf(pairs)}.`
}

/** What sts-lab asked of the set in a phase. */
function asked({ observations, event }: Run, phase: 'grow' | 'shrink'): string {
  const window = lastWindow(observations, phase)
  const scale = observations.find(
    (each) => each.seq > (window?.begin ?? 0) && each.type === 'action' && each.action.do === 'scale',
  )
  if (window === null || scale?.type !== 'action' || scale.action.do !== 'scale') return ''
  return `The set was asked for ${scale.action.to} pods instead of ${scale.action.from} ${event(scale.seq)}. `
}

function namesFollow({ criterion, observations, event }: Run): string {
  const cited = new Set(criterion.evidence.map(({ seq }) => seq))
  const answers = readings(observations, 'dns').filter(({ seq, final }) => final && cited.has(seq))
  const ofPods = answers.filter(({ pod }) => pod !== null)
  const moved = ofPods.find((answer) =>
    ofPods.some(
      (before) => before.pod === answer.pod && before.podUid !== answer.podUid && before.seq < answer.seq,
    ),
  )
  const first = ofPods.find(({ pod }) => moved === undefined || pod === moved.pod)
  if (first === undefined) return ''
  const told = `${first.name} was ${first.addresses.join(', ')} ${event(first.seq)}`
  return moved === undefined
    ? `${told}, the address that the pod had.`
    : `${told}. After the pod had been replaced, the same name was ${moved.addresses.join(', ')} ${event(moved.seq)}: the name followed.`
}

function comesBack({ observations, lives, event }: Run): string {
  const deleted = observations.find((each) => each.type === 'action' && each.action.do === 'delete-pod')
  if (deleted?.type !== 'action' || deleted.action.do !== 'delete-pod') return ''
  const { pod, uid } = deleted.action
  const old = lives.find((life) => life.uid === uid)
  const next = lives.find((life) => life.pod === pod && life.firstSeen > (old?.gone ?? deleted.seq))
  if (old?.gone == null || next === undefined || next.firstReady === null) return ''
  const read = readings(observations, 'content', next.firstSeen).find(({ podUid }) => podUid === next.uid)
  const line = read === undefined ? null : ownLine(read)
  const found = read === undefined || line === null ? '' : `, where ${line} ${event(read.seq)}`
  return `sts-lab deleted ${pod} ${event(deleted.seq)}. It was gone ${event(old.gone)}, then there was a new ${pod} ${event(next.firstSeen)} with another UID (${shortUid(next.uid)}, not ${shortUid(uid)}). It was ready ${event(next.firstReady)} on the old volume${found}.`
}

function claimsStay({ criterion, observations, lives, event }: Run): string {
  const window = lastWindow(observations, 'shrink')
  if (window === null) return ''
  const end = windowEnd(observations, window)
  const gone = lives
    .filter((life) => life.gone !== null && life.gone > window.begin && life.gone <= end)
    .sort((a, b) => (a.gone ?? 0) - (b.gone ?? 0))
  const last = gone.at(-1)
  const claims = citedNames(criterion, 'claim').map(({ name }) => name)
  if (last?.gone == null || claims.length === 0) return ''
  return `${listOf(gone.map(({ pod }) => pod))} went, ${last.pod} as the last ${event(last.gone)}. ${listOf(claims)} were there all the time, and none was marked for deletion until the set grew again ${event(end)}.`
}

function claimsReused({ observations, lives, event }: Run): string {
  const window = lastWindow(observations, 'regrow')
  if (window === null) return ''
  const read = readings(observations, 'content', window.begin).sort(byPod)
  const back = read.flatMap((reading) => {
    const life = lives.find(({ uid }) => uid === reading.podUid)
    const line = ownLine(reading)
    if (life?.firstReady == null || line === null) return []
    return [
      `${reading.pod} was ready again ${event(life.firstReady)} and found its claim ${reading.claim}: ${line} ${event(reading.seq)}`,
    ]
  })
  return back.length === 0 ? '' : `${someOf([...new Set(back)], 2)}.`
}

/** What is cited of one kind of object, each object once, in its latest state. */
function citedNames(
  { evidence }: CriterionResult,
  kind: 'pod' | 'claim',
): { readonly name: string; readonly seq: number; readonly detail: string }[] {
  const latest = new Map<string, { name: string; seq: number; detail: string }>()
  for (const { object, seq, detail, stream } of evidence)
    if (stream !== 'run' && object.startsWith(`${kind}/`)) {
      const name = object.slice(kind.length + 1)
      latest.set(name, { name, seq, detail })
    }
  return [...latest.values()].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}

/** `owner says "This volume belongs to keeper-0"`: the line by which a volume is this pod's. */
function ownLine({ pod, files }: Placed<'content'>): string | null {
  for (const file of files) {
    const line = linesOf(file).find((each) => names(each, pod))
    if (line !== undefined) return `${file.path} says "${line.length > 60 ? `${line.slice(0, 59)}…` : line}"`
  }
  return null
}

function volumeIn(detail: string): string {
  const volume = /volume (\S+)$/.exec(detail)?.[1]
  return volume === undefined ? 'is bound' : `is on ${cutMiddle(volume, 20)}`
}

function timeOf(observations: readonly Observation[], seq: number): string {
  const time = /T(\d\d:\d\d:\d\d)/.exec(observations.find((each) => each.seq === seq)?.at ?? '')?.[1]
  return time === undefined ? '' : `, ${time}`
}

const someOf = (all: readonly string[], most = MOST): string =>
  all.length <= most ? all.join('; ') : `${all.slice(0, most).join('; ')}; and so on`

const shortUid = (uid: string): string => `${uid.slice(0, 8)}…`

const byPod = (a: { readonly pod: string }, b: { readonly pod: string }): number =>
  byOrdinal({ name: a.pod }, { name: b.pod })
