import type { Path } from '../lab-text.ts'
import { expectKnown, type LintSetting, type Report } from './finding.ts'

/** `{blank.<id>}` in texts means a blank of the lab. */
export function lintPlaceholders({ lab }: LintSetting, report: Report): void {
  const known = lab.steps.flatMap(({ action }) =>
    action?.do === 'fill' ? action.blanks.map(({ id }) => id) : [],
  )
  const walk = (value: unknown, path: Path): void => {
    if (typeof value === 'string')
      for (const [, id = ''] of value.matchAll(/\{blank\.([^{}\s]*)\}/g)) {
        expectKnown(report, path, 'blank', id, known)
      }
    else if (Array.isArray(value)) for (const [index, inner] of value.entries()) walk(inner, [...path, index])
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key])
  }
  walk(lab, [])
}
