import type { LabProof, LabsProof, PlayProof, PlayVerdict } from '../result/labs-proof.ts'
import { asciiOnly, cut, hanging, padEnd } from './layout.ts'
import { createPaint, type Paint } from './paint.ts'

export interface ProofLook {
  readonly columns: number
  readonly colour: boolean
  readonly unicode: boolean
}

const WIDEST = 110

/** What `labs test` came to, for a person: each lab's plays, and its kill matrix. */
export function labsProofText(proof: LabsProof, look: ProofLook): string {
  const paint = createPaint(look.colour)
  const { proven, refuted, undecided } = proof.summary
  const plays = proven + refuted + undecided
  const sum = `${plays} ${plays === 1 ? 'play' : 'plays'} in ${Math.round(proof.durationMs / 1000)} s${proof.cluster.simulated ? ' on a simulated cluster' : ''}: ${proven} proven, ${refuted} refuted, ${undecided} undecided`
  const style = refuted > 0 ? paint.fail : undecided > 0 ? paint.unsure : paint.pass
  const lines = [...proof.labs.flatMap((lab) => [...labLines(lab, look, paint), '']), style(sum)]
  return `${lines.map((line) => (look.unicode ? line : asciiOnly(line))).join('\n')}\n`
}

/** The mark of a play, three cells or less. */
export function outcomeMark({ outcome }: Pick<PlayProof, 'outcome'>, paint: Paint, unicode: boolean): string {
  switch (outcome) {
    case 'proven':
      return paint.pass(unicode ? '✔' : '+')
    case 'refuted':
      return paint.fail(unicode ? '✘' : 'x')
    case 'undecided':
      return paint.unsure('?')
  }
}

function labLines({ lab, title, mistakes, plays }: LabProof, look: ProofLook, paint: Paint): string[] {
  const wrong = plays.filter(({ play }) => play === 'wrong')
  const matrix = matrixOf(wrong, look, paint)
  const width = Math.max(...plays.map(({ id }) => id.length))
  const room = Math.min(WIDEST, look.columns - 1)
  const lines = [`${paint.strong(lab)}  ${cut(title, room - lab.length - 2)}`]
  if (matrix.header !== '') lines.push(`${' '.repeat(width + 16)}${paint.dim(matrix.header)}`)
  for (const play of plays) {
    const mark = outcomeMark(play, paint, look.unicode)
    const cells = matrix.rows.get(play)
    const time = `${(play.durationMs / 1000).toFixed(1).padStart(6)} s`
    const what = cells ?? paint.dim(playSays(play))
    lines.push(`  ${mark} ${padEnd(play.id, width)}  ${paint.dim(time)}  ${what}`.trimEnd())
    for (const reason of play.reasons)
      lines.push(...hanging('      ', reason, { width: room, headWidth: 6, paint: paint.fail }))
  }
  if (mistakes === 0) lines.push(paint.dim('    no wrong solution: nothing shows that its checks can fail'))
  return [...lines, ...matrix.legend]
}

function playSays({ play, title, outcome, verdicts, fails }: PlayProof): string {
  if (outcome !== 'proven') return ''
  if (play === 'solution') return `all ${verdicts.length} checks pass`
  return fails.length === 0 ? title : `${title}: ${fails.join(', ')}`
}

interface Matrix {
  /** The columns' numbers, as the legend names them. */
  readonly header: string
  readonly rows: ReadonlyMap<PlayProof, string>
  readonly legend: readonly string[]
}

/** Wrong solutions by checks. A check that several steps judge has one column: it fails when it fails in any. */
function matrixOf(wrong: readonly PlayProof[], look: ProofLook, paint: Paint): Matrix {
  const checks = [
    ...new Set(wrong.flatMap(({ fails, verdicts }) => [...verdicts.map(({ id }) => id), ...fails])),
  ].filter((id) => !id.startsWith('claim/'))
  if (checks.length === 0) return { header: '', rows: new Map(), legend: [] }
  const rows = wrong.map(
    (play) => [play, checks.map((id) => ` ${cell(id, play, look, paint)}`).join(' ')] as const,
  )
  const numbers = checks.map((id, index) => `${index + 1} ${id}`)
  const room = Math.min(WIDEST, look.columns - 1)
  const marks = look.unicode ? '✘ fails, as named   · passes' : 'x fails, as named   . passes'
  const unkilled = checks.filter((id) => !wrong.some((play) => verdictIn(play, id) === 'fail'))
  return {
    header: checks.map((_, index) => String(index + 1).padStart(2)).join(' '),
    rows: new Map(rows),
    legend: [
      ...flow(numbers, room - 6).map((line) => paint.dim(`      ${line}`)),
      paint.dim(`    ${marks}   ? not decided   ! not as named`),
      ...(unkilled.length === 0
        ? []
        : hanging('    never failed here: ', unkilled.join(', '), {
            width: room,
            headWidth: 23,
            paint: paint.dim,
          })),
    ],
  }
}

/** Entries side by side, none broken. */
function flow(entries: readonly string[], width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const entry of entries) {
    const longer = line === '' ? entry : `${line}   ${entry}`
    if (longer.length > width && line !== '') {
      lines.push(line)
      line = entry
    } else line = longer
  }
  return [...lines, line]
}

function cell(id: string, play: PlayProof, { unicode }: ProofLook, paint: Paint): string {
  const verdict = verdictIn(play, id)
  const named = play.fails.includes(id)
  const allowed = verdict === 'fail' && play.mayFail.includes(id)
  if (named !== (verdict === 'fail') && !allowed) return paint.fail('!')
  switch (verdict) {
    case 'fail':
      return paint.pass(unicode ? '✘' : 'x')
    case 'pass':
      return paint.dim(unicode ? '·' : '.')
    case 'inconclusive':
      return paint.unsure('?')
    case null:
      return ' '
  }
}

function verdictIn({ verdicts }: PlayProof, id: string): PlayVerdict['verdict'] | null {
  const found = verdicts.filter((each) => each.id === id).map(({ verdict }) => verdict)
  return (
    found.find((verdict) => verdict === 'fail') ?? found.find((each) => each !== 'pass') ?? found[0] ?? null
  )
}
