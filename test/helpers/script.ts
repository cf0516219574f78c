import type { ClaimFacts, PodFacts, StatefulSetFacts } from '../../src/timeline/facts.ts'
import type {
  ActionMark,
  ChangeType,
  FileReading,
  Observation,
  PhaseName,
  PhaseOutcome,
  Reading,
  StreamName,
  Unplaced,
} from '../../src/timeline/observation.ts'
import { aClaim, aPod, aService, aSet, NAMESPACE, SERVICE, SET, TEMPLATE } from './builders.ts'

/**
 * Writes a recording as a story: `script.begin('grow').scale(3, 5).comesUp(3).comesUp(4).end('grow')`.
 * It keeps the pods, claims and set it has told of, so that each step needs only what changes. Every
 * observation is 100 ms after the one before.
 */
export class Script {
  readonly observations: Observation[] = []
  readonly #pods = new Map<number, PodFacts>()
  readonly #lives = new Map<number, number>()
  readonly #claims = new Map<number, ClaimFacts>()
  #set: StatefulSetFacts

  constructor(set: Partial<StatefulSetFacts> = {}) {
    this.#set = aSet(set)
  }

  /** Position of the last observation. */
  get seq(): number {
    return this.observations.length
  }

  add(unplaced: Unplaced): this {
    const seq = this.observations.length + 1
    const at = new Date(Date.UTC(2026, 0, 1) + seq * 100).toISOString()
    this.observations.push({ seq, at, ...unplaced } as Observation)
    return this
  }

  // ---- the cluster

  /** What the streams list at the start: the service, the set and its first `pods` pods, ready. */
  lists(pods = 0): this {
    this.add({ stream: 'services', type: 'listed', object: aService() })
    this.set('listed')
    for (let ordinal = 0; ordinal < pods; ordinal++) {
      this.claim(ordinal, 'listed')
      this.pod(ordinal, 'listed', { ready: true })
    }
    return this
  }

