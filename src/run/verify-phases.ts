import type { CriterionId } from '../criteria/criterion.ts'
import type { ObjectRef } from '../ports.ts'
import type { PodFacts, StatefulSetFacts } from '../timeline/facts.ts'
import type { PhaseName } from '../timeline/observation.ts'
import { claimName, expectedPodNames, isReady, ordinalOf, podsOf, setWithUid } from '../timeline/state.ts'
import { awaitConfirmed } from './await-confirmed.ts'
import type { Awaited, Progress } from './await-state.ts'
import type { ClaimReader } from './claim-reader.ts'
import { createDiagnosis } from './diagnose.ts'
import type { DnsProbe } from './dns-probe.ts'
import type { Journal } from './journal.ts'
import { eachAtOnce, type Session } from './session.ts'

/** How many pods `verify` adds: two, so that there is an order between new pods to see. */
export const GROW_BY = 2
/** How long claims are watched after the last pod is gone, before growing back (which goes on watching them). */
const HOLD_MS = 300

/** The phases of the pass, in order, and the criteria each gives evidence to. */
export const PHASES: readonly { readonly name: PhaseName; readonly proves: readonly CriterionId[] }[] = [
  {
    name: 'baseline',
    proves: ['pod-naming', 'persistent-storage', 'storage-content', 'dns-resolution'],
  },
  { name: 'replace', proves: ['dns-resolution', 'identity-persistence'] },
  { name: 'grow', proves: ['ordered-scale-up'] },
  { name: 'shrink', proves: ['ordered-scale-down', 'pvc-retention', 'pvc-reuse', 'sequential-creation'] },
  { name: 'regrow', proves: ['sequential-creation', 'pvc-reuse', 'pvc-retention'] },
]

/** What the phases of one pass share. */
export interface Pass {
  readonly session: Session
  readonly setUid: string
  /** spec.replicas as found. */
  readonly replicas: number
  readonly revision: string | null
  /** Longest wait for one pod to become ready or to go, ms. */
  readonly podTimeoutMs: number
  readonly readyPatienceMs: number | null
  readonly reader: ClaimReader
  readonly probe: DnsProbe
  readonly journal: Journal
  readonly wants: (id: CriterionId) => boolean
}

const setRef = (namespace: string, name: string): ObjectRef => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  namespace,
  name,
})

/** The set as last seen. @throws never: a set that is gone is an interference the waits report. */
const present = (pass: Pass): StatefulSetFacts | null => setWithUid(pass.session.state, pass.setUid)

/** All pods ready; then the first readings. */
export async function readBaseline(pass: Pass): Promise<void> {
  const set = present(pass)
  if (set === null) return
  const pods = podsOf(pass.session.state, set.uid).filter(isReady)
  const content =
    pass.wants('storage-content') || pass.wants('identity-persistence') || pass.wants('pvc-reuse')
  await eachAtOnce(
    [
      () => readVolumes(pass, set, pods),
      // Without our token a reading changes nothing, and a constraint wants to know what the pods wrote.
      () => (content ? pass.reader.writeTokens(pods, set) : pass.reader.read(pods, set)),
      () => (pass.wants('dns-resolution') ? pass.probe.ask(pods, set) : Promise.resolve()),
    ],
    (work) => work(),
  )
}

