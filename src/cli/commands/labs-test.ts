import { stat } from 'node:fs/promises'
import path from 'node:path'
import { LabError, usageError } from '../../errors.ts'
import { EXIT, type ExitCode } from '../../exit-codes.ts'
import { badLab } from '../../lab/catalogue.ts'
import type { Lab } from '../../lab/lab.ts'
import { nearest } from '../../lab/nearest.ts'
import { outcomeMark } from '../../report/labs-proof.ts'
import { createPaint } from '../../report/paint.ts'
import type { LabProof, LabsProof } from '../../result/labs-proof.ts'
import { PROBE_IMAGE } from '../../run/probe-image.ts'
import { removeAbandoned } from '../../run/proof/namespaces.ts'
import { playsOf } from '../../run/proof/plays.ts'
import { proveLabs } from '../../run/proof/prove.ts'
import { keepRecording, prepareRecordings } from '../keep-recording.ts'
import { readLab, readLabs } from '../labs.ts'
import { loadManifest, readManifest } from '../load-manifest.ts'
import type { Format } from '../print-result.ts'
import { newRunId } from '../run-id.ts'
import { type ClusterFlags, choiceOf, type Services } from '../services.ts'

/** Flags as commander parsed them. */
export interface LabsTestOptions extends ClusterFlags {
  readonly labs: readonly string[]
  readonly output: Format
  readonly only?: string
  readonly jobs: string
  readonly recordings?: string
  readonly probeImage?: string
}

/** `sts-lab labs test [lab…]`: proves on a cluster that labs can be solved, and that their checks can fail. */
export async function labsTest(options: LabsTestOptions, services: Services): Promise<ExitCode> {
  const { terminal, clock, signal, manifestsDir, version, self } = services
  const labs = await wantedLabs(options.labs, services)
  const only = options.only === undefined ? null : parseOnly(options.only, labs)
  const jobs = parseJobs(options.jobs)
  if (options.recordings !== undefined) await prepareRecordings(options.recordings)
  const report = await reporterFor(options.output, services)
  const cluster = await services.openCluster(choiceOf(options))
  const startedAt = clock.now()
  try {
    const identity = await cluster.identity(signal)
    for (const name of await removeAbandoned(cluster, self, signal))
      terminal.err(`removed namespace ${name}, which an earlier run had left\n`)
    const paint = createPaint(terminal.progressColour ?? terminal.colour)
    const { labs: proofs, settle } = await proveLabs(
      labs,
      { only, jobs },
      {
        cluster,
        clock,
        self,
        version,
        newRunId,
        signal,
        probeImage: options.probeImage ?? PROBE_IMAGE,
        manifests: (lab) => path.join(manifestsDir, lab),
        loadManifest: (file) => loadManifest(file, services),
        readText: (file) => readManifest(file, services),
        parse: services.parseManifest,
        isFile: (file) =>
          stat(file).then(
            (found) => found.isFile(),
            () => false,
          ),
      },
      {
        begun: () => {},
        async done(lab, proof, observations) {
          const mark = outcomeMark(proof, paint, terminal.unicode ?? true)
          const time = `${(proof.durationMs / 1000).toFixed(1)} s`
          terminal.err(`${mark} ${lab.id} ${proof.id} ${paint.dim(`(${time})`)}\n`)
          const recorded = { lab, proof, observations, cluster: identity }
          if (options.recordings !== undefined) await keepRecording(options.recordings, recorded, services)
        },
      },
    )
    const result: LabsProof = {
      schemaVersion: 1,
      tool: { name: 'sts-lab', version },
      cluster: identity,
      startedAt: startedAt.toISOString(),
      durationMs: clock.now().getTime() - startedAt.getTime(),
      labs: proofs,
      summary: summaryOf(proofs),
    }
    terminal.out(report(result))
    terminal.err(paint.dim('removing the namespaces of the plays …\n'))
    for (const leftover of await settle()) terminal.err(`${leftover}\n`)
    const { refuted, undecided } = result.summary
    return refuted > 0 ? EXIT.failed : undecided > 0 ? EXIT.undecided : EXIT.passed
  } finally {
    cluster.close()
  }
}

/** A lab that cannot be read is a wrong request where it was named, and a reason not to begin where all are meant. */
async function wantedLabs(ids: readonly string[], services: Services): Promise<readonly Lab[]> {
  if (ids.length > 0) return Promise.all([...new Set(ids)].map((id) => readLab(services, id)))
  const { labs, problems } = await readLabs(services)
  if (problems.length > 0) throw badLab(problems)
  if (labs.length === 0) throw usageError('no-labs', `there is no lab in ${services.labsDir}`)
  return labs
}

function parseOnly(text: string, labs: readonly Lab[]): readonly string[] {
  const known = [...new Set(labs.flatMap((lab) => playsOf(lab).map(({ id }) => id)))]
  const wanted = text.split(',').map((word) => word.trim())
  for (const word of wanted) {
    if (known.includes(word)) continue
    const meant = nearest(word, known)
    throw usageError(
      'unknown-play',
      `--only: there is no play "${word}"`,
      meant === null ? `there are: ${known.join(', ')}` : `did you mean ${meant}?`,
    )
  }
  return wanted
}

const MOST_JOBS = 16

function parseJobs(text: string): number {
  const jobs = Number(text)
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= MOST_JOBS) return jobs
  throw new LabError('usage', 'bad-jobs', `--jobs wants a number from 1 to ${MOST_JOBS}, not "${text}"`)
}

function summaryOf(labs: readonly LabProof[]): LabsProof['summary'] {
  const outcomes = labs.flatMap(({ plays }) => plays.map(({ outcome }) => outcome))
  const count = (wanted: (typeof outcomes)[number]): number =>
    outcomes.filter((each) => each === wanted).length
  return { proven: count('proven'), refuted: count('refuted'), undecided: count('undecided') }
}

/** Loaded before the run: that may take long enough for another version to be installed over this one meanwhile. */
async function reporterFor(format: Format, { terminal }: Services): Promise<(result: LabsProof) => string> {
  switch (format) {
    case 'json': {
      const { boundedJson } = await import('../../report/json.ts')
      return boundedJson
    }
    case 'junit': {
      const { labsProofJunit } = await import('../../report/labs-proof-junit.ts')
      return labsProofJunit
    }
    case 'text': {
      const { labsProofText } = await import('../../report/labs-proof.ts')
      const { columns, colour, unicode = true } = terminal
      return (result) => labsProofText(result, { columns, colour, unicode })
    }
  }
}
