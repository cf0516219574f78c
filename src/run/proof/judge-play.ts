import type { PlayProof, PlayVerdict } from '../../result/labs-proof.ts'
import type { Observation } from '../../timeline/observation.ts'
import type { Play } from './plays.ts'

/** What a play showed. */
export interface Played {
  readonly verdicts: readonly PlayVerdict[]
  /** Why the play could not be carried through; null: it was. */
  readonly problem: string | null
  /** Steps whose goal held before anything was done for it. */
  readonly doneAlready: readonly string[]
  /** What was recorded while it went on: the marks of its steps among it, or of the phases of an exam. */
  readonly observations: readonly Observation[]
}

type Judged = Pick<PlayProof, 'outcome' | 'reasons'>

/** Whether a play shows what it has to. */
export function judgePlay(
  play: Pick<Play, 'play' | 'fails' | 'mayFail' | 'broken' | 'lab'>,
  { verdicts, problem, doneAlready }: Omit<Played, 'observations'>,
): Judged {
  if (problem !== null) return { outcome: 'undecided', reasons: [problem] }
  switch (play.play) {
    case 'unsolved':
      if (play.broken) return judgeUnmended(play, verdicts)
      return judged(
        verdicts
          .filter(({ verdict }) => verdict === 'pass')
          .map(({ step, id }) => `${step}: ${id} passes although nothing was done`),
      )
    case 'solution':
      return judged([
        ...verdicts.filter(({ verdict }) => verdict !== 'pass').map(told),
        ...(verdicts.length === 0 ? ['nothing was judged'] : []),
        ...doneAlready.map((step) => `${step}: its goal held before anything was done for it`),
      ])
    case 'wrong':
      return judgeWrong(play, verdicts)
  }
}

const SAYS = { pass: 'passes', fail: 'fails', inconclusive: 'could not be decided' } as const

/**
 * A broken system that nobody mended: what leads up to it is as the lab says, what it shows as broken fails, and the
 * repair (which may well ask for more) is not done.
 */
function judgeUnmended(
  { fails, lab }: Pick<Play, 'fails' | 'lab'>,
  verdicts: readonly PlayVerdict[],
): Judged {
  const last = lab.steps.at(-1)?.id
  const before = verdicts.filter(({ step, verdict }) => step !== last && verdict !== 'pass')
  const repair = verdicts.filter(({ step, id }) => step === last && !isClaim(id))
  const passes = (wanted: string): boolean =>
    repair.some(({ id, verdict }) => id === wanted && verdict === 'pass')
  // What does not come up at all is shown by its goal; its checks may have nothing to judge.
  const missing = fails.filter((wanted) =>
    passes('goal') ? !repair.some(({ id, verdict }) => id === wanted && verdict === 'fail') : passes(wanted),
  )
  return judged([
    ...before.map(told),
    ...(repair.every(({ verdict }) => verdict === 'pass')
      ? ['the repair passes although nothing was mended']
      : []),
    ...missing.map((id) => `${id} is shown as broken, and does not fail in the repair`),
  ])
}

const told = ({ step, id, verdict, reason }: PlayVerdict): string =>
  `${step}: ${id} ${SAYS[verdict]}: ${reason}`

/**
 * Exactly the named checks have to fail. A check that could not be decided is forgiven only in a step in which a named
 * one failed: it may well rest on that one. What the texts say (claims) is proven by the solution, not here.
 */
function judgeWrong(
  { fails, mayFail }: Pick<Play, 'fails' | 'mayFail'>,
  verdicts: readonly PlayVerdict[],
): Judged {
  const checks = verdicts.filter(({ id }) => !isClaim(id))
  const failed = new Set(checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id))
  const shown = new Set(
    checks.filter(({ id, verdict }) => verdict === 'fail' && fails.includes(id)).map(({ step }) => step),
  )
  const survived = fails.filter((id) => !failed.has(id))
  const undecided = checks.filter(
    ({ verdict, step, id }) => verdict === 'inconclusive' && (!shown.has(step) || fails.includes(id)),
  )
  return judged([
    ...survived.map((id) => `${id} does not fail${whatItDid(id, checks)}`),
    ...checks
      .filter(({ id, verdict }) => verdict === 'fail' && !fails.includes(id) && !mayFail.includes(id))
      .map(({ step, id, reason }) => `${step}: ${id} fails too, and is not named: ${reason}`),
    ...undecided
      .filter(({ id }) => !survived.includes(id))
      .map(({ step, id, reason }) => `${step}: ${id} could not be decided: ${reason}`),
  ])
}

function whatItDid(id: string, checks: readonly PlayVerdict[]): string {
  const found = checks.filter((each) => each.id === id)
  const undecided = found.find(({ verdict }) => verdict === 'inconclusive')
  if (undecided !== undefined) return `: it could not be decided (${undecided.reason})`
  return found.length === 0 ? ': it was never judged' : ''
}

const isClaim = (id: string): boolean => id.startsWith('claim/')

const judged = (reasons: readonly string[]): Judged => ({
  outcome: reasons.length === 0 ? 'proven' : 'refuted',
  reasons,
})
