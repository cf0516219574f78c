import type { BlankVerdict, FillJudgement } from '../lab/blanks/judge-fill.ts'
import type { LabProblem } from '../lab/problem.ts'
import type { FilledNews } from './fill-message.ts'

/** What a judgement says that the one told before did not; null: nothing. */
export function newsOf(before: FillJudgement | null, now: FillJudgement, file: string): FilledNews | null {
  const told = new Set(before?.blanks.map(said))
  const blanks = now.blanks.filter((each) => !told.has(said(each)))
  const problems = unsaid(now.problems, before?.problems ?? [])
  const notes = unsaid(now.notes, before?.notes ?? [])
  const nothing = now.mistake === null && blanks.length + problems.length + notes.length === 0
  if (nothing && before !== null && before.mistake === null) return null
  const count = (verdict: BlankVerdict['verdict']): number =>
    now.blanks.filter((each) => each.verdict === verdict).length
  return {
    say: 'filled',
    file,
    mistake: now.mistake,
    blanks,
    problems,
    notes,
    right: count('right'),
    wrong: count('wrong'),
    open: count('open'),
  }
}

const said = ({ blank, verdict, value, reason }: BlankVerdict): string =>
  JSON.stringify([blank.id, verdict, value, reason])

const unsaid = (now: readonly LabProblem[], before: readonly LabProblem[]): LabProblem[] =>
  now.filter(({ message }) => !before.some((each) => each.message === message))
