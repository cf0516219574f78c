import { EXIT, type ExitCode } from '../../exit-codes.ts'
import { doctorReport } from '../../report/doctor.ts'
import { withSpinner } from '../../report/spinner.ts'
import { examineCluster } from '../../run/doctor.ts'
import { PROBE_IMAGE } from '../../run/probe-image.ts'
import { newRunId } from '../run-id.ts'
import { type ClusterFlags, choiceOf, type Services } from '../services.ts'

export interface DoctorFlags extends ClusterFlags {
  readonly namespace?: string
  readonly output: 'text' | 'json'
  readonly probeImage?: string
}

/** Images that section 1 uses, besides the probe's. */
const LAB_IMAGES = ['nginx:1.21', 'nginx:1.22']

/** `sts-lab doctor`: 0 fit, 1 a problem, 3 the cluster cannot be reached. */
export async function doctor(flags: DoctorFlags, services: Services): Promise<ExitCode> {
  const { terminal, clock, signal } = services
  const probeImage = flags.probeImage ?? PROBE_IMAGE
  const cluster = await services.openCluster(choiceOf(flags))
  try {
    const report = await withSpinner(terminal, 'looking the cluster over', () =>
      examineCluster(
        { namespace: flags.namespace ?? 'default', probeImage, images: [probeImage, ...LAB_IMAGES] },
        { cluster, clock, signal, runId: newRunId(), tell: () => undefined },
      ),
    )
    if (flags.output === 'json') terminal.out(`${JSON.stringify(report, null, 2)}\n`)
    else {
      const { columns, colour, unicode = true } = terminal
      terminal.out(doctorReport(report.cluster, report.findings, { columns, colour, unicode }))
    }
    return report.findings.some((finding) => finding.status === 'problem') ? EXIT.failed : EXIT.passed
  } finally {
    cluster.close()
  }
}
