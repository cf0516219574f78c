import { usageError } from '../../errors.ts'
import { EXIT, type ExitCode } from '../../exit-codes.ts'
import type { Lab } from '../../lab/lab.ts'
import { fillActions, requireFolder, templateText } from '../../run/lab-fill-files.ts'
import { labLock } from '../../run/lab-lock.ts'
import { resetRepair } from '../../run/lab-reset.ts'
import { giveBack } from '../../run/reset-file.ts'
import { keptLab } from '../kept-lab.ts'
import { fillSetting, manifestSetting } from '../lab-files.ts'
import { holdLab, progressStore } from '../progress-file.ts'
import { type ClusterFlags, choiceOf, type Services } from '../services.ts'
import { studentFolder } from '../student-folder.ts'

export interface ResetOptions extends ClusterFlags {
  readonly lab: string | undefined
  readonly namespace?: string
  /** Every file of the lab, not only that of the step one is at. */
  readonly all?: boolean
}

/**
 * `sts-lab reset [lab]`: gives back a file with blanks as it was handed out, and keeps the student's beside it. Of a
 * lab that is to be repaired, puts what is broken up again.
 */
export async function reset(options: ResetOptions, services: Services): Promise<ExitCode> {
  const { lab, progress } = await keptLab(options.lab, services)
  const namespace = options.namespace ?? progress.namespace
  if (lab.guidance === 'fix') return breakAgain(lab, namespace, options, services)
  const fills = fillActions(lab)
  if (fills.length === 0)
    throw usageError(
      'nothing-to-reset',
      `${lab.title} has no files to give back`,
      `sts-lab clean ${lab.id} removes what it made on the cluster`,
    )
  const kept = await progressStore(services, lab, namespace).read()
  const folder = requireFolder(kept?.folder ?? null, lab)
  const student = studentFolder(folder, services)
  const setting = fillSetting(lab, namespace, folder, services)
  const here = lab.steps.find(({ id }) => id === kept?.current)?.action
  const wanted = options.all !== true && here?.do === 'fill' ? [here] : fills
  for (const { file } of wanted) {
    const { change } = await giveBack(student, file, await templateText(setting, file))
    const shown = `${student.shown}/${file}`
    const what =
      change === 'untouched'
        ? 'has nothing filled in: left as it is'
        : change === 'created'
          ? 'is there again'
          : `is as it was handed out; yours is now ${student.shown}/${change.kept}`
    services.terminal.out(`${shown} ${what}\n`)
  }
  return EXIT.passed
}

async function breakAgain(
  lab: Lab,
  namespace: string,
  options: ResetOptions,
  services: Services,
): Promise<ExitCode> {
  const release = await holdLab(services, lab, namespace)
  try {
    const cluster = await services.openCluster(choiceOf(options))
    try {
      const { clock, signal, terminal } = services
      await labLock({ cluster, clock, self: services.self, lab: lab.id, namespace }).expectFree(signal)
      const store = progressStore(services, lab, namespace)
      const known = new Set((await store.read())?.created ?? [])
      const manifests = manifestSetting(lab, namespace, services)
      const removed = await resetRepair({ cluster, clock, lab, namespace, manifests, known, signal }, store)
      const count = `${removed.length} object${removed.length === 1 ? '' : 's'}`
      terminal.out(`removed ${count} of ${lab.id}; what is broken is up again in namespace ${namespace}\n`)
      const elsewhere = namespace === lab.namespace ? '' : ` --namespace ${namespace}`
      terminal.out(`  → sts-lab start ${lab.id}${elsewhere}\n`)
      return EXIT.passed
    } finally {
      cluster.close()
    }
  } finally {
    await release()
  }
}
