import path from 'node:path'
import { usageError } from '../../errors.ts'
import { EXIT, type ExitCode } from '../../exit-codes.ts'
import { partsOf } from '../../lab/actions.ts'
import type { Lab } from '../../lab/lab.ts'
import { commandsFor } from '../../run/lab-commands.ts'
import { fillActions, ourText, templateText } from '../../run/lab-fill-files.ts'
import { type LabProgress, stepProgress } from '../../run/progress.ts'
import { keptLab } from '../kept-lab.ts'
import { fillSetting } from '../lab-files.ts'
import type { Services } from '../services.ts'

export interface SolutionOptions {
  readonly lab: string | undefined
  /** Also what was not passed yet. */
  readonly reveal?: boolean
}

interface Shown {
  readonly file: string
  /** The student has done what it solves, or there is nothing to find out. */
  readonly earned: boolean
  text(): Promise<string>
}

/** `sts-lab solution [lab]`: our own files, for what was passed; with --reveal for the rest too. */
export async function solution(options: SolutionOptions, services: Services): Promise<ExitCode> {
  const { terminal } = services
  const { lab, progress } = await keptLab(options.lab, services)
  const files = solutionOf(lab, progress, services)
  if (files.length === 0)
    throw usageError('no-solution', `${lab.title} has no files as its solution`, `sts-lab start ${lab.id}`)
  const shown = files.filter(({ earned }) => earned || options.reveal === true)
  const hidden = files.filter((file) => !shown.includes(file)).map(({ file }) => file)
  if (shown.length === 0)
    throw usageError(
      'not-passed',
      `the solution of ${lab.id} is shown when you have passed it`,
      `${lab.guidance === 'none' ? `sts-lab verify ${lab.id}` : `sts-lab start ${lab.id}`}   (or, to see it now: sts-lab solution ${lab.id} --reveal)`,
    )
  const texts = await Promise.all(
    shown.map(async (each) => `# ${lab.id}: ${each.file}\n${(await each.text()).trimEnd()}\n`),
  )
  terminal.out(texts.join('---\n'))
  if (hidden.length > 0)
    terminal.err(`not shown, since you are not past it yet: ${hidden.join(', ')} (--reveal shows it)\n`)
  return EXIT.passed
}

function solutionOf(lab: Lab, progress: LabProgress, services: Services): readonly Shown[] {
  const setting = fillSetting(lab, progress.namespace, null, services)
  const fills = fillActions(lab)
  if (fills.length > 0)
    return fills.map((action) => ({
      file: action.file,
      earned: lab.steps.some((step) => step.action === action && passed(progress, step.id)),
      text: () => ourText(setting, action),
    }))
  const plain = (file: string, earned: boolean): Shown => ({
    file,
    earned,
    text: () => templateText(setting, file),
  })
  if (lab.solution.length > 0) return lab.solution.map((file) => plain(file, wholePassed(lab, progress)))
  if (lab.guidance === 'fix') return repairsOf(lab, progress, services)
  // Where everything is explained and applied by the lab, there is nothing to find out.
  const applied = lab.steps.flatMap(({ action }) =>
    partsOf(action).flatMap((part) => (part.do === 'apply' ? part.manifests : [])),
  )
  return [...new Set(applied)].map((file) => plain(file, true))
}

/** What we do about what is broken: the kubectl lines as comments, then the files that they apply. */
function repairsOf(lab: Lab, progress: LabProgress, services: Services): readonly Shown[] {
  const setting = fillSetting(lab, progress.namespace, null, services)
  return lab.steps.flatMap(({ id, until, action }) => {
    if (until?.see !== 'fixed' || action === null) return []
    const commands = commandsFor(action, {
      namespace: progress.namespace,
      labNamespace: lab.namespace,
      statefulSet: lab.statefulSet ?? '',
      manifests: path.relative(process.cwd(), path.join(services.manifestsDir, lab.id)),
      context: null,
      kubeconfig: null,
      keepNamespace: true,
    })
    const manifests = partsOf(action).flatMap((part) => (part.do === 'apply' ? part.manifests : []))
    return [
      {
        file: `step ${id}`,
        earned: passed(progress, id),
        text: async () =>
          [
            ...commands.map((line) => `# $ ${line}`),
            ...(await Promise.all(manifests.map((file) => templateText(setting, file)))),
          ].join('\n'),
      },
    ]
  })
}

function passed(progress: LabProgress, step: string): boolean {
  const { doneAt, verdicts } = stepProgress(progress, step)
  return doneAt !== null && Object.values(verdicts).every((verdict) => verdict === 'pass')
}

const wholePassed = (lab: Lab, progress: LabProgress): boolean =>
  lab.steps.length === 0
    ? progress.exam !== null && progress.exam.passedAt !== null
    : lab.steps.every(({ id }) => passed(progress, id))
