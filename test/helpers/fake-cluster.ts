import type { Cluster, KubeObject, ManifestDocument, ObjectRef, Recording } from '../../src/ports.ts'
import type { ServiceFacts, StatefulSetFacts } from '../../src/timeline/facts.ts'
import type { ChangeType, Unplaced } from '../../src/timeline/observation.ts'
import type { Timeline } from '../../src/timeline/timeline.ts'
import { aClaim, aPod, aService, aSet, NAMESPACE, SERVICE, SET, SET_UID } from './builders.ts'

/** How the pods of the one set behave. `stuck`: the image cannot be pulled. `still`: the controller does nothing. */
export type Behaviour = 'ordered' | 'parallel' | 'stuck' | 'still'

/**
 * A cluster with one namespace, one service and one set named as the builders name them. Strict: a method or an
 * object that a test did not count on throws.
 */
export class FakeCluster implements Cluster {
  behaviour: Behaviour = 'ordered'
  /** What was asked of the cluster, in order: `apply StatefulSet/web`, `scale 3` … */
  readonly calls: string[] = []
  openRecordings = 0
  #namespace: KubeObject | null = null
  #service: KubeObject | null = null
  #set: StatefulSetFacts | null = null
  readonly #pods = new Map<number, { life: number; ready: boolean }>()
  readonly #claims = new Set<number>()
  #lives = 0
  readonly #timelines = new Set<Timeline>()

  // ---- what a test sets up, or a student does elsewhere

