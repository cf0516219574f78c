import { printable } from '../timeline/printable.ts'
import type { Judgement, Verdict } from './criterion.ts'

/** What a judge has to say besides the verdict; `hint` null (the default) leaves the criterion's own. */
export interface Finding {
  readonly reason: string
  readonly expected: string
  readonly actual: string
  readonly hint?: string | null
  readonly evidence: readonly (number | null)[]
}

export const pass = (finding: Finding): Judgement => judgement('pass', finding)
export const fail = (finding: Finding): Judgement => judgement('fail', finding)
export const inconclusive = (finding: Finding): Judgement => judgement('inconclusive', finding)

const LONGEST = 600

/** The first fail, else the first inconclusive, else null: a proven fault outweighs what could not be told. */
export function worst(judgements: readonly Judgement[]): Judgement | null {
  return (
    judgements.find(({ verdict }) => verdict === 'fail') ??
    judgements.find(({ verdict }) => verdict === 'inconclusive') ??
    null
  )
}

/** Unique, in order, without the unknown. A pass that cites nothing would be a pass on nothing: it becomes inconclusive. */
function judgement(verdict: Verdict, finding: Finding): Judgement {
  const seqs = finding.evidence.filter((seq): seq is number => seq !== null)
  const evidence = [...new Set(seqs)].sort((a, b) => a - b)
  // What containers and servers wrote is quoted in these: made safe here, once, for every reporter.
  const reason = printable(finding.reason, LONGEST)
  const expected = printable(finding.expected, LONGEST)
  const actual = printable(finding.actual, LONGEST)
  const hint = finding.hint == null ? null : printable(finding.hint, LONGEST)
  if (verdict === 'pass' && evidence.length === 0)
    return {
      verdict: 'inconclusive',
      reason: 'nothing was observed',
      expected,
      actual: 'nothing',
      hint,
      evidence,
    }
  return { verdict, reason, expected, actual, hint, evidence }
}

/** `web-0`, `web-0 and web-1`, `web-0, web-1 and web-2`; "none" for none. */
export function listOf(names: readonly string[]): string {
  if (names.length === 0) return 'none'
  const last = names.at(-1) ?? ''
  return names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}
