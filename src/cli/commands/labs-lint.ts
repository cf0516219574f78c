import path from 'node:path'
import { constraints } from '../../criteria/constraints.ts'
import { EXIT, type ExitCode } from '../../exit-codes.ts'
import { findHead, readCatalogue } from '../../lab/catalogue.ts'
import { inOrder, readHead } from '../../lab/head.ts'
import { lintLab } from '../../lab/lint/lint.ts'
import type { ManifestFile } from '../../lab/lint/manifests.ts'
import { formatProblem, type LabProblem } from '../../lab/problem.ts'
import { createPaint } from '../../report/paint.ts'
import { printable } from '../../timeline/printable.ts'
import { asTyped, labFiles, surroundingsOf } from '../labs.ts'
import type { Services } from '../services.ts'
import { studyProblems } from '../study.ts'

export interface LabsLintOptions {
  readonly labs: readonly string[]
  readonly output: 'text' | 'json'
}

interface LintedLab {
  readonly lab: string
  readonly problems: readonly LabProblem[]
}

/** `sts-lab labs lint [lab…]`: everything that is wrong with labs, as far as it shows without a cluster. */
export async function labsLint(options: LabsLintOptions, services: Services): Promise<ExitCode> {
  const { terminal } = services
  const labs = await lint(options.labs, services)
  const study = options.labs.length === 0 ? await studyProblems(services) : null
  const linted = study === null ? labs : [...labs, { lab: 'study', problems: study }]
  const problems = linted.flatMap((lab) => lab.problems)
  if (options.output === 'json') {
    const { boundedJson } = await import('../../report/json.ts')
    terminal.out(boundedJson({ schemaVersion: 1, labs: linted, problems: problems.length }))
  } else {
    const paint = createPaint(terminal.colour)
    for (const problem of problems) terminal.out(`${formatProblem(readable(problem))}\n\n`)
    const what = `${labs.length} ${labs.length === 1 ? 'lab' : 'labs'}${study === null ? '' : ' and the study material'}`
    const sum = `${what}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`
    terminal.out(`${problems.length === 0 ? paint.pass(`${what}: no problem`) : paint.fail(sum)}\n`)
  }
  return problems.length === 0 ? EXIT.passed : EXIT.usage
}

async function lint(ids: readonly string[], services: Services): Promise<readonly LintedLab[]> {
  const files = await labFiles(services)
  const surroundings = await surroundingsOf(services)
  const heads = files.map(readHead).sort(inOrder)
  const wanted =
    ids.length === 0
      ? heads.map(({ id }) => id)
      : ids.map((id) => findHead(heads, id, (meant) => `sts-lab labs lint ${meant}`).id)
  // All are read, whichever are meant: a name has to be nobody else's.
  const catalogue = readCatalogue(files, surroundings)
  return Promise.all(
    [...new Set(wanted)].map(async (id) => {
      const file = files.find(({ name }) => name === `${id}.yaml`)
      const lab = catalogue.labs.find((each) => each.id === id)
      const shape = catalogue.problems.filter((problem) => problem.file === file?.shown)
      if (lab === undefined || file === undefined) return { lab: id, problems: shape }
      const manifests = await manifestsOf(id, surroundings.manifests(id), services)
      const ours = constraints.map((constraint) => constraint.id)
      return { lab: id, problems: [...shape, ...lintLab({ lab, file, manifests, constraints: ours })] }
    }),
  )
}

async function manifestsOf(
  lab: string,
  names: readonly string[],
  { manifestsDir, files }: Services,
): Promise<ReadonlyMap<string, ManifestFile>> {
  const entries = names.map(async (name): Promise<readonly [string, ManifestFile]> => {
    const file = path.join(manifestsDir, lab, name)
    return [name, { shown: asTyped(file), text: (await files.read(file)) ?? '' }]
  })
  return new Map(await Promise.all(entries))
}

/** A file of somebody else's: nothing in it reaches the terminal raw. Tabs count as one column. */
const readable = (problem: LabProblem): LabProblem => ({
  ...problem,
  message: printable(problem.message, 600),
  text: printable(problem.text.replaceAll('\t', ' '), 200),
})
