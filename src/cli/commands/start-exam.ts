import path from 'node:path'
import { criteria } from '../../criteria/index.ts'
import { EXIT, type ExitCode } from '../../exit-codes.ts'
import type { Lab } from '../../lab/lab.ts'
import { askDesign } from '../../run/design-questions.ts'
import { PROBE_IMAGE } from '../../run/probe-image.ts'
import { applySolution } from '../../run/solution.ts'
import { labStatement, leaveAlone } from '../lab-brief.ts'
import { loadManifest } from '../load-manifest.ts'
import { holdLab, progressStore } from '../progress-file.ts'
import { choiceOf, type Services } from '../services.ts'
import { terminalConversation } from '../terminal-conversation.ts'
import { runVerification } from '../verification.ts'
import type { StartOptions } from './start.ts'

/**
 * An independent lab: it is stated, its design questions are asked, and then the student is left alone. With --yes
 * our own solution is applied and judged; without a terminal it is only stated.
 */
export async function startExam(
  lab: Lab,
  namespace: string,
  options: StartOptions,
  services: Services,
): Promise<ExitCode> {
  const { terminal, clock, signal } = services
  const asks = terminal.interactive && lab.questions.length > 0
  if (options.yes !== true) {
    terminal.out(labStatement(lab, namespace, criteria, terminal))
    if (!asks) {
      terminal.out(leaveAlone(lab, namespace, terminal, 'unasked'))
      return EXIT.passed
    }
  }
  const release = await holdLab(services, lab, namespace)
  try {
    if (options.yes === true) return await solve(lab, namespace, options, services)
    const conversation = terminalConversation(terminal, clock, true)
    try {
      const progress = progressStore(services, lab, namespace)
      const end = await askDesign({ lab, namespace, conversation, progress, clock, signal })
      terminal.out(leaveAlone(lab, namespace, terminal, end))
      return EXIT.passed
    } finally {
      conversation.close()
    }
  } finally {
    await release()
  }
}

async function solve(
  lab: Lab,
  namespace: string,
  options: StartOptions,
  services: Services,
): Promise<ExitCode> {
  const { terminal, signal } = services
  const kept = await progressStore(services, lab, namespace).read()
  const cluster = await services.openCluster({ ...choiceOf(options), offersPractice: 'fast' })
  try {
    const applied = await applySolution({
      cluster,
      lab,
      manifests: {
        load: (file) => loadManifest(file, services),
        folder: path.join(services.manifestsDir, lab.id),
        labNamespace: lab.namespace,
        namespace,
      },
      known: new Set(kept?.created ?? []),
      signal,
    })
    if (applied.foreignNamespace)
      terminal.err(`namespace ${namespace} was there before: it is used, and clean will not delete it\n`)
    for (const { name, change } of applied.objects) terminal.err(`  ${name} ${change}\n`)
    return await runVerification(
      {
        lab: lab.id,
        namespace,
        statefulSet: applied.statefulSet,
        only: null,
        keepGoing: false,
        podTimeoutMs: undefined,
        probeImage: options.probeImage ?? PROBE_IMAGE,
        output: 'text',
        evidence: undefined,
        debrief: true,
      },
      cluster,
      services,
    )
  } finally {
    cluster.close()
  }
}