  set(type: ChangeType = 'modified', facts: Partial<StatefulSetFacts> = {}): this {
    this.#set = { ...this.#set, ...facts }
    return this.add({ stream: 'statefulsets', type, object: this.#set })
  }

  /** A change of a pod; 'added' and a first 'listed' begin a new life. */
  pod(ordinal: number, type: ChangeType, facts: Partial<PodFacts> & { terminating?: boolean } = {}): this {
    const known = this.#pods.get(ordinal)
    const begins = type === 'added' || known === undefined
    const life = (this.#lives.get(ordinal) ?? 0) + (begins ? 1 : 0)
    this.#lives.set(ordinal, life)
    const kept = begins ? {} : { ready: known.ready, terminating: known.deletionTimestamp !== null }
    const pod = aPod({ ordinal, life, ...kept, ...facts })
    if (type === 'deleted' || type === 'vanished') this.#pods.delete(ordinal)
    else this.#pods.set(ordinal, pod)
    return this.add({ stream: 'pods', type, object: pod })
  }

  claim(ordinal: number, type: ChangeType, facts: Partial<ClaimFacts> = {}): this {
    const claim = { ...(this.#claims.get(ordinal) ?? aClaim({ ordinal })), ...facts }
    if (type === 'deleted' || type === 'vanished') this.#claims.delete(ordinal)
    else this.#claims.set(ordinal, claim)
    return this.add({ stream: 'claims', type, object: claim })
  }

  /** A pod is created (its claim too, the first time) and becomes ready. */
  comesUp(ordinal: number): this {
    if (!this.#claims.has(ordinal)) {
      this.claim(ordinal, 'added', { phase: 'Pending', volumeName: null, capacityBytes: null })
      this.claim(ordinal, 'modified', aClaim({ ordinal }))
    }
    return this.pod(ordinal, 'added').pod(ordinal, 'modified', { ready: true })
  }

  /** A pod terminates and is gone. */
  goes(ordinal: number): this {
    return this.pod(ordinal, 'modified', { terminating: true }).pod(ordinal, 'deleted')
  }

  gap(stream: StreamName, reason = '410 Gone'): this {
    return this.add({ stream, type: 'gap', reason })
  }

  /** It is found out that the stream had lost something after `since`. */
  missed(stream: StreamName, since: number): this {
    return this.add({ stream, type: 'gap', reason: 'something was lost', since })
  }

  // ---- the run

  begin(phase: PhaseName): this {
    return this.add({ stream: 'run', type: 'phase', phase, boundary: 'begin', outcome: null, reason: null })
  }

  end(phase: PhaseName, outcome: PhaseOutcome = 'reached', reason: string | null = null): this {
    return this.add({ stream: 'run', type: 'phase', phase, boundary: 'end', outcome, reason })
  }

  did(action: ActionMark['action']): this {
    return this.add({ stream: 'run', type: 'action', action })
  }

  read(reading: Reading): this {
    return this.add({ stream: 'run', type: 'reading', reading })
  }

  scale(from: number, to: number): this {
    return this.did({ do: 'scale', set: SET, from, to }).set('modified', { replicas: to })
  }

  deletes(ordinal: number): this {
    return this.did({ do: 'delete-pod', pod: `${SET}-${ordinal}`, uid: this.#pods.get(ordinal)?.uid ?? '' })
  }

  writesToken(ordinal: number): this {
    const pod = `${SET}-${ordinal}`
    return this.did({ do: 'write-token', pod, claim: `${TEMPLATE}-${pod}`, token: `token ${pod}` })
  }

  /** What is read from the claim of a pod: by default a file that names it, and our token. */
  content(ordinal: number, facts: Partial<Extract<Reading, { read: 'content' }>> = {}): this {
    const pod = `${SET}-${ordinal}`
    return this.read({
      read: 'content',
      pod,
      podUid: this.#pods.get(ordinal)?.uid ?? '',
      claim: `${TEMPLATE}-${pod}`,
      template: TEMPLATE,
      tokens: { [`.sts-lab-token-${pod}`]: `token ${pod}\n` },
      files: [aFile({ text: `this is ${pod}\n` })],
      fileCount: 1,
      partial: false,
      via: 'exec in container app',
      ...facts,
    })
  }

  /** The right answers for these pods and for the service name. */
  dns(ordinals: readonly number[], facts: Partial<Extract<Reading, { read: 'dns' }>> = {}): this {
    for (const ordinal of ordinals) this.dnsOf(ordinal, facts)
    const addresses = [...this.#pods.values()].filter((pod) => pod.ready).flatMap((pod) => pod.ips)
    return this.read({ ...this.#answer(null, addresses), ...facts })
  }

  dnsOf(ordinal: number, facts: Partial<Extract<Reading, { read: 'dns' }>> = {}): this {
    const pod = this.#pods.get(ordinal)
    const answer = this.#answer(`${SET}-${ordinal}`, pod?.ips ?? [])
    return this.read({ ...answer, podUid: pod?.uid ?? null, ...facts })
  }

  /** What the service name resolves to. */
  dnsService(addresses: readonly string[]): this {
    return this.read(this.#answer(null, addresses))
  }

  #answer(pod: string | null, addresses: readonly string[]): Extract<Reading, { read: 'dns' }> {
    const service = `${SERVICE}.${NAMESPACE}.svc.cluster.local`
    return {
      read: 'dns',
      name: pod === null ? service : `${pod}.${service}`,
      pod,
      podUid: null,
      from: 'probe',
      status: 'answered',
      addresses,
      expected: addresses,
      text: '',
      final: true,
    }
  }

  volume(ordinal: number, volumeUid: string | null = `uid-of-pv-${ordinal}`): this {
    const claim = this.#claims.get(ordinal) ?? aClaim({ ordinal })
    return this.read({
      read: 'volume',
      claim: claim.name,
      claimUid: claim.uid,
      volume: claim.volumeName ?? '',
      volumeUid,
    })
  }
}

export function aFile(facts: Partial<FileReading> = {}): FileReading {
  const text = facts.text ?? 'text\n'
  return {
    path: 'id.txt',
    sizeBytes: text.length,
    modified: '1700000000.25',
    text,
    truncated: false,
    ...facts,
  }
}
