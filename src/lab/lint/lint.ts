import type { LabFile } from '../catalogue.ts'
import type { Lab } from '../lab.ts'
import { LabText, type Path } from '../lab-text.ts'
import type { LabProblem } from '../problem.ts'
import { lintBlanks } from './blanks.ts'
import { expectKnown, type LintSetting, type Report } from './finding.ts'
import { lintManifest, type ManifestFile } from './manifests.ts'
import { lintPlaceholders } from './placeholders.ts'
import { lintQuestions } from './questions.ts'
import { lintSteps } from './steps.ts'
import { lintWrong } from './wrong.ts'

/** A lab whose shape is right, with the files of its manifests by their path below manifests/<lab id>/. */
export interface LintInput {
  readonly lab: Lab
  readonly file: LabFile
  readonly manifests: ReadonlyMap<string, ManifestFile>
  readonly constraints: readonly string[]
}

/** Everything that a lab of the right shape can still have wrong with it, in the order of its files. */
export function lintLab({ lab, file, manifests, constraints }: LintInput): LabProblem[] {
  // Parsed again only when there is something to point at.
  let source: LabText | null = null
  const problems: LabProblem[] = []
  const report = (path: Path, message: string): void => {
    source ??= new LabText(file.shown ?? file.name, file.text)
    problems.push(source.problemAt(path, message))
  }
  const setting: LintSetting = {
    lab,
    constraints,
    files: [...manifests.keys()],
    textOf: (name) => manifests.get(name)?.text ?? null,
  }
  lintSteps(setting, report)
  lintQuestions(setting, report)
  lintPlaceholders(setting, report)
  lintBlanks(setting, report)
  lintWrong(setting, report)
  lintSolution(setting, report)
  problems.sort((a, b) => a.line - b.line || a.column - b.column)
  const yaml = [...manifests].filter(([name]) => /\.ya?ml$/.test(name)).sort(([a], [b]) => (a < b ? -1 : 1))
  return [...problems, ...yaml.flatMap(([, manifest]) => lintManifest(manifest, lab.namespace))]
}

function lintSolution({ lab, files }: LintSetting, report: Report): void {
  for (const [index, file] of lab.solution.entries())
    expectKnown(report, ['solution', index], `file in manifests/${lab.id}/`, file, files)
  if (lab.guidance === 'none' && lab.solution.length === 0)
    report(['guidance'], 'a lab without guidance needs a "solution", or nothing proves that it can be solved')
}
