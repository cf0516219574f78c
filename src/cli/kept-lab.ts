import { usageError } from '../errors.ts'
import type { LabHead } from '../lab/head.ts'
import type { Lab } from '../lab/lab.ts'
import { begin, type LabProgress } from '../run/progress.ts'
import { readHeads, readLab } from './labs.ts'
import { latestProgress, progressStore } from './progress-file.ts'
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
  const heads = await readHeads(services)
  const named = id === undefined ? await lastWorkedOn(heads, services) : id
  const lab = await readLab(services, named)
  const latest = await latestProgress(services, lab)
  // The store also knows what was put aside when another version of the lab was begun.
  const own = latest === null ? null : await progressStore(services, lab, latest.namespace).read()
  const usable = own !== null && own.labVersion === lab.version
  return {
    lab,
    progress: usable ? own : begin(lab, own?.namespace ?? lab.namespace, services.clock.now()),
    begun: usable,
  }
}

async function lastWorkedOn(heads: readonly LabHead[], services: Services): Promise<string | undefined> {
  let latest: { readonly id: string; readonly at: string } | null = null
  for (const { id } of heads) {
    const at = (await latestProgress(services, { id }))?.updatedAt
    if (at !== undefined && (latest === null || at > latest.at)) latest = { id, at }
  }
  return latest?.id
}

/** @throws LabError 'no-steps' (usage) for a lab that has none. */
export function expectSteps(lab: Lab): void {
  if (lab.steps.length === 0)
    throw usageError('no-steps', `${lab.title} has no steps`, `sts-lab verify ${lab.id} judges it as a whole`)
}
