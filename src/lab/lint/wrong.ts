import { partsOf } from '../actions.ts'
import type { LabStep, WrongSolution } from '../lab.ts'
import type { Path } from '../lab-text.ts'
import { whyNoMistake } from './blanks.ts'
import { expectKnown, type LintSetting, type Report } from './finding.ts'

/** Wrong solutions: each does something else than the lab, and names checks that are judged where it is played. */
export function lintWrong(setting: LintSetting, report: Report): void {
  const { lab } = setting
  for (const [index, wrong] of lab.wrong.entries()) {
    const at = (path: Path, message: string): void => report(['wrong', index, ...path], message)
    if (['unsolved', 'solution'].includes(wrong.id)) at(['id'], `"${wrong.id}" is the name of another play`)
    if (lab.wrong.findIndex(({ id }) => id === wrong.id) < index)
      at(['id'], `another wrong solution is already called "${wrong.id}"`)
    const { manifests, instead, fills } = wrong
    if (manifests === null && Object.keys({ ...instead, ...fills }).length === 0)
      at([], 'does nothing else than the lab: it has no "manifests", no "instead" and no "fills"')
    const ids = lab.steps.map(({ id }) => id)
    if (wrong.upTo !== null) expectKnown(at, ['upTo'], 'step', wrong.upTo, ids)
    const played = playedSteps(lab.steps, wrong)
    for (const step of Object.keys(instead)) {
      expectKnown(at, ['instead', step], 'step', step, ids)
      if (ids.includes(step) && !played.some(({ id }) => id === step))
        at(['instead', step], `step "${step}" comes after "upTo": it is not played`)
    }
    lintFills(setting, wrong, played, at)
    lintOverlay(setting, wrong, at)
    lintFails(setting, wrong, played, at)
  }
}

const playedSteps = (steps: readonly LabStep[], { upTo }: WrongSolution): readonly LabStep[] =>
  upTo === null ? steps : steps.slice(0, steps.findIndex(({ id }) => id === upTo) + 1)

const blanksOf = (steps: readonly LabStep[]): string[] =>
  steps.flatMap(({ action }) => (action?.do === 'fill' ? action.blanks.map(({ id }) => id) : []))

function lintFills(
  setting: LintSetting,
  { fills }: WrongSolution,
  played: readonly LabStep[],
  at: Report,
): void {
  for (const [blank, value] of Object.entries(fills)) {
    expectKnown(at, ['fills', blank], 'blank in the steps played', blank, blanksOf(played))
    const why = whyNoMistake(setting, blank, value)
    if (why !== null) at(['fills', blank], why)
  }
}

function lintOverlay({ lab, files }: LintSetting, { manifests }: WrongSolution, at: Report): void {
  if (manifests === null) return
  const own = files
    .filter((file) => file.startsWith(`${manifests}/`))
    .map((file) => file.slice(manifests.length + 1))
  if (own.length === 0) at(['manifests'], `there is no file in manifests/${lab.id}/${manifests}/`)
  for (const file of own)
    if (!files.includes(file)) at(['manifests'], `${manifests}/${file} takes the place of no file of the lab`)
}

/** @returns what can fail where it is played. */
function lintFails(
  { lab, constraints }: LintSetting,
  { fails, mayFail, instead }: WrongSolution,
  played: readonly LabStep[],
  at: Report,
): void {
  const judged =
    lab.guidance === 'none'
      ? ['refused', ...constraints, ...lab.criteria]
      : [
          ...played.flatMap(({ checks, shows }) => [...checks, ...shows.map((id) => `shows/${id}`)]),
          ...(played.some(({ until }) => until !== null) ? ['goal'] : []),
          ...blanksOf(played).map((id) => `blank/${id}`),
          ...(played.some((step) => applies(instead[step.id] ?? step.action)) ? ['refused'] : []),
        ]
  for (const [number, id] of fails.entries()) {
    expectKnown(at, ['fails', number], 'check in the steps played', id, judged)
    if (fails.indexOf(id) < number) at(['fails', number], `"${id}" is there twice`)
  }
  for (const [number, id] of mayFail.entries()) {
    expectKnown(at, ['mayFail', number], 'check in the steps played', id, judged)
    if (fails.includes(id)) at(['mayFail', number], `"${id}" always fails: it is named under "fails"`)
  }
}

const applies = (action: LabStep['action']): boolean =>
  partsOf(action).some((part) => part.do === 'apply' || part.do === 'fill')
