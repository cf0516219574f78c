import type { CriterionId } from '../../criteria/criterion.ts'
import { criteria } from '../../criteria/index.ts'
import { LabError, usageError } from '../../errors.ts'
import type { ExitCode } from '../../exit-codes.ts'
import type { Cluster } from '../../ports.ts'
import type { VerifyResult } from '../../result.ts'
import { PROBE_IMAGE } from '../../run/probe-image.ts'
import { examOf, namespaceOf } from '../catalogue.ts'
import { type Format, printResult } from '../print-result.ts'
import { type ClusterFlags, choiceOf, type Services } from '../services.ts'
import { runVerification } from '../verification.ts'

/** Flags as commander parsed them. */
export interface VerifyFlags extends ClusterFlags {
  readonly lab: string | undefined
  readonly namespace?: string
  readonly statefulset?: string
  readonly output: Format
  readonly only?: string
  readonly keepGoing?: boolean
  readonly timeout?: string
  readonly probeImage?: string
  readonly evidence?: string
  /** false: --no-debrief. */
  readonly debrief?: boolean
  readonly allowSimulated?: boolean
}

/** The independent lab, whose exam `verify` is. */
const DEFAULT_LAB = 'section3'

/** `sts-lab verify [lab]`: the ten verdicts on stdout, the pass as it happens on stderr. */
export async function verify(flags: VerifyFlags, services: Services): Promise<ExitCode> {
  const startedAt = services.clock.now()
  try {
    return await verifyOnCluster(flags, services)
  } catch (error) {
    // Whoever parses stdout learns of a run that ended before there was anything to judge, too.
    if (error instanceof LabError && flags.output !== 'text')
      await printResult(refused(error, flags, startedAt, services), [], flags.output, services.terminal)
    throw error
  }
}

async function verifyOnCluster(flags: VerifyFlags, services: Services): Promise<ExitCode> {
  const only = flags.only === undefined ? null : parseOnly(flags.only)
  const podTimeoutMs = flags.timeout === undefined ? undefined : parseSeconds(flags.timeout) * 1000
  const lab = flags.lab ?? (await examOf(services)) ?? DEFAULT_LAB
  const namespace = await namespaceOf(lab, services, flags.namespace)
  const cluster = await services.openCluster(choiceOf(flags))
  try {
    if (flags.allowSimulated !== true) await refuseSimulated(cluster, services)
    const options = {
      lab,
      namespace,
      statefulSet: flags.statefulset,
      only,
      keepGoing: flags.keepGoing === true,
      podTimeoutMs,
      probeImage: flags.probeImage ?? PROBE_IMAGE,
      output: flags.output,
      evidence: flags.evidence,
      debrief: flags.debrief !== false,
    }
    return await runVerification(options, cluster, services)
  } finally {
    cluster.close()
  }
}

/** A pass on a simulation is no proof, so nobody shall hand it in by mistake. @throws LabError */
async function refuseSimulated(cluster: Cluster, { signal }: Services): Promise<void> {
  const { simulated, context } = await cluster.identity(signal)
  if (!simulated) return
  throw usageError(
    'simulated-cluster',
    `"${context}" is the practice cluster, a simulation: what is judged there proves nothing about a real one`,
    'to see the verdicts all the same: sts-lab verify --allow-simulated; for a real one: kind create cluster',
  )
}

function refused(error: LabError, flags: VerifyFlags, startedAt: Date, services: Services): VerifyResult {
  return {
    schemaVersion: 1,
    tool: { name: 'sts-lab', version: services.version },
    lab: flags.lab ?? DEFAULT_LAB,
    cluster: null,
    target: { namespace: flags.namespace ?? '', statefulSet: flags.statefulset ?? null, uid: null },
    startedAt: startedAt.toISOString(),
    durationMs: services.clock.now().getTime() - startedAt.getTime(),
    constraints: [],
    criteria: [],
    summary: { passed: 0, failed: 0, inconclusive: 0, score: 0, maxScore: 0 },
    error: { code: error.code, message: error.message, hint: error.hint },
  }
}

/** "5,6", "dns-resolution", "1-4,9": numbers, ids and ranges. @throws LabError usage. */
export function parseOnly(text: string): readonly CriterionId[] {
  const wanted = new Set<CriterionId>()
  for (const word of text.split(',').map((part) => part.trim())) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(word)
    const found =
      range === null
        ? criteria.filter((criterion) => criterion.id === word)
        : criteria.filter(
            ({ number }) => number >= Number(range[1]) && number <= Number(range[2] ?? range[1]),
          )
    if (found.length === 0)
      throw usageError(
        'unknown-criterion',
        `--only: there is no criterion "${word}"`,
        `name them by number or id: ${criteria.map(({ number, id }) => `${number} ${id}`).join(', ')}`,
      )
    for (const criterion of found) wanted.add(criterion.id)
  }
  return [...wanted]
}

function parseSeconds(text: string): number {
  const seconds = Number(text.replace(/s$/, ''))
  if (!Number.isFinite(seconds) || seconds <= 0)
    throw usageError(
      'bad-timeout',
      `--timeout wants a number of seconds, not "${text}"`,
      'for example: --timeout 300',
    )
  return seconds
}
