import type { Criterion, CriterionId } from '../criteria/criterion.ts'
import type { ConstraintResult, CriterionResult, VerifyResult } from '../result.ts'
import type { Observation } from '../timeline/observation.ts'
import { asciiOnly, cellWidth, cut, hanging, padEnd } from './layout.ts'
import { createPaint, type Paint, verdictMark } from './paint.ts'
import { criterionDetails } from './text-criterion.ts'
import { moment, shortDuration } from './time.ts'
import { timelinePicture } from './timeline-picture.ts'

export interface TextOptions {
  readonly columns: number
  readonly colour: boolean
  readonly unicode: boolean
  /** The criteria as the run knew them, for why each matters. */
  readonly criteria: readonly Pick<Criterion, 'id' | 'why'>[]
}

/**
 * The verdict for people: what was looked at, a line per constraint and criterion, the story of each that did
 * not pass, the timeline, the score and what to do next. Reads without colour. Ends with a newline.
 */
export function textReport(
  result: VerifyResult,
  observations: readonly Observation[],
  options: TextOptions,
): string {
  const paint = createPaint(options.colour)
  // Long lines are hard to read, however wide the terminal is.
  const width = Math.max(40, Math.min(options.columns, 120))
  const layout: TextLayout = {
    width,
    paint,
    unicode: options.unicode,
    start: observations[0]?.at ?? result.startedAt,
    why: new Map(options.criteria.map(({ id, why }) => [id, why])),
  }
  const said = new Set<string>()
  const sections = [
    header(result, layout),
    constraints(result.constraints.map(saidOnce(said)), layout),
    criteria(result.criteria.map(saidOnce(said)), layout),
    ...worthTelling(result.criteria).map((criterion) => criterionDetails(criterion, layout)),
    picture(result, observations, options, layout),
    stopped(result, layout),
    conclusion(result, layout),
  ]
  const text = sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => line.trimEnd()).join('\n'))
    .join('\n\n')
  return `${options.unicode ? text : asciiOnly(text)}\n`
}

/** Where nothing could be decided for one and the same reason (there is no set), it stands beside the first line only. */
const saidOnce =
  (said: Set<string>) =>
  <R extends ConstraintResult | CriterionResult>(result: R): R => {
    const again = result.verdict === 'inconclusive' && said.has(result.reason)
    if (result.verdict !== 'pass') said.add(result.reason)
    return again ? { ...result, reason: '' } : result
  }

/** What did not pass; of those that could not be decided for one and the same reason, the first. */
function worthTelling(criteria: readonly CriterionResult[]): readonly CriterionResult[] {
  const told = new Set<string>(
    criteria.filter(({ verdict }) => verdict === 'fail').map(({ reason }) => reason),
  )
  return criteria.filter(({ verdict, reason }) => {
    if (verdict !== 'inconclusive') return verdict === 'fail'
    const isNew = !told.has(reason)
    told.add(reason)
    return isNew
  })
}

export interface TextLayout {
  readonly width: number
  readonly paint: Paint
  readonly unicode: boolean
  /** RFC 3339: what quoted events are counted from; the timeline's axis begins there too. */
  readonly start: string
  readonly why: ReadonlyMap<CriterionId, string>
}

function header(
  { tool, lab, cluster, target, startedAt, durationMs }: VerifyResult,
  layout: TextLayout,
): string[] {
  const { paint, width } = layout
  const rows: [string, string][] = [
    [
      'cluster',
      cluster === null
        ? 'none'
        : `${cluster.context} (${cluster.provider}, Kubernetes ${cluster.version})${cluster.simulated ? ', simulated' : ''}`,
    ],
    ['set', `${target.statefulSet ?? 'none found'} in namespace ${target.namespace}`],
    ['run', `${moment(startedAt)}, took ${shortDuration(durationMs)}`],
  ]
  return [
    paint.strong(cut(`${tool.name} ${tool.version}: verify ${lab}`, width)),
    ...rows.flatMap(([name, value]) => hanging(`  ${padEnd(name, 9)}`, value, { width, headWidth: 11 })),
  ]
}

function constraints(results: readonly ConstraintResult[], layout: TextLayout): string[] {
  if (results.length === 0) return []
  const rows = results.map((result): Row => ({ ...result, number: '' }))
  return [layout.paint.strong('Constraints'), ...table(rows, layout)]
}

