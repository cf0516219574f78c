import type { PodFacts, StatefulSetFacts } from '../timeline/facts.ts'
import { expectedPodNames, isReady, ordinalOf, podsOf, setWithUid } from '../timeline/state.ts'
import { awaitState, type Progress } from './await-state.ts'
import { createClaimReader } from './claim-reader.ts'
import { createDiagnosis } from './diagnose.ts'
import type { Self } from './holder.ts'
import { abandonedJournals, type JournalEntry, removeJournal } from './journal.ts'
import { removeLeftoverPods } from './leftover-pods.ts'
import { eachAtOnce, type Session } from './session.ts'

/** How long the watch may take to tell of our own request. */
const NEWS_WAIT_MS = 5_000

/** What could not be put back, in sentences; empty when all is as it was found. */
export type Leftovers = readonly string[]

/**
 * Puts a set back as a run found it: replicas, our tokens, the claims that only our growth created, our helper
 * pods. Safe to repeat. `session.signal` must be the clean-up's own, not the interrupted one.
 *
 * @param tokens whether this run wrote any, and earlier runs whose tokens could not be removed then.
 * @param waitMs how long the pods may take to come back; without them the tokens cannot be reached.
 */
export async function restore(
  session: Session,
  entry: JournalEntry,
  waitMs: number,
  tokens: { readonly written: boolean; readonly earlierRuns: readonly string[] } = {
    written: true,
    earlierRuns: [],
  },
): Promise<Leftovers> {
  const { cluster, namespace, state, signal, clock, timeline, recording } = session
  const leftovers: string[] = []
  const set = setWithUid(state, entry.setUid)
  if (set !== null && set.deletionTimestamp === null) {
    const replicas = await replicasNow(session, set)
    if (replicas === entry.asked || replicas === entry.askedBefore) {
      if (replicas !== entry.replicas) await scaleBack(session, set, replicas, entry.replicas)
    } else if (replicas !== entry.replicas) {
      leftovers.push(
        `StatefulSet ${set.name} was scaled to ${replicas} by somebody else meanwhile and is left so (it had ${entry.replicas})`,
      )
    }
    if (tokens.written || tokens.earlierRuns.length > 0) {
      const diagnose = createDiagnosis(session)
      const back = await session.meter.cluster(() =>
        awaitState(timeline, clock, {
          state,
          timeoutMs: waitMs,
          signal,
          recording,
          tell: session.tell,
          judge: () => settled(session, entry, diagnose),
        }),
      )
      if (back.outcome !== 'reached')
        leftovers.push(`StatefulSet ${set.name} is not back to ${entry.replicas} ready pods: ${back.reason}`)
      for (const run of [entry.run, ...tokens.earlierRuns])
        if (!(await removeTokens(session, run, entry)))
          leftovers.push(`files named .sts-lab-${run}-… may be left on claims of ${set.name}`)
    }
  }
  await eachAtOnce(entry.addedClaims, (claim) => removeAddedClaim(session, entry, claim))
  await removeLeftoverPods(cluster, namespace, [entry.run], signal)
  return leftovers
}

/** Asked for, since the watch may not have told yet of a request that was cut off just now. */
async function replicasNow({ cluster, namespace, signal }: Session, set: StatefulSetFacts): Promise<number> {
  const found = await cluster.get(
    { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace, name: set.name },
    signal,
  )
  const spec =
    found?.metadata.uid === set.uid ? (found.spec as { replicas?: unknown } | undefined) : undefined
  return typeof spec?.replicas === 'number' ? spec.replicas : set.replicas
}

/** Returns when the watch has told of it: which claims are wanted depends on it. */
async function scaleBack(session: Session, set: StatefulSetFacts, from: number, to: number): Promise<void> {
  const { cluster, namespace, state, signal, clock, timeline, recording } = session
  timeline.append({ stream: 'run', type: 'action', action: { do: 'scale', set: set.name, from, to } })
  await cluster.scale({ apiVersion: 'apps/v1', kind: 'StatefulSet', namespace, name: set.name }, to, signal)
  await awaitState(timeline, clock, {
    state,
    timeoutMs: NEWS_WAIT_MS,
    signal,
    recording,
    judge: () => {
      const now = setWithUid(state, set.uid)
      return now === null || now.replicas === to
        ? { done: true }
        : { done: false, reason: `${set.name} to be scaled back` }
    },
  })
}

