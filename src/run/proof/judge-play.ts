import type { PlayProof, PlayVerdict } from '../../result/labs-proof.ts'
import type { Play } from './plays.ts'

/** What a play showed. */
export interface Played {
  readonly verdicts: readonly PlayVerdict[]
  /** Why the play could not be carried through; null: it was. */
  readonly problem: string | null
  /** Steps whose goal held before anything was done for it. */
  readonly doneAlready: readonly string[]
}

type Judged = Pick<PlayProof, 'outcome' | 'reasons'>

/** Whether a play shows what it has to. */
export function judgePlay(
  { play, fails, broken }: Pick<Play, 'play' | 'fails' | 'broken'>,
  { verdicts, problem, doneAlready }: Played,
): Judged {
  if (problem !== null) return { outcome: 'undecided', reasons: [problem] }
  switch (play) {
    case 'unsolved':
      if (broken) return judgeWrong(fails, verdicts)
      return judged(
        verdicts
          .filter(({ verdict }) => verdict === 'pass')
          .map(({ step, id }) => `${step}: ${id} passes although nothing was done`),
      )
    case 'solution':
      return judged([
        ...verdicts
          .filter(({ verdict }) => verdict !== 'pass')
          .map(({ step, id, verdict, reason }) => `${step}: ${id} ${SAYS[verdict]}: ${reason}`),
        ...(verdicts.length === 0 ? ['nothing was judged'] : []),
        ...doneAlready.map((step) => `${step}: its goal held before anything was done for it`),
      ])
    case 'wrong':
      return judgeWrong(fails, verdicts)
  }
}

const SAYS = { pass: 'passes', fail: 'fails', inconclusive: 'could not be decided' } as const

/**
 * Exactly the named checks have to fail. A check that could not be decided is forgiven only in a step in which a named
 * one failed: it may well rest on that one. What the texts say (claims) is proven by the solution, not here.
 */
function judgeWrong(fails: readonly string[], verdicts: readonly PlayVerdict[]): Judged {
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
      .filter(({ id, verdict }) => verdict === 'fail' && !fails.includes(id))
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

export const isClaim = (id: string): boolean => id.startsWith('claim/')

const judged = (reasons: readonly string[]): Judged => ({
  outcome: reasons.length === 0 ? 'proven' : 'refuted',
  reasons,
})