function criteria(results: readonly CriterionResult[], layout: TextLayout): string[] {
  if (results.length === 0) return []
  const rows = results.map((result): Row => ({ ...result, number: String(result.number) }))
  return [layout.paint.strong('Criteria'), ...table(rows, layout)]
}

type Row = Pick<ConstraintResult, 'verdict' | 'title' | 'reason'> & { readonly number: string }

/** A reason needs this many cells beside its title; with less it stands under it. */
const reasonWidth = 40

function table(rows: readonly Row[], { width, paint, unicode }: TextLayout): string[] {
  const markWidth = 12
  const titleWidth = Math.max(...rows.map(({ title }) => cellWidth(title)))
  const headWidth = markWidth + titleWidth + 2
  return rows.flatMap(({ number, verdict, title, reason }) => {
    const head = `${number.padStart(2)}  ${verdictMark(verdict, paint, unicode)}  `
    const tone = verdict === 'pass' ? paint.dim : (text: string) => text
    if (width - headWidth >= reasonWidth) {
      const shown = padEnd(cut(title, titleWidth), titleWidth)
      return hanging(`${head}${shown}  `, reason, { width, headWidth, paint: tone })
    }
    const below = ' '.repeat(markWidth)
    const first = hanging(head, title, { width, headWidth: markWidth })
    if (reason === '') return first
    return [...first, ...hanging(below, reason, { width, headWidth: markWidth, paint: tone })]
  })
}

function picture(
  result: VerifyResult,
  observations: readonly Observation[],
  options: TextOptions,
  { paint, width }: TextLayout,
): string[] {
  // Of what only stood there (verify --only 1) there is nothing to draw: its axis would be a point.
  if (observations.every(({ type, stream }) => type === 'listed' || stream === 'run')) return []
  const { namespace, statefulSet, uid } = result.target
  const cited = result.criteria
    .filter(({ verdict }) => verdict === 'fail')
    .flatMap(({ evidence }) => evidence.filter(({ stream }) => stream === 'pods').slice(0, 4))
    .map(({ seq }) => seq)
  const drawn = timelinePicture(
    observations,
    { namespace, name: statefulSet ?? '', uid },
    { columns: width, colour: options.colour, ascii: !options.unicode, cited: cited.slice(0, 8) },
  )
  return drawn === '' ? [] : [paint.strong('Timeline'), ...drawn.split('\n')]
}

function stopped({ error }: VerifyResult, { paint, width }: TextLayout): string[] {
  if (error === null) return []
  return [
    ...hanging(paint.fail('Stopped  '), `${error.message} (${error.code})`, { width, headWidth: 9 }),
    ...(error.hint === null ? [] : hanging('Hint     ', error.hint, { width, headWidth: 9 })),
  ]
}

function conclusion(result: VerifyResult, { paint, width }: TextLayout): string[] {
  const { passed, failed, inconclusive } = result.summary
  const total = passed + failed + inconclusive
  const broken = result.constraints.filter(({ verdict }) => verdict === 'fail').length
  const parts = [
    `${passed}/${total} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(inconclusive > 0 ? [`${inconclusive} inconclusive`] : []),
    ...(broken > 0 ? [`${broken} constraint${broken === 1 ? '' : 's'} not met`] : []),
  ]
  const good = total > 0 && passed === total && broken === 0 && result.error === null
  const tone = good ? paint.pass : failed > 0 || broken > 0 ? paint.fail : paint.unsure
  const points = `score ${result.summary.score} of ${result.summary.maxScore}`
  const lines = hanging(paint.strong('Score    '), `${parts.join(', ')} (${points})`, {
    width,
    headWidth: 9,
    paint: (line) => tone(line),
  })
  return good
    ? lines
    : [...lines, ...hanging('Next     ', nextCommand(result), { width, headWidth: 9, paint: paint.command })]
}

/** What to type after mending it: the same request, of what did not pass. */
function nextCommand({ lab, target, criteria, error }: VerifyResult): string {
  const open = criteria.filter(({ verdict }) => verdict !== 'pass').map(({ number }) => number)
  const only =
    open.length === 0 || open.length === criteria.length || error !== null ? '' : ` --only ${open.join(',')}`
  return `sts-lab verify ${lab} --namespace ${target.namespace}${only}`
}
