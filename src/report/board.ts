import type { ClaimFacts, PodFacts, StatefulSetFacts } from '../timeline/facts.ts'
import { byOrdinal, type ClusterState, isReady, podsOf } from '../timeline/state.ts'
import { claimsBeside } from './board-claims.ts'
import { asciiOnly, cellWidth, cut, cutMiddle, padEnd } from './layout.ts'
import type { Paint } from './paint.ts'
import { milliseconds, ticking } from './time.ts'

/** What the board is about: a set by name (or UID once known), or with `name` null the whole namespace. */
export interface BoardTarget {
  readonly namespace: string
  readonly name: string | null
  readonly uid: string | null
}

export interface BoardView {
  readonly state: ClusterState
  /** null: nothing is watched yet, only the phase is shown. */
  readonly target: BoardTarget | null
  /** What is going on and for how long; null when nothing is. */
  readonly phase: { readonly text: string; readonly elapsedMs: number; readonly spinner: string } | null
  readonly waiting: string | null
  /** Latest last, not yet cut. */
  readonly news: readonly string[]
}

export interface BoardOptions {
  readonly columns: number
  /** At most this many lines come back. */
  readonly rows: number
  readonly now: Date
  readonly paint: Paint
  readonly unicode: boolean
}

/** The board's lines, none wider than `columns` cells, never more than `rows`. Without room, news go first, then pods. */
export function boardLines(view: BoardView, options: BoardOptions): string[] {
  const { columns, rows, paint } = options
  const head = headLines(view, options)
  const target = view.target
  const sets = target === null ? [] : setLines(view.state, target, options)
  const table = target === null ? [] : tableLines(view.state, target, options)
  const fixed = head.length + sets.length
  const room = Math.max(0, rows - fixed - 2)
  const body =
    table.length <= room
      ? table
      : [
          ...table.slice(0, Math.max(0, room - 1)),
          paint.dim(cut(`  and ${table.length - room + 1} more`, columns)),
        ]
  const newsRoom = Math.max(0, Math.min(5, rows - fixed - body.length - 3))
  const news =
    newsRoom === 0 ? [] : view.news.slice(-newsRoom).map((line) => paint.dim(cut(`  ${line}`, columns)))
  const parts = [head, sets, body, news].filter((part) => part.length > 0)
  const lines = parts
    .flatMap((part, index) => (index === 0 ? part : ['', ...part]))
    .slice(0, Math.max(1, rows))
  return options.unicode ? lines : lines.map(asciiOnly)
}

function headLines({ phase, waiting }: BoardView, { columns, paint }: BoardOptions): string[] {
  const lines: string[] = []
  if (phase !== null) {
    const time = ticking(phase.elapsedMs)
    const text = cut(phase.text, Math.max(8, columns - time.length - 4))
    lines.push(`${paint.command(phase.spinner)} ${paint.strong(text)}  ${paint.dim(time)}`)
  }
  if (waiting !== null) lines.push(paint.unsure(cut(`  ${waiting}`, columns)))
  return lines
}

function setLines(state: ClusterState, target: BoardTarget, options: BoardOptions): string[] {
  const { columns, paint } = options
  const sets = [...state.statefulsets.values()].filter((set) => isTarget(set, target)).sort(byName)
  return sets.flatMap((set) => {
    const ready = podsOf(state, set.uid).filter(isReady).length
    const tone = ready === set.replicas ? paint.pass : paint.unsure
    const count = `${ready}/${set.replicas} ready`
    const rest = `${set.podManagementPolicy}${set.deletionTimestamp === null ? '' : ', being deleted'}, ${serviceText(state, set)}`
    const kind = columns < 40 ? '' : 'StatefulSet '
    const name = cutMiddle(set.name, Math.max(4, Math.min(40, columns - kind.length - count.length - 2)))
    const room = columns - cellWidth(`${kind}${name}  ${count}  `)
    const details = room < 12 ? '' : `  ${paint.dim(cut(rest, room))}`
    return [`${kind}${paint.strong(name)}  ${tone(count)}${details}`]
  })
}

function serviceText(state: ClusterState, set: StatefulSetFacts): string {
  const service = state.services.get(set.serviceName)
  if (service === undefined) return `service ${set.serviceName || '(none named)'} is missing`
  const ready = state.endpoints.get(set.serviceName)?.ready.length ?? 0
  return `service ${service.name} ${service.headless ? 'headless' : 'not headless'}, ${ready} endpoint${ready === 1 ? '' : 's'}`
}

const isTarget = (set: StatefulSetFacts, { name, uid }: BoardTarget): boolean =>
  name === null || (uid === null ? set.name === name : set.uid === uid)

interface Row {
  readonly tone: (text: string) => string
  readonly sign: string
  readonly cells: readonly [
    pod: string,
    state: string,
    age: string,
    ip: string,
    claim: string,
    volume: string,
  ]
}

/** Before there is a set, and after it was deleted, when its pods are still ending. */
function withoutSet(state: ClusterState, { namespace }: BoardTarget): string {
  const left = [...state.pods.values()].filter(({ controller }) => controller?.kind === 'StatefulSet')
  if (left.length === 0) return `No StatefulSet in namespace ${namespace}.`
  const names = left.sort(byOrdinal).map(({ name }) => name)
  return `The StatefulSet is gone; still there: ${names.join(', ')}`
}

