import { usageError } from '../errors.ts'
import { findLab } from '../lab/catalogue.ts'
import type { Lab } from '../lab/lab.ts'
import { begin, type LabProgress } from '../run/progress.ts'
import { readLabs } from './labs.ts'
import { latestProgress } from './progress-file.ts'
import type { Services } from './services.ts'

export interface KeptLab {
  readonly lab: Lab
  /** What is kept of it, or a beginning. */
  readonly progress: LabProgress
  readonly begun: boolean
}

/**
 * The lab a command like `status` is about: the one named, else the one that was worked on last, else the first.
 * @throws LabError 'unknown-lab' (usage).
 */
export async function keptLab(id: string | undefined, services: Services): Promise<KeptLab> {
  const catalogue = await readLabs(services)
  const kept = await Promise.all(
    catalogue.labs.map(async (lab) => ({ lab, progress: await latestProgress(services, lab) })),
  )
  const latest = kept
    .filter(({ progress }) => progress !== null)
    .sort((a, b) => ((a.progress?.updatedAt ?? '') < (b.progress?.updatedAt ?? '') ? 1 : -1))[0]
  const lab = findLab(catalogue, id ?? latest?.lab.id)
  const own = kept.find((each) => each.lab.id === lab.id)?.progress ?? null
  const usable = own !== null && own.labVersion === lab.version
  return {
    lab,
    progress: usable ? own : begin(lab, own?.namespace ?? lab.namespace, services.clock.now()),
    begun: usable,
  }
}

/** @throws LabError 'no-steps' (usage) for a lab that has none. */
export function expectSteps(lab: Lab): void {
  if (lab.steps.length === 0)
    throw usageError('no-steps', `${lab.title} has no steps`, `sts-lab verify ${lab.id} judges it as a whole`)
}