/** Deletes one pod, by UID, and waits for its successor; then reads what it came back with. */
export async function replaceOne(pass: Pass): Promise<Awaited> {
  const { session } = pass
  const set = present(pass)
  const pods = podsOf(session.state, pass.setUid)
  // Not the first where there is a choice: it is often the primary, and the lab deletes the second.
  const victim = pods[1] ?? pods[0]
  if (set === null || victim === undefined)
    return { outcome: 'interfered', reason: 'the set has no pod to delete' }
  session.timeline.append({
    stream: 'run',
    type: 'action',
    action: { do: 'delete-pod', pod: victim.name, uid: victim.uid },
  })
  const awaited = await session.meter.cluster(async () => {
    await session.cluster.remove(
      { apiVersion: 'v1', kind: 'Pod', namespace: session.namespace, name: victim.name },
      { uid: victim.uid, signal: session.signal },
    )
    return awaitPods(pass, pass.replicas, 1, (state) => state.pods.get(victim.name)?.uid === victim.uid)
  })
  if (awaited.outcome !== 'reached') return awaited
  const successor = session.state.pods.get(victim.name)
  const now = present(pass)
  if (successor === undefined || now === null) return awaited
  await eachAtOnce(
    [
      () => readVolumes(pass, now, [successor]),
      () => (pass.wants('identity-persistence') ? pass.reader.read([successor], now) : Promise.resolve()),
      () =>
        pass.wants('dns-resolution')
          ? pass.probe.ask(podsOf(session.state, pass.setUid), now)
          : Promise.resolve(),
    ],
    (work) => work(),
  )
  return awaited
}

/** Two more pods. */
export const grow = (pass: Pass): Promise<Awaited> => scaleTo(pass, pass.replicas + GROW_BY)

/**
 * Down to nothing; then a short hold in which claims stay watched. A set that deletes its claims when it shrinks
 * (whenScaled: Delete) is shrunk only to where it was, so that nothing of the student's is lost.
 */
export async function shrink(pass: Pass): Promise<Awaited> {
  const deletesClaims = present(pass)?.retention?.whenScaled === 'Delete'
  const awaited = await scaleTo(pass, deletesClaims ? pass.replicas : 0)
  if (awaited.outcome !== 'reached') return awaited
  const { clock, recording, signal } = pass.session
  await clock.sleep(HOLD_MS, signal)
  // That no claim was heard to go is proof only if the watch of the claims is not behind.
  await recording.confirm(signal)
  return awaited
}

/** Back to where it was; then the last readings. */
export async function regrow(pass: Pass): Promise<Awaited> {
  const from = present(pass)?.replicas ?? pass.replicas
  const to = from === pass.replicas ? pass.replicas + GROW_BY : pass.replicas
  const awaited = await scaleTo(pass, to)
  const set = present(pass)
  if (awaited.outcome !== 'reached' || set === null) return awaited
  const pods = podsOf(pass.session.state, pass.setUid).filter((pod) => {
    const ordinal = ordinalOf(set.name, pod.name)
    return ordinal !== null && ordinal < set.startOrdinal + pass.replicas
  })
  await eachAtOnce(
    [
      () => readVolumes(pass, set, pods),
      () => (pass.wants('pvc-reuse') ? pass.reader.read(pods, set) : Promise.resolve()),
    ],
    (work) => work(),
  )
  return awaited
}

async function scaleTo(pass: Pass, to: number): Promise<Awaited> {
  const { session, journal } = pass
  const set = present(pass)
  if (set === null) return { outcome: 'interfered', reason: 'the StatefulSet is gone' }
  if (set.replicas !== journal.entry.asked)
    return { outcome: 'interfered', reason: `somebody else scaled the set to ${set.replicas} meanwhile` }
  await journal.ask(to, session.signal)
  session.timeline.append({
    stream: 'run',
    type: 'action',
    action: { do: 'scale', set: set.name, from: set.replicas, to },
  })
  return session.meter.cluster(async () => {
    await session.cluster.scale(setRef(session.namespace, set.name), to, session.signal)
    return awaitPods(pass, to, Math.max(1, Math.abs(to - set.replicas)), () => false, set.replicas)
  })
}

/**
 * Waits until the set has exactly `replicas` ready pods and its controller says so too (observedGeneration), so
 * that the next request does not meet a controller that still works on this one.
 *
 * @param moves how many pods come or go: each has the pod timeout and its grace period.
 * @param notYet what must have changed besides, e.g. the old pod must be gone.
 * @param from the replicas before our request: any others but these two are somebody else's.
 */