function tableLines(state: ClusterState, target: BoardTarget, options: BoardOptions): string[] {
  const { columns, paint } = options
  const rows = rowsOf(state, target, options)
  if (rows.length === 0) {
    return state.statefulsets.size === 0 ? [paint.dim(cut(withoutSet(state, target), columns))] : []
  }
  const head = ['POD', 'STATE', 'AGE', 'IP', 'CLAIM', 'VOLUME']
  const widths = fitWidths(
    head.map((title, index) =>
      Math.max(title.length, ...rows.map(({ cells }) => cellWidth(cells[index] ?? ''))),
    ),
    columns - 2,
  )
  // A column that got no room goes, with the ones after it.
  const shape = (cells: readonly string[], tone: (text: string) => string): string =>
    cells
      .map((cell, index) => {
        const width = widths[index] ?? 0
        const text = padEnd(index === 1 ? cut(cell, width) : cutMiddle(cell, width), width)
        return width === 0 ? '' : index === 1 ? tone(text) : index > 3 ? paint.dim(text) : text
      })
      .filter((cell) => cell !== '')
      .join('  ')
  return [
    paint.dim(`  ${shape(head, (text) => text)}`),
    ...rows.map(({ tone, sign, cells }) => `${tone(sign)} ${shape(cells, tone)}`),
  ]
}

function rowsOf(state: ClusterState, target: BoardTarget, { now, paint, unicode }: BoardOptions): Row[] {
  const sets = [...state.statefulsets.values()].filter((set) => isTarget(set, target)).sort(byName)
  const pods =
    target.name === null
      ? [...state.pods.values()].sort(byOrdinal)
      : sets.flatMap((set) => podsOf(state, set.uid))
  const beside = claimsBeside(state, sets, pods, target.name === null)
  const rows: Row[] = []
  for (const pod of pods) {
    const ageMs = now.getTime() - milliseconds(pod.createdAt)
    const { text, kind } = podState(pod, ageMs)
    const tone = kind === 'ready' ? paint.pass : kind === 'waiting' ? paint.unsure : paint.fail
    const claims = beside.ofPod.get(pod.name) ?? []
    const age = ticking(ageMs)
    rows.push({
      tone,
      sign: (unicode ? signs : asciiSigns)[kind],
      cells: [pod.name, text, age, pod.ips[0] ?? '-', ...claimCells(claims[0] ?? null)],
    })
    for (const claim of claims.slice(1)) {
      rows.push({ tone: paint.dim, sign: ' ', cells: ['', '', '', '', ...claimCells(claim)] })
    }
  }
  for (const claim of beside.left) {
    rows.push({ tone: paint.dim, sign: ' ', cells: ['-', 'no pod', '', '', ...claimCells(claim)] })
  }
  return rows
}

const signs = { ready: '●', waiting: '○', bad: '✘', terminating: '▽' } as const
const asciiSigns = { ready: '@', waiting: 'o', bad: 'x', terminating: 'v' } as const

const schedulingPatienceMs = 10_000

function podState(
  pod: PodFacts,
  ageMs: number,
): { readonly text: string; readonly kind: keyof typeof signs } {
  if (pod.deletionTimestamp !== null) return { text: 'Terminating', kind: 'terminating' }
  if (pod.ready) return { text: 'Ready', kind: 'ready' }
  // The scheduler says so of every pod whose claim is just being bound: no trouble until it lasts.
  if (pod.unschedulable !== null)
    return { text: 'Unschedulable', kind: ageMs < schedulingPatienceMs ? 'waiting' : 'bad' }
  const stuck = pod.containers.find(({ state, reason }) => state !== 'running' && reason !== null)
  if (stuck?.reason && stuck.reason !== 'Completed') {
    const usual = stuck.reason === 'ContainerCreating' || stuck.reason === 'PodInitializing'
    return { text: stuck.reason, kind: usual ? 'waiting' : 'bad' }
  }
  if (pod.phase === 'Running') return { text: 'Running, not ready', kind: 'waiting' }
  return { text: pod.phase, kind: pod.phase === 'Failed' ? 'bad' : 'waiting' }
}

function claimCells(claim: ClaimFacts | null): readonly [string, string] {
  if (claim === null) return ['-', '']
  if (claim.deletionTimestamp !== null) return [claim.name, 'being deleted']
  return [claim.name, claim.volumeName === null ? claim.phase : `${claim.phase} ${claim.volumeName}`]
}

/** Takes from the widest column until all fit, two blanks between each; then drops columns from the right. */
function fitWidths(wanted: readonly number[], room: number): number[] {
  const widths = [...wanted]
  const total = (): number => widths.reduce((sum, width) => sum + (width > 0 ? width + 2 : 0), -2)
  while (total() > room) {
    const widest = widths.indexOf(Math.max(...widths))
    if ((widths[widest] ?? 0) > 12) {
      widths[widest] = (widths[widest] ?? 0) - 1
      continue
    }
    const last = widths.findLastIndex((width) => width > 0)
    if (last <= 0) break
    widths[last] = 0
  }
  return widths
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1