  hasNamespace(labels: Readonly<Record<string, string>> = {}): this {
    this.#namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: NAMESPACE, uid: 'ns-1', labels },
    }
    return this
  }

  hasService(labels: Readonly<Record<string, string>> = {}, facts: Partial<ServiceFacts> = {}): this {
    const uid = `svc-${this.#lives++}`
    this.#service = { apiVersion: 'v1', kind: 'Service', metadata: { name: SERVICE, uid, labels } }
    this.#tell('added', { stream: 'services', object: aService({ ...facts, uid, labels }) })
    return this
  }

  hasSet(replicas: number): this {
    this.#set = aSet({ replicas: 0, labels: { 'sts-lab.dev/lab': 'tiny' } })
    this.#tell('added', { stream: 'statefulsets', object: this.#set })
    this.#scaleTo(replicas)
    return this
  }

  studentScales(replicas: number): void {
    this.#scaleTo(replicas)
  }

  get replicas(): number | null {
    return this.#set?.replicas ?? null
  }

  // ---- the port

  async record({ timeline }: { readonly timeline: Timeline }): Promise<Recording> {
    this.openRecordings += 1
    if (this.#service !== null) timeline.append({ stream: 'services', type: 'listed', object: aService() })
    if (this.#set !== null) timeline.append({ stream: 'statefulsets', type: 'listed', object: this.#set })
    for (const ordinal of this.#claims)
      timeline.append({ stream: 'claims', type: 'listed', object: aClaim({ ordinal }) })
    for (const [ordinal, { life, ready }] of this.#pods)
      timeline.append({ stream: 'pods', type: 'listed', object: aPod({ ordinal, life, ready }) })
    this.#timelines.add(timeline)
    return {
      lostForMs: () => 0,
      confirm: async () => true,
      stop: async () => {
        this.openRecordings -= 1
        this.#timelines.delete(timeline)
      },
    }
  }

  async apply(documents: readonly ManifestDocument[]) {
    for (const { object } of documents) {
      this.calls.push(`apply ${object.kind}/${object.metadata.name}`)
      if (object.kind === 'Namespace') this.hasNamespace({ 'sts-lab.dev/lab': 'tiny' })
      else if (object.kind === 'Service') this.hasService({ 'sts-lab.dev/lab': 'tiny' })
      else if (object.kind === 'StatefulSet') this.hasSet(2)
      else throw new Error(`nobody applies a ${object.kind}`)
    }
    return []
  }

  async get(ref: ObjectRef): Promise<KubeObject | null> {
    if (ref.kind === 'Namespace') return this.#namespace
    if (ref.kind === 'Service') return this.#service
    if (ref.kind === 'StatefulSet' && this.#set !== null) {
      const { name, uid, labels } = this.#set
      return { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name, uid, labels } }
    }
    return null
  }

  async list(): Promise<readonly KubeObject[]> {
    return []
  }

  async scale(_ref: ObjectRef, replicas: number): Promise<void> {
    this.calls.push(`scale ${replicas}`)
    this.#scaleTo(replicas)
  }

  async remove(ref: ObjectRef): Promise<'deleting'> {
    this.calls.push(`delete ${ref.kind}/${ref.name}`)
    if (ref.kind !== 'StatefulSet' || this.#set === null)
      throw new Error(`nobody deletes ${ref.kind}/${ref.name}`)
    for (const ordinal of [...this.#pods.keys()]) this.#removePod(ordinal)
    this.#tell('deleted', { stream: 'statefulsets', object: this.#set })
    this.#set = null
    return 'deleting'
  }

  pace = async () => 1
  identity = unexpected('identity')
  create = unexpected('create')
  patch = unexpected('patch')
  exec = unexpected('exec')
  logs = unexpected('logs')
  canI = unexpected('canI')
  close(): void {}

  // ---- a controller that needs no time

  #scaleTo(replicas: number): void {
    if (this.#set === null) throw new Error('there is no set to scale')
    this.#changeSet({ replicas, generation: this.#set.generation + 1 })
    if (this.behaviour === 'still') return
    for (const ordinal of [...this.#pods.keys()].sort((a, b) => b - a))
      if (ordinal >= replicas) this.#removePod(ordinal)
    const missing = Array.from({ length: replicas }, (_, ordinal) => ordinal).filter(
      (ordinal) => !this.#pods.has(ordinal),
    )
    for (const ordinal of missing) {
      this.#addPod(ordinal)
      if (this.behaviour === 'stuck') break
      if (this.behaviour === 'ordered') this.#readyPod(ordinal)
    }
    if (this.behaviour === 'parallel') for (const ordinal of missing) this.#readyPod(ordinal)
    const ready = [...this.#pods.values()].filter((pod) => pod.ready).length
    this.#changeSet({
      observedGeneration: this.#set.generation,
      podManagementPolicy: this.behaviour === 'parallel' ? 'Parallel' : 'OrderedReady',
      status: { ...this.#set.status, replicas: this.#pods.size, readyReplicas: ready },
    })
  }

  #changeSet(facts: Partial<StatefulSetFacts>): void {
    if (this.#set === null) return
    this.#set = { ...this.#set, ...facts, uid: SET_UID, name: SET }
    this.#tell('modified', { stream: 'statefulsets', object: this.#set })
  }

  #addPod(ordinal: number): void {
    this.#lives += 1
    if (!this.#claims.has(ordinal)) this.#tell('added', { stream: 'claims', object: aClaim({ ordinal }) })
    this.#claims.add(ordinal)
    this.#pods.set(ordinal, { life: this.#lives, ready: false })
    this.#tell('added', { stream: 'pods', object: aPod({ ordinal, life: this.#lives }) })
    if (this.behaviour !== 'stuck') return
    const pod = aPod({ ordinal, life: this.#lives })
    const containers = pod.containers.map((container) => ({ ...container, reason: 'ImagePullBackOff' }))
    this.#tell('modified', { stream: 'pods', object: { ...pod, containers } })
  }

  #readyPod(ordinal: number): void {
    const pod = this.#pods.get(ordinal)
    if (pod === undefined) return
    this.#pods.set(ordinal, { ...pod, ready: true })
    this.#tell('modified', { stream: 'pods', object: aPod({ ordinal, life: pod.life, ready: true }) })
  }

  #removePod(ordinal: number): void {
    const life = this.#pods.get(ordinal)?.life ?? 0
    this.#pods.delete(ordinal)
    this.#tell('modified', {
      stream: 'pods',
      object: aPod({ ordinal, life, ready: true, terminating: true }),
    })
    this.#tell('deleted', { stream: 'pods', object: aPod({ ordinal, life, terminating: true }) })
  }

  #tell(type: ChangeType, change: { readonly stream: string; readonly object: unknown }): void {
    // Each caller pairs a stream with its own facts; the pairing is lost where both come in one argument.
    const unplaced = { ...change, type } as Unplaced
    for (const timeline of this.#timelines) timeline.append(unplaced)
  }
}

const unexpected = (method: string) => (): never => {
  throw new Error(`a test did not count on cluster.${method}`)
}
