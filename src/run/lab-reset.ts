import { partsOf } from '../lab/actions.ts'
import type { LabStep } from '../lab/lab.ts'
import { type CleanSetting, carryOut, type Found, planClean } from './lab-clean.ts'
import { mendedIn } from './lab-created.ts'
import { documentsOf } from './lab-manifests.ts'
import { belongsToLab, labLabels, refuseForeign } from './lab-ownership.ts'
import { begin, type ProgressStore } from './progress.ts'

/**
 * Removes everything of the lab but its namespace: what it applied, what the student made for it, and the claims of its
 * set with their data. Returns when it is gone.
 *
 * @throws LabError 'not-gone' when something stays.
 */
export async function clearLab(setting: CleanSetting): Promise<readonly Found[]> {
  const plan = await planClean(setting)
  await carryOut({ ...plan, namespaceUid: null }, setting)
  return [...plan.objects, ...plan.claims]
}

/**
 * `reset` of a repair: clears the lab, puts its broken state up again and begins progress anew. It does not wait for
 * the pods: the first step does.
 *
 * @returns what was removed.
 * @throws LabError 'not-ours' (usage) before anything is changed; 'not-gone'.
 */
export async function resetRepair(setting: CleanSetting, progress: ProgressStore): Promise<readonly Found[]> {
  const { cluster, clock, lab, namespace, signal } = setting
  const space = await cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, signal)
  const isOurs = space !== null && belongsToLab(space, lab.id, setting.known)
  const mended = isOurs ? await mendedIn(cluster, namespace, lab.statefulSet, signal) : []
  const known = new Set([...setting.known, ...mended])
  const first = brokenBy(lab.steps)
  const manifests = partsOf(first?.action ?? null).flatMap((part) =>
    part.do === 'apply' ? part.manifests : [],
  )
  const documents = (await documentsOf({ do: 'apply', manifests }, setting.manifests)).filter(
    ({ object }) => object.kind !== 'Namespace' || space === null || isOurs,
  )
  await refuseForeign(cluster, documents, lab.id, known, signal)
  const removed = await clearLab({ ...setting, known })
  if (documents.length > 0) await cluster.apply(documents, { labels: labLabels(lab.id), force: true, signal })
  await progress.change((before) => ({
    ...begin(lab, namespace, clock.now()),
    // A namespace that was made by hand for the lab is still there.
    created: space?.metadata.uid !== undefined && known.has(space.metadata.uid) ? [space.metadata.uid] : [],
    runs: before?.runs ?? [],
  }))
  return removed
}

/** The step that puts the broken state up. */
export const brokenBy = (steps: readonly LabStep[]): LabStep | null =>
  steps.find(({ action }) => partsOf(action).some((part) => part.do === 'apply')) ?? null
