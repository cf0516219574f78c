import { LabError } from '../errors.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { Lab } from '../lab/lab.ts'
import type { Cluster } from '../ports.ts'
import { createLive } from '../report/live.ts'
import { isWholeExam, withExam } from '../run/exam.ts'
import { exitCodeOf } from '../run/exit-code.ts'
import { progressFor } from '../run/progress.ts'
import { verify } from '../run/verify.ts'
import type { Verification, VerifyOptions } from '../run/verify-contract.ts'
import { type Format, printResult } from './print-result.ts'
import { progressStore } from './progress-file.ts'
import { newRunId } from './run-id.ts'
import type { Services } from './services.ts'

export interface VerificationOptions extends VerifyOptions {
  readonly output: Format
  /** File for the recording; undefined: none. */
  readonly evidence: string | undefined
  /** Explain each criterion with the run's own events when all passed. */
  readonly debrief: boolean
}

/** Clean-up may go on this long after the rest. */
const CLEANUP_TIMEOUT_MS = 180_000

/** Judges a set: the pass on stderr as it happens, the result on stdout, and an exam is kept in the lab's progress. */
export async function runVerification(
  options: VerificationOptions,
  cluster: Cluster,
  services: Services,
): Promise<ExitCode> {
  const { terminal, clock, signal, self } = services
  const live = createLive(terminal, clock)
  let verification: Verification
  try {
    verification = await verify(options, {
      cluster,
      clock,
      self,
      runId: newRunId(),
      version: services.version,
      listener: live,
      signal,
      cleanupSignal: () => AbortSignal.timeout(CLEANUP_TIMEOUT_MS),
    })
  } finally {
    live.stop()
  }
  const { result, observations, leftovers, interrupted } = verification
  if (options.evidence !== undefined) await writeEvidence(options.evidence, verification, services)
  const lab = await labOf(options.lab, services)
  const debrief = options.debrief && lab !== null && debriefed(lab)
  await printResult(result, observations, options.output, terminal, { debrief })
  for (const leftover of leftovers)
    terminal.err(`not put back: ${leftover}\n  → sts-lab clean --namespace ${options.namespace}\n`)
  if (lab !== null && !interrupted) await keepExam(lab, verification, services)
  return interrupted ? EXIT.interrupted : exitCodeOf(result)
}

/** A guided lab explains as it goes. */
export const debriefed = (lab: Lab): boolean => lab.guidance === 'none'

/** null when it cannot be read: what was judged is told all the same. */
export async function labOf(id: string, services: Services): Promise<Lab | null> {
  // Loaded here: reading labs takes a YAML parser, and the judging itself needs nothing of it.
  const { readLab } = await import('./labs.ts')
  try {
    return await readLab(services, id)
  } catch (error) {
    if (error instanceof LabError) return null
    throw error
  }
}

/** A grader's machine may have nowhere to write: no reason to withhold a verdict. */
async function keepExam(lab: Lab, { result }: Verification, services: Services): Promise<void> {
  if (!isWholeExam(result, lab.criteria)) return
  const { namespace } = result.target
  try {
    await progressStore(services, lab, namespace).change((kept) => {
      const now = services.clock.now()
      return withExam(progressFor(lab, namespace, kept, now), result, now)
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    services.terminal.err(`sts-lab: the result was not kept in the progress of ${lab.id}: ${reason}\n`)
  }
}

async function writeEvidence(file: string, verification: Verification, services: Services): Promise<void> {
  const { writeRecording } = await import('../timeline/jsonl.ts')
  const { result, observations } = verification
  await services.files.write(
    file,
    writeRecording({
      header: {
        kind: 'sts-lab-recording',
        version: 1,
        target: {
          namespace: result.target.namespace,
          name: result.target.statefulSet ?? '',
          uid: result.target.uid,
        },
        cluster: result.cluster,
        tool: result.tool,
        lab: result.lab,
        startedAt: result.startedAt,
      },
      observations,
    }),
  )
  services.terminal.err(`recording written to ${file}\n`)
}
