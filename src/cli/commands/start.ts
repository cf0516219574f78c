import path from 'node:path'
import { usageError } from '../../errors.ts'
import type { ExitCode } from '../../exit-codes.ts'
import type { Lab } from '../../lab/lab.ts'
import { labLock } from '../../run/lab-lock.ts'
import { runLab } from '../../run/lab-runner.ts'
import { PROBE_IMAGE } from '../../run/probe-image.ts'
import { fillTools } from '../lab-files.ts'
import { readLab } from '../labs.ts'
import { loadManifest } from '../load-manifest.ts'
import { holdLab, progressStore } from '../progress-file.ts'
import { newRunId } from '../run-id.ts'
import { type ClusterFlags, choiceOf, type Services } from '../services.ts'
import { terminalConversation } from '../terminal-conversation.ts'
import { exported } from './cluster-up.ts'

/** Flags as commander parsed them. */
export interface StartOptions extends ClusterFlags {
  readonly lab: string | undefined
  readonly from?: string
  readonly namespace?: string
  readonly probeImage?: string
  /** Where the student's files go; else where they are, else a folder here named as the lab. */
  readonly folder?: string
  readonly prompt?: boolean
}

/** `sts-lab start [lab]`: leads through a lab; an independent one is stated and left to the student. */
export async function start(options: StartOptions, services: Services): Promise<ExitCode> {
  const { terminal } = services
  const lab = await readLab(services, options.lab)
  const namespace = options.namespace ?? lab.namespace
  if (lab.guidance === 'none') {
    const { startExam } = await import('./start-exam.ts')
    return startExam(lab, namespace, options, services)
  }
  const attended = options.yes !== true
  if (attended && !terminal.interactive)
    throw usageError(
      'no-terminal',
      `${lab.title} asks questions, and there is no terminal to ask them on`,
      `sts-lab start ${lab.id} --yes runs it all without a question`,
    )
  const release = await holdLab(services, lab, namespace)
  try {
    return await lead(lab, namespace, attended, options, services)
  } finally {
    await release()
  }
}

async function lead(
  lab: Lab,
  namespace: string,
  attended: boolean,
  options: StartOptions,
  services: Services,
): Promise<ExitCode> {
  const { terminal, clock, signal, manifestsDir } = services
  const cluster = await services.openCluster({
    ...choiceOf(options),
    offersPractice: attended ? 'real' : 'fast',
  })
  // kubectl finds this cluster by what is exported once: lines that say so each time would be too long to type.
  const elsewhere = cluster.kubeconfig !== undefined && services.env.KUBECONFIG !== cluster.kubeconfig
  if (elsewhere) terminal.err(`\n${HOW_TO_REACH_IT}\n    ${exported(cluster.kubeconfig ?? '')}\n\n`)
  const manifests = path.join(manifestsDir, lab.id)
  const conversation = terminalConversation(terminal, clock, attended)
  const progress = progressStore(services, lab, namespace)
  const folder = path.resolve(options.folder ?? (await progress.read())?.folder ?? lab.id)
  try {
    return await runLab(
      lab,
      { namespace, from: options.from ?? null },
      {
        cluster,
        clock,
        signal,
        conversation,
        progress,
        loadManifest: (file) => loadManifest(file, services),
        manifests,
        manifestsShown: shorter(manifests),
        newRunId,
        lock: labLock({ cluster, clock, self: services.self, lab: lab.id, namespace }),
        probeImage: options.probeImage ?? PROBE_IMAGE,
        context: cluster.kubeconfig === undefined ? (options.context ?? null) : null,
        kubeconfig: options.kubeconfig ?? null,
        fill: fillTools(lab, attended ? folder : null, services, options.prompt),
      },
    )
  } finally {
    conversation.close()
    cluster.close()
  }
}

const HOW_TO_REACH_IT =
  'For kubectl, type this once in each terminal that you use it in. Without it,\nkubectl means another cluster, or none.'

/** As one would type it from here. */
function shorter(folder: string): string {
  const relative = path.relative(process.cwd(), folder)
  return relative.length < folder.length && !relative.startsWith('..') ? relative : folder
}
