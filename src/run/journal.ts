import { LabError, undecidedError } from '../errors.ts'
import type { Clock, Cluster, KubeObject, ObjectRef } from '../ports.ts'
import type { StatefulSetFacts } from '../timeline/facts.ts'
import { claimName } from '../timeline/state.ts'
import { type Holder, holderNow, isAbandoned, type Self } from './holder.ts'
import { MANAGED_LABELS, RUN_LABEL } from './session.ts'

/** Marks the ConfigMaps that journals are. */
const JOURNAL_LABEL = 'sts-lab.dev/journal'
/** What must be put back, kept in the cluster itself from before the first change, so that it survives kill -9. */
export interface JournalEntry extends Holder {
  readonly run: string
  readonly set: string
  readonly setUid: string
  /** The replicas to go back to. */
  readonly replicas: number
  /** The replicas we last asked for; when the set has others, somebody else changed it since and we leave it. */
  readonly asked: number
  /** What we had asked for before that: the set still has it when the latest request never arrived. */
  readonly askedBefore?: number
  /** Claims that were not there before and that only our own growth can have created. */
  readonly addedClaims: readonly string[]
}

export interface Journal {
  readonly entry: JournalEntry
  /** Write before scaling. */
  ask(replicas: number, signal: AbortSignal): Promise<void>
  /** Everything is as it was. */
  close(signal: AbortSignal): Promise<void>
}

const refOf = (namespace: string, set: string): ObjectRef => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace,
  name: `sts-lab-verify-${set}`,
})

/**
 * Opens the journal of a run; it is the lock too, so two runs never work on one set at once.
 *
 * @throws LabError 'busy' when another run has it.
 */
export async function openJournal(
  cluster: Cluster,
  clock: Clock,
  self: Self,
  options: {
    readonly namespace: string
    readonly runId: string
    readonly set: StatefulSetFacts
    readonly growBy: number
    /** Names of the claims that are there now. */
    readonly claims: Iterable<string>
    readonly signal: AbortSignal
  },
): Promise<Journal> {
  const { namespace, runId, set, growBy, signal } = options
  const present = new Set(options.claims)
  const first = set.startOrdinal + set.replicas
  const addedClaims = Array.from({ length: growBy }, (_, index) => `${set.name}-${first + index}`)
    .flatMap((pod) => set.claimTemplates.map((template) => claimName(template.name, pod)))
    .filter((claim) => !present.has(claim))
  let entry: JournalEntry = {
    run: runId,
    ...holderNow(self, clock),
    set: set.name,
    setUid: set.uid,
    replicas: set.replicas,
    asked: set.replicas,
    addedClaims,
  }
  const ref = refOf(namespace, set.name)
  try {
    await cluster.create(
      {
        apiVersion: ref.apiVersion,
        kind: ref.kind,
        metadata: {
          name: ref.name,
          namespace,
          labels: { ...MANAGED_LABELS, [JOURNAL_LABEL]: 'verify', [RUN_LABEL]: runId },
        },
        data: { entry: JSON.stringify(entry) },
      },
      signal,
    )
  } catch (error) {
    if (error instanceof LabError && error.code === 'already-exists')
      throw undecidedError(
        'busy',
        `another sts-lab verify works on StatefulSet ${set.name} in namespace ${namespace}`,
        `wait for it to end; if it was killed, run: sts-lab clean --namespace ${namespace}`,
        error,
      )
    throw error
  }
  return {
    get entry() {
      return entry
    },
    async ask(replicas, askSignal) {
      entry = { ...entry, asked: replicas, askedBefore: entry.asked, writtenAt: clock.now().toISOString() }
      await cluster.patch(ref, { data: { entry: JSON.stringify(entry) } }, askSignal)
    },
    async close(closeSignal) {
      await cluster.remove(ref, { signal: closeSignal })
    },
  }
}

/** The journals in a namespace whose runs are over: killed, or cut off from the cluster. */
export async function abandonedJournals(
  cluster: Cluster,
  clock: Clock,
  self: Self,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly JournalEntry[]> {
  const found = await cluster.list(
    { apiVersion: 'v1', kind: 'ConfigMap', namespace },
    { labelSelector: `${JOURNAL_LABEL}=verify`, signal },
  )
  return found
    .map(parseEntry)
    .filter((entry) => entry !== null && isAbandoned(entry, clock, self)) as JournalEntry[]
}

/** Removes the journal of a run that has been put right. */
export async function removeJournal(
  cluster: Cluster,
  namespace: string,
  set: string,
  signal: AbortSignal,
): Promise<void> {
  await cluster.remove(refOf(namespace, set), { signal })
}

function parseEntry(object: KubeObject): JournalEntry | null {
  const data = object.data as Record<string, string> | undefined
  try {
    const entry = JSON.parse(data?.entry ?? '') as JournalEntry
    return typeof entry.run === 'string' &&
      typeof entry.setUid === 'string' &&
      Array.isArray(entry.addedClaims)
      ? entry
      : null
  } catch {
    return null // not written by us, whatever its label says
  }
}