export function awaitPods(
  pass: Pick<Pass, 'session' | 'setUid' | 'podTimeoutMs' | 'readyPatienceMs' | 'revision'>,
  replicas: number,
  moves: number,
  notYet: (state: Session['state']) => boolean,
  from: number = replicas,
): Promise<Awaited> {
  const { session } = pass
  const { state } = session
  const diagnose = createDiagnosis(session, pass.readyPatienceMs)
  const found = setWithUid(state, pass.setUid)
  const allowed = new Set([from, replicas])
  let arrived = false
  const judge = (): Progress => {
    const set = setWithUid(state, pass.setUid)
    if (set === null || set.deletionTimestamp !== null)
      return interference('the StatefulSet was deleted while it was being verified')
    if (!allowed.has(set.replicas) || (arrived && set.replicas !== replicas))
      return interference(`somebody else scaled the set to ${set.replicas} meanwhile`)
    if (
      pass.revision !== null &&
      set.status.updateRevision !== null &&
      set.status.updateRevision !== pass.revision
    )
      return interference('the pod template was changed while the set was being verified')
    if (set.replicas !== replicas) return { done: false, reason: `the set to be scaled to ${replicas}` }
    arrived = true
    if (notYet(state)) return { done: false, reason: 'the deleted pod to be gone' }
    return podProgress(session, set, replicas, diagnose)
  }
  const grace = found?.gracePeriodSeconds ?? 30
  const timeoutMs = moves * (pass.podTimeoutMs + grace * 1000)
  return awaitConfirmed(session, judge, timeoutMs)
}

function podProgress(
  session: Session,
  set: StatefulSetFacts,
  replicas: number,
  diagnose: ReturnType<typeof createDiagnosis>,
): Progress {
  const { state } = session
  const names = new Set(expectedPodNames({ ...set, replicas }))
  const extra = podsOf(state, set.uid)
    .filter((pod) => !names.has(pod.name))
    .at(-1)
  if (extra !== undefined) return { done: false, reason: `${extra.name} to be gone${slowness(extra)}` }
  const missing = [...names].find((name) => {
    const pod = state.pods.get(name)
    return pod === undefined || pod.controller?.uid !== set.uid || !isReady(pod)
  })
  if (missing !== undefined) {
    const diagnosis = diagnose(state, set)
    const reason = diagnosis?.reason ?? `${missing} to be ready`
    return { done: false, reason, hopeless: diagnosis?.hopeless ? diagnosis.reason : undefined }
  }
  const { observedGeneration, generation, status } = set
  if (observedGeneration < generation || status.replicas !== replicas || status.readyReplicas !== replicas)
    return { done: false, reason: 'the controller to take note' }
  return { done: true }
}

const interference = (reason: string): Progress => ({ done: false, reason, interfered: reason })

/** Worth a word only where the grace period is felt. */
const slowness = (pod: PodFacts): string =>
  pod.deletionTimestamp !== null && pod.gracePeriodSeconds >= 10
    ? ` (it may take ${pod.gracePeriodSeconds} s to end)`
    : ''

async function readVolumes(pass: Pass, set: StatefulSetFacts, pods: readonly PodFacts[]): Promise<void> {
  const { session } = pass
  const claims = pods.flatMap((pod) =>
    set.claimTemplates.flatMap(
      (template) => session.state.claims.get(claimName(template.name, pod.name)) ?? [],
    ),
  )
  await eachAtOnce(claims, async (claim) => {
    if (claim.volumeName === null) return
    const volume = await session.cluster
      .get({ apiVersion: 'v1', kind: 'PersistentVolume', name: claim.volumeName }, session.signal)
      .catch(() => null) // volumes are cluster-wide: a student may not be allowed to read them
    session.timeline.append({
      stream: 'run',
      type: 'reading',
      reading: {
        read: 'volume',
        claim: claim.name,
        claimUid: claim.uid,
        volume: claim.volumeName,
        volumeUid: volume?.metadata.uid ?? null,
      },
    })
  })
}
