import { interruptedError, undecidedError } from '../errors.ts'
import type { Lab } from '../lab/lab.ts'
import type { Clock, Cluster, KubeObject, ObjectRef } from '../ports.ts'
import { isClaimOf } from './lab-action.ts'
import { labDocuments, type ManifestSetting } from './lab-manifests.ts'
import { belongsToLab, refOf } from './lab-ownership.ts'
import { othersIn } from './namespace-contents.ts'
import { eachAtOnce } from './session.ts'

export interface CleanSetting {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly lab: Lab
  readonly namespace: string
  readonly manifests: ManifestSetting
  /** UIDs of objects that are the lab's although they carry no label. */
  readonly known: ReadonlySet<string>
  readonly signal: AbortSignal
}

/** An object that is the lab's. */
export interface Found {
  readonly ref: ObjectRef
  readonly uid: string
}

export interface CleanPlan {
  /** In the order of removal. Claims come after the pods that use them. */
  readonly objects: readonly Found[]
  readonly claims: readonly Found[]
  /** null: there is none, or it stays; then `namespaceStays` says why. */
  readonly namespaceUid: string | null
  readonly namespaceStays: string | null
}

/** What `clean` would remove. Changes nothing. */
export async function planClean(setting: CleanSetting): Promise<CleanPlan> {
  const { cluster, lab, namespace, known, signal } = setting
  const space = await cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, signal)
  if (space === null) return { objects: [], claims: [], namespaceUid: null, namespaceStays: null }
  const objects: Found[] = []
  for (const document of await labDocuments(lab, setting.manifests)) {
    if (document.object.kind === 'Namespace') continue
    const ref = refOf(document)
    const found = await cluster.get(ref, signal)
    if (found !== null && belongsToLab(found, lab.id, known)) objects.unshift(foundAt(ref, found))
  }
  objects.unshift(...(await othersOfLab(setting, objects)))
  const spaceIsOurs = belongsToLab(space, lab.id, known)
  const claims = await labClaims(
    setting,
    spaceIsOurs || objects.some(({ ref }) => ref.kind === 'StatefulSet'),
    objects,
  )
  const owner = { lab: lab.id, statefulSet: lab.statefulSet ?? '', known }
  const others = spaceIsOurs ? await othersIn(cluster, namespace, owner, signal) : []
  const namespaceStays = !spaceIsOurs
    ? 'it is not the lab’s'
    : others.length > 0
      ? `there is more in it: ${others.slice(0, 5).join(', ')}${others.length > 5 ? ' …' : ''}`
      : null
  return {
    objects,
    claims,
    namespaceUid: namespaceStays === null ? (space.metadata.uid ?? null) : null,
    namespaceStays,
  }
}

/**
 * Removes what was planned, by UID, and returns when it is gone.
 * @throws LabError 'not-gone' when something stays.
 */
export async function carryOut(plan: CleanPlan, setting: CleanSetting): Promise<void> {
  const { cluster, namespace, lab, signal } = setting
  const remove = ({ ref, uid }: Found): Promise<unknown> =>
    cluster.remove(ref, { uid, propagation: 'Foreground', signal })
  for (const found of plan.objects) await remove(found)
  for (const found of plan.objects) await untilGone(found, setting)
  await untilNoPods(setting)
  await eachAtOnce(plan.claims, remove)
  for (const found of plan.claims) await untilGone(found, setting)
  if (plan.namespaceUid === null) return
  const owner = { lab: lab.id, statefulSet: lab.statefulSet ?? '', known: setting.known }
  // Asked again: somebody may have begun to work there meanwhile.
  if ((await othersIn(cluster, namespace, owner, signal)).length > 0) return
  const found = { ref: { apiVersion: 'v1', kind: 'Namespace', name: namespace }, uid: plan.namespaceUid }
  await remove(found)
  await untilGone(found, setting)
}

/** Kinds of which a student may make more than the manifests name. */
const KINDS = [
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
  { apiVersion: 'v1', kind: 'ConfigMap' },
] as const

/** What is the lab's though no manifest has its name: made by the student for it, known by label or UID. */
async function othersOfLab(setting: CleanSetting, found: readonly Found[]): Promise<Found[]> {
  const { cluster, lab, namespace, known, signal } = setting
  const have = new Set(found.map(({ uid }) => uid))
  const lists = await Promise.all(
    KINDS.map(async (kind) =>
      (await cluster.list({ ...kind, namespace }, { signal }))
        .filter((object) => belongsToLab(object, lab.id, known) && !have.has(object.metadata.uid ?? ''))
        .map((object) => foundAt({ ...kind, namespace, name: object.metadata.name }, object)),
    ),
  )
  return lists.flat()
}

/** Claims have no label of ours, since the controller makes them: they are known by the set they were made for. */
async function labClaims(
  { cluster, lab, namespace, signal }: CleanSetting,
  ours: boolean,
  found: readonly Found[],
): Promise<Found[]> {
  const { statefulSet } = lab
  if (!ours || statefulSet === null) return []
  const taken = new Set(found.map(({ uid }) => uid))
  const kind = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' } as const
  const claims = await cluster.list({ ...kind, namespace }, { signal })
  return claims
    .filter(({ metadata }) => isClaimOf(statefulSet, metadata.name) && !taken.has(metadata.uid ?? ''))
    .map((claim) => foundAt({ ...kind, namespace, name: claim.metadata.name }, claim))
}

const foundAt = (ref: ObjectRef, { metadata }: KubeObject): Found => ({ ref, uid: metadata.uid ?? '' })

const GONE_TIMEOUT_MS = 120_000
const LOOK_MS = 400

const untilGone = ({ ref, uid }: Found, setting: CleanSetting): Promise<void> =>
  until(`${ref.kind} ${ref.name}`, setting, async () => {
    const found = await setting.cluster.get(ref, setting.signal)
    return found === null || found.metadata.uid !== uid
  })

const untilNoPods = (setting: CleanSetting): Promise<void> =>
  until('the pods of the set', setting, async () => {
    const { cluster, namespace, lab, signal } = setting
    const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace }, { signal })
    return !pods.some(
      ({ metadata }) =>
        metadata.deletionTimestamp !== undefined && metadata.name.startsWith(`${lab.statefulSet ?? ''}-`),
    )
  })

async function until(
  what: string,
  { clock, signal, namespace }: CleanSetting,
  gone: () => Promise<boolean>,
): Promise<void> {
  const deadline = clock.monotonicMs() + GONE_TIMEOUT_MS
  while (!(await gone())) {
    if (signal.aborted) throw interruptedError()
    if (clock.monotonicMs() > deadline)
      throw undecidedError(
        'not-gone',
        `${what} was deleted and is still there after ${GONE_TIMEOUT_MS / 1000} s`,
        `kubectl -n ${namespace} get all,pvc shows what holds it`,
      )
    await clock.sleep(LOOK_MS, signal)
  }
}
