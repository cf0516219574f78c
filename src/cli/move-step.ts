import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { Lab } from '../lab/lab.ts'
import { type LabProgress, progressFor } from '../run/progress.ts'
import { expectSteps, keptLab } from './kept-lab.ts'
import { holdLab, progressStore } from './progress-file.ts'
import type { Services } from './services.ts'

/** Moves the place where `start` goes on, and says where it is now. A lab that is being run is moved there, not here. */
export async function moveStep(
  id: string | undefined,
  services: Services,
  how: (progress: LabProgress, lab: Lab, now: Date) => LabProgress,
): Promise<ExitCode> {
  const { lab, progress } = await keptLab(id, services)
  expectSteps(lab)
  const { namespace } = progress
  const release = await holdLab(services, lab, namespace)
  try {
    const now = services.clock.now()
    const after = await progressStore(services, lab, namespace).change((kept) =>
      how(progressFor(lab, namespace, kept, now), lab, now),
    )
    const step = lab.steps.find((each) => each.id === after.current)
    const elsewhere = namespace === lab.namespace ? '' : ` --namespace ${namespace}`
    services.terminal.out(
      step === undefined
        ? `${lab.title}: that was the last step\n`
        : `${step.part} ${step.title}\n  → sts-lab start ${lab.id}${elsewhere}\n`,
    )
    return EXIT.passed
  } finally {
    await release()
  }
}
