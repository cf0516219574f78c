import type { Cluster } from '../ports.ts'
import type { ServiceFacts } from '../timeline/facts.ts'
import { selectsPodsOf } from './condition.ts'
import { isClaimOf } from './lab-action.ts'
import type { LabRun } from './lab-run.ts'
import { MANAGED_LABELS } from './session.ts'

/** What a student made by hand while we watched is the lab's, label or not: `clean` may remove it. */
export async function rememberCreated(run: LabRun): Promise<void> {
  const { timeline } = run.sitting.session
  const uids: string[] = []
  for (const each of timeline.observations) {
    if (each.type !== 'added') continue
    const wanted =
      each.stream === 'statefulsets'
        ? each.object.name === run.statefulSet
        : each.stream === 'services'
          ? isLabService(run, each.object)
          : each.stream === 'claims' && isMended(run) && !isClaimOf(run.statefulSet, each.object.name)
    if (wanted) uids.push(each.object.uid)
  }
  if (run.namespaceMissingAtStart) {
    const uid = run.namespaceWatch.uid()
    if (uid !== null) uids.push(uid)
  }
  await know(run, uids)
  if (isMended(run)) await adoptMended(run)
}

/**
 * The same for what was made while nobody watched: who mends an exercise and comes back later is still at it. Only in
 * the lab's own namespace.
 */
export async function adoptMended(run: LabRun): Promise<void> {
  const { cluster, signal } = run.deps
  await know(run, await mendedIn(cluster, run.namespace, run.lab.statefulSet, signal))
}

/** What a repair may need besides the set itself. The recording does not see all of these kinds. */
const MENDED_KINDS = [
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'v1', kind: 'ConfigMap' },
] as const

/** UIDs of the set, and of what a student may have made to mend it, in the namespace of an exercise. */
export async function mendedIn(
  cluster: Cluster,
  namespace: string,
  statefulSet: string | null,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const [sets, ...others] = await Promise.all([
    cluster.list({ apiVersion: 'apps/v1', kind: 'StatefulSet', namespace }, { signal }),
    ...MENDED_KINDS.map((kind) => cluster.list({ ...kind, namespace }, { signal })),
  ])
  return [...sets.filter(({ metadata }) => metadata.name === statefulSet), ...others.flat()]
    .filter(({ metadata: { name, labels } }) => name !== 'kube-root-ca.crt' && !isOwn(labels))
    .flatMap(({ metadata }) => metadata.uid ?? [])
}

/** What sts-lab keeps there for itself, such as the lock of a run. What it applies is known by its label. */
const isOwn = (labels: Readonly<Record<string, string>> | undefined): boolean =>
  Object.entries(MANAGED_LABELS).every(([key, value]) => labels?.[key] === value)

async function know(run: LabRun, uids: readonly string[]): Promise<void> {
  const fresh = uids.filter((uid) => !run.known.has(uid))
  if (fresh.length === 0) return
  for (const uid of fresh) run.known.add(uid)
  await run.remember(fresh)
}

/**
 * A service that a step waits for. In a repair the student may give it a name of their own: there, whatever serves
 * the lab's set, and in the lab's own namespace every service that was made while we watched.
 */
function isLabService(run: LabRun, service: ServiceFacts): boolean {
  if (run.lab.steps.some(({ until }) => until?.see === 'service' && until.name === service.name)) return true
  if (run.lab.guidance !== 'fix') return false
  const set = run.sitting.session.state.statefulsets.get(run.statefulSet)
  const serves = set !== undefined && (set.serviceName === service.name || selectsPodsOf(service, set))
  return serves || isMended(run)
}

/** Only the student of this repair is at work there. */
const isMended = (run: LabRun): boolean => run.lab.guidance === 'fix' && !run.keepNamespace