/** What was found of killed runs. */
export interface Recovery {
  readonly sets: readonly string[]
  /** Runs whose tokens may still be on claims. */
  readonly runs: readonly string[]
  readonly leftovers: Leftovers
}

/** Repairs what killed runs left in this namespace. */
export async function recover(session: Session, self: Self, waitMs: number): Promise<Recovery> {
  const { cluster, clock, namespace, signal } = session
  const entries = await abandonedJournals(cluster, clock, self, namespace, signal)
  const leftovers: string[] = []
  const runs: string[] = []
  for (const entry of entries) {
    const left = await restore(session, entry, waitMs)
    leftovers.push(...left)
    if (left.length > 0) runs.push(entry.run)
    await removeJournal(cluster, namespace, entry.set, signal)
  }
  return { sets: entries.map((entry) => entry.set), runs, leftovers }
}

function settled(
  session: Session,
  entry: JournalEntry,
  diagnose: ReturnType<typeof createDiagnosis>,
): Progress {
  const set = setWithUid(session.state, entry.setUid)
  if (set === null) return { done: true }
  const missing = expectedPodNames({ ...set, replicas: entry.replicas }).find((name) => {
    const pod = session.state.pods.get(name)
    return pod === undefined || !isReady(pod)
  })
  if (missing === undefined) {
    const names = expectedPodNames({ ...set, replicas: Math.max(set.replicas, entry.replicas) })
    // A pod of ours that has not gone yet still holds its claim.
    const extra = podsOf(session.state, set.uid).find((pod) => !names.includes(pod.name))
    return extra === undefined ? { done: true } : { done: false, reason: `${extra.name} to be gone` }
  }
  const reason = `${missing} to be ready again`
  const diagnosis = diagnose(session.state, set)
  return { done: false, reason, hopeless: diagnosis?.hopeless ? diagnosis.reason : undefined }
}

async function removeTokens(session: Session, run: string, entry: JournalEntry): Promise<boolean> {
  const set = setWithUid(session.state, entry.setUid)
  if (set === null) return true
  const pods = runningPods(session, set)
  const reader = createClaimReader({ ...session, runId: run })
  const removed = await reader.removeTokens(pods, set, session.signal)
  await reader.dispose(session.signal)
  // Not of the set as last seen: news of our own scaling back may still be on its way.
  const names = expectedPodNames({ ...set, replicas: Math.max(set.replicas, entry.replicas) })
  return removed && names.every((name) => pods.some((pod) => pod.name === name))
}

const runningPods = (session: Session, set: StatefulSetFacts): PodFacts[] =>
  [...session.state.pods.values()].filter(
    (pod) => pod.controller?.uid === set.uid && pod.deletionTimestamp === null && pod.phase === 'Running',
  )

/** Only a claim that no pod the set should have uses, and only the object we saw. */
async function removeAddedClaim(session: Session, entry: JournalEntry, name: string): Promise<void> {
  const { cluster, namespace, signal, state } = session
  const claim = state.claims.get(name)
  if (claim === undefined) return
  const set = setWithUid(state, entry.setUid)
  const inUse = [...state.pods.values()].some(
    (pod) => pod.deletionTimestamp === null && pod.claims.some((used) => used.claim === name),
  )
  if (inUse && set !== null && isExpected(set, name)) return
  await cluster.remove(
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name },
    { uid: claim.uid, signal },
  )
}

/** The set, as it is scaled now, wants the pod that this claim belongs to. */
function isExpected(set: StatefulSetFacts, claim: string): boolean {
  return set.claimTemplates.some((template) => {
    const prefix = `${template.name}-`
    if (!claim.startsWith(prefix)) return false
    const ordinal = ordinalOf(set.name, claim.slice(prefix.length))
    return ordinal !== null && ordinal < set.startOrdinal + set.replicas
  })
}
