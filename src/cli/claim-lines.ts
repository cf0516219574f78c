import { hanging } from '../report/layout.ts'
import { verdictMark } from '../report/paint.ts'
import type { StepVerdict } from '../run/lab-verdict.ts'
import type { Page } from './page.ts'

/** What the lab says of the state that was reached, each with a mark: it was looked at on this very cluster. */
export function claimLines(claims: readonly StepVerdict[], page: Page, brief: boolean): string[] {
  if (claims.length === 0) return []
  // On one line each, without the marks of prose.
  const plain = claims.map((claim) => ({ ...claim, title: claim.title.replaceAll('`', '') }))
  if (brief) return plain.flatMap((claim) => page.verdict(claim))
  const { paint, unicode, width } = page
  const mark = ({ verdict }: StepVerdict): string =>
    verdict === 'pass' ? paint.pass(unicode ? '✔' : '+') : verdictMark(verdict, paint, unicode).trim()
  return [
    '',
    paint.strong('Notice'),
    ...plain.flatMap((claim) => {
      const says =
        claim.verdict === 'pass'
          ? claim.title
          : `${claim.title} (${claim.verdict === 'fail' ? 'Not so on this cluster' : 'Not seen this time'}: ${claim.reason}.)`
      const head = `  ${mark(claim)}  `
      return hanging(head, says, { width, headWidth: claim.verdict === 'fail' ? 10 : 5 })
    }),
  ]
}
