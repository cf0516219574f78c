import type { LabStep } from '../lab.ts'
import type { Path } from '../lab-text.ts'
import { expectKnown, type LintSetting, type Report } from './finding.ts'

/** What steps say and show is proven by something, and leads somewhere. */
export function lintSteps({ lab }: LintSetting, report: Report): void {
  for (const [index, step] of lab.steps.entries()) {
    const at = (path: Path, message: string): void => report(['steps', index, ...path], message)
    lintClaims(step, at)
    if (step.conclusion !== '' && step.checks.length === 0 && step.until === null && step.claims.length === 0)
      at(['conclusion'], 'nothing proves it: the step has no "until", no check and no claim')
    lintShows(step, at)
    if (step.until?.see === 'fixed' && step.until.replicas === null && step.checks.length === 0)
      at(['until'], 'a repair without checks and replicas is done before it begins')
    if (step.phase !== null && lab.steps.findIndex(({ phase }) => phase === step.phase) < index)
      at(
        ['phase'],
        `an earlier step has the phase "${step.phase}" already: the criteria could not tell them apart`,
      )
    for (const [number, line] of step.look.entries())
      if (!/^kubectl\s/.test(line)) at(['look', number], 'is not a kubectl line')
  }
}

function lintClaims({ claims, checks, shows, until }: LabStep, at: Report): void {
  const known = [...checks, ...shows.map((id) => `shows/${id}`), ...(until === null ? [] : ['goal'])]
  for (const [number, { proof }] of claims.entries()) {
    if (!('check' in proof)) continue
    expectKnown(at, ['claims', number, 'proof', 'check'], 'check of the step', proof.check, known)
  }
}

function lintShows({ shows, checks }: LabStep, at: Report): void {
  for (const [number, id] of shows.entries())
    if (checks.includes(id)) at(['shows', number], `"${id}" cannot both pass and fail in this step`)
}
