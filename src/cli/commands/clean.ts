import path from 'node:path'
import { usageError } from '../../errors.ts'
import { EXIT, type ExitCode } from '../../exit-codes.ts'
import { type CleanSetting, carryOut, planClean } from '../../run/lab-clean.ts'
import { labLock } from '../../run/lab-lock.ts'
import { openSitting } from '../../run/lab-sitting.ts'
import { removeLeftoverPods } from '../../run/leftover-pods.ts'
import { PROBE_IMAGE } from '../../run/probe-image.ts'
import { recover } from '../../run/restore.ts'
import { confirm } from '../confirm.ts'
import { readLab } from '../labs.ts'
import { loadManifest } from '../load-manifest.ts'
import { holdLab, progressStore } from '../progress-file.ts'
import { newRunId } from '../run-id.ts'
import { type ClusterFlags, choiceOf, type Services } from '../services.ts'

export interface CleanOptions extends ClusterFlags {
  readonly lab: string | undefined
  readonly namespace?: string
}

/** How long a set that a killed verify left changed may take to come back. */
const RECOVERY_MS = 120_000

/** `sts-lab clean [lab]`: puts back what a killed verify left, then removes what the lab created, and nothing else. */
export async function clean(options: CleanOptions, services: Services): Promise<ExitCode> {
  const { terminal, clock, signal } = services
  const lab = await readLab(services, options.lab)
  const namespace = options.namespace ?? lab.namespace
  const release = await holdLab(services, lab, namespace)
  try {
    const cluster = await services.openCluster(choiceOf(options))
    try {
      await labLock({ cluster, clock, self: services.self, lab: lab.id, namespace }).expectFree(signal)
      const store = progressStore(services, lab, namespace)
      const kept = await store.read()
      await removeLeftoverPods(cluster, namespace, kept?.runs ?? [], signal)
      const complete = await recoverVerify(services, cluster, namespace)
      const setting: CleanSetting = {
        cluster,
        clock,
        lab,
        namespace,
        signal,
        known: new Set(kept?.created ?? []),
        manifests: {
          load: (file) => loadManifest(file, services),
          folder: path.join(services.manifestsDir, lab.id),
          labNamespace: lab.namespace,
          namespace,
        },
      }
      const plan = await planClean(setting)
      const found = [...plan.objects, ...plan.claims]
      const names = found.map(({ ref }) => `${ref.kind}/${ref.name}`)
      if (plan.namespaceUid !== null) names.push(`Namespace/${namespace}`)
      const stays =
        plan.namespaceStays === null ? '' : `namespace ${namespace} stays: ${plan.namespaceStays}\n`
      if (names.length === 0) {
        terminal.out(`nothing of ${lab.id} is left in namespace ${namespace}\n${stays}`)
        return complete ? EXIT.passed : EXIT.undecided
      }
      terminal.err(`${names.map((name) => `  ${name}\n`).join('')}`)
      if (options.yes !== true) {
        if (!terminal.interactive)
          throw usageError(
            'no-terminal',
            'clean asks before it deletes, and there is no terminal to ask on',
            'sts-lab clean --yes',
          )
        if (!(await confirm(`delete these from namespace ${namespace}, with their data?`, signal)))
          return EXIT.passed
      }
      await carryOut(plan, setting)
      if (kept !== null) await store.change((before) => ({ ...(before ?? kept), created: [], runs: [] }))
      terminal.out(`removed ${names.length} object${names.length === 1 ? '' : 's'} of ${lab.id}\n${stays}`)
      return complete ? EXIT.passed : EXIT.undecided
    } finally {
      cluster.close()
    }
  } finally {
    await release()
  }
}

/** @returns false when something could not be put back. */
async function recoverVerify(
  services: Services,
  cluster: Awaited<ReturnType<Services['openCluster']>>,
  namespace: string,
): Promise<boolean> {
  const { clock, signal, self, terminal } = services
  const sitting = await openSitting({
    cluster,
    clock,
    namespace,
    statefulSet: '',
    runId: newRunId(),
    probeImage: PROBE_IMAGE,
    signal,
    tell: () => {},
  })
  try {
    const { sets, leftovers } = await recover(sitting.session, self, RECOVERY_MS)
    for (const set of sets)
      terminal.out(`StatefulSet ${set}: put back what a verify that was cut off had changed\n`)
    for (const leftover of leftovers) terminal.err(`not put back: ${leftover}\n`)
    return leftovers.length === 0
  } finally {
    await sitting.close(AbortSignal.timeout(10_000))
  }
}
