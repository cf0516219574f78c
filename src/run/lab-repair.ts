import type { LabStep } from '../lab/lab.ts'
import type { LabRun } from './lab-run.ts'
import type { StepEnd } from './lab-step.ts'

/** A repair: the student mends what is broken, and each change is judged as soon as the cluster has come to rest. */
export async function runRepair(_run: LabRun, step: LabStep): Promise<StepEnd> {
  throw new Error(`step ${step.id} is a repair, which cannot be run yet`)
}
