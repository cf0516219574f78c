import type { CriterionId } from '../criteria/criterion.ts'
import { LabError, usageError } from '../errors.ts'
import type { StatefulSetFacts } from '../timeline/facts.ts'
import { createClaimReader } from './claim-reader.ts'
import { requireCleanUpRights } from './clean-up-rights.ts'
import { createDnsProbe } from './dns-probe.ts'
import { type Journal, openJournal } from './journal.ts'
import { createProbePod } from './probe-pod.ts'
import { recover, restore } from './restore.ts'
import { mark, runPhases, TEXT } from './run-phases.ts'
import { openSession, type Session } from './session.ts'
import type { Verification, VerifyDependencies, VerifyOptions } from './verify-contract.ts'
import { GROW_BY, type Pass, PHASES } from './verify-phases.ts'
import { toResult } from './verify-result.ts'

const DEFAULT_POD_TIMEOUT_MS = 120_000
const RESTORE_WAIT_MS = 90_000

/**
 * Gathers the evidence for all ten criteria in one pass over a set, puts the set back as it was, then judges.
 * A failure on the way ends the pass, not the verdict: what could not be seen is inconclusive with the reason.
 *
 * @throws LabError where there is nothing to judge: cluster unreachable at the start, several sets and none named,
 *   another run at work.
 */
export async function verify(
  options: VerifyOptions,
  dependencies: VerifyDependencies,
): Promise<Verification> {
  const { cluster, clock, listener, signal, runId } = dependencies
  const startedAt = clock.now().toISOString()
  const { namespace, probeImage } = options
  const tell = (reason: string | null): void => listener.waiting(reason)
  const [identity, session] = await Promise.all([
    cluster.identity(signal),
    openSession({ cluster, clock, namespace, runId, probeImage, signal, tell, recordsOn: true }),
  ])
  const { timeline, recording, meter } = session
  let leftovers: readonly string[] = []
  let failure: LabError | null = null
  let set: StatefulSetFacts | null = null
  try {
    const recovered = await recover(session, dependencies.self, RESTORE_WAIT_MS)
    for (const name of recovered.sets)
      listener.say(
        `An earlier run was cut off: StatefulSet ${name} has been put back as that run had found it.`,
      )
    // So that a namespace in which there is nothing at all does not look like one that was never looked at.
    timeline.append({
      stream: 'run',
      type: 'action',
      action: { do: 'other', what: `listed namespace ${options.namespace}` },
    })
    set = chooseSet(session, options)
    if (set === null && !(await namespaceExists(session)))
      listener.say(`There is no namespace ${options.namespace}. Name another with --namespace.`)
    listener.attach(timeline, {
      namespace: options.namespace,
      name: set?.name ?? null,
      uid: set?.uid ?? null,
    })
    if (set === null) leftovers = recovered.leftovers
    else {
      const end = await examine(session, set, options, dependencies, recovered.runs)
      leftovers = end.leftovers
      if (end.problem !== null) throw end.problem
    }
  } catch (error) {
    if (!(error instanceof LabError) || error.kind === 'usage') throw error
    failure = error
    // Cut short before it came to that: what there is, is there all the same.
    set ??= chooseSet(session, options)
  } finally {
    await recording.stop()
  }
  if (failure !== null && failure.code === 'busy') throw failure
  const result = toResult({ options, dependencies, identity, set, startedAt, failure, timeline, meter })
  return {
    result,
    observations: timeline.observations,
    leftovers,
    interrupted: signal.aborted,
  }
}

async function namespaceExists({ cluster, namespace, signal }: Session): Promise<boolean> {
  const found = await cluster
    .get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, signal)
    .catch(() => 'not ours to read')
  return found !== null
}

/** @returns null when there is no set at all: that is judged, not refused. */
function chooseSet(session: Session, options: VerifyOptions): StatefulSetFacts | null {
  const sets = [...session.state.statefulsets.values()].filter((set) => set.deletionTimestamp === null)
  const names = sets.map((set) => set.name).join(', ')
  if (options.statefulSet !== undefined) {
    const named = session.state.statefulsets.get(options.statefulSet) ?? null
    if (named === null && sets.length > 0)
      throw usageError(
        'unknown-statefulset',
        `there is no StatefulSet ${options.statefulSet} in namespace ${options.namespace}`,
        `there is: ${names}; name one with --statefulset`,
      )
    return named
  }
  if (sets.length > 1)
    throw usageError(
      'several-statefulsets',
      `namespace ${options.namespace} has ${sets.length} StatefulSets: ${names}`,
      `name the one to verify: sts-lab verify --statefulset ${sets[0]?.name ?? 'NAME'}`,
    )
  return sets[0] ?? null
}

/** The pass itself, and the way back. @returns what could not be put back, and what ended the pass early. */
async function examine(
  session: Session,
  set: StatefulSetFacts,
  options: VerifyOptions,
  dependencies: VerifyDependencies,
  earlierRuns: readonly string[],
): Promise<{ readonly leftovers: readonly string[]; readonly problem: unknown }> {
  const { clock, self, listener } = dependencies
  const wants = (id: CriterionId) => options.only === null || options.only.includes(id)
  const phases = PHASES.filter((phase) => phase.name === 'baseline' || phase.proves.some(wants)).map(
    (phase) => phase.name,
  )
  const reader = createClaimReader(session)
  const probe = createDnsProbe(session, createProbePod(session))
  const growBy = phases.includes('grow') || set.retention?.whenScaled === 'Delete' ? GROW_BY : 0
  await requireCleanUpRights(session, growBy > 0)
  const open = (): Promise<Journal> =>
    openJournal(session.cluster, clock, self, {
      namespace: session.namespace,
      runId: session.runId,
      set,
      growBy,
      claims: session.state.claims.keys(),
      signal: session.signal,
    })
  // Opened before the first wait already: from here on nobody else may work on the set.
  const journal = await open()
  let closed = false
  let problem: unknown = null
  try {
    if (wants('dns-resolution') && set.replicas > 0) void probe.ready()
    const pass: Pass = {
      session,
      setUid: set.uid,
      replicas: set.replicas,
      revision: set.status.updateRevision,
      podTimeoutMs: options.podTimeoutMs ?? DEFAULT_POD_TIMEOUT_MS,
      readyPatienceMs: options.podTimeoutMs ?? null,
      reader,
      probe,
      journal,
      wants,
    }
    await runPhases(pass, phases, options.keepGoing, listener)
  } catch (error) {
    problem = error
  }
  const cleanup: Session = { ...session, signal: dependencies.cleanupSignal() }
  listener.phase('restore', TEXT.restore ?? '')
  session.timeline.append(mark('restore', 'begin'))
  let leftovers: readonly string[] = []
  try {
    leftovers = await restore(cleanup, journal.entry, RESTORE_WAIT_MS, {
      written: wroteTokens(session),
      earlierRuns,
    })
    await journal.close(cleanup.signal)
    closed = true
  } catch (error) {
    leftovers = [
      `StatefulSet ${set.name} could not be put back: ${error instanceof Error ? error.message : String(error)}`,
    ]
    if (error instanceof LabError) problem ??= error
    else problem = error
  }
  session.timeline.append(
    mark(
      'restore',
      'end',
      closed
        ? { outcome: 'reached', reason: null }
        : { outcome: 'lost', reason: leftovers[0] ?? 'not put back' },
    ),
  )
  return { leftovers, problem }
}

const wroteTokens = (session: Session): boolean =>
  session.timeline.observations.some(
    (observation) => observation.type === 'action' && observation.action.do === 'write-token',
  )
