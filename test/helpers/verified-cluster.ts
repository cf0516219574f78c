import { undecidedError } from '../../src/errors.ts'
import type { Cluster, ExecResult, KubeObject, ObjectRef, Recording } from '../../src/ports.ts'
import { READ_CLAIM, REMOVE_TOKEN } from '../../src/run/claim-script.ts'
import type { JournalEntry } from '../../src/run/journal.ts'
import type { StatefulSetFacts } from '../../src/timeline/facts.ts'
import type { ChangeType, Unplaced } from '../../src/timeline/observation.ts'
import type { Timeline } from '../../src/timeline/timeline.ts'
import { aClaim, aPod, aService, aSet, SERVICE, SET, TEMPLATE } from './builders.ts'
import { listing, lookups, printed } from './pod-output.ts'

type Request = { readonly signal?: AbortSignal | undefined }
type Known = { readonly life: number; readonly ready: boolean }

/**
 * A cluster in memory with one correct OrderedReady set, whose controller works a moment after each request: what
 * `verify` needs, and nothing else. Strict: any other request throws, and so does one whose signal is aborted.
 */
export class VerifiedCluster implements Cluster {
  /** What was asked of the cluster to change, in order: `scale 3`, `delete Pod/web-1` … */
  readonly calls: string[] = []
  /** Hears each change before it happens; may throw, as a request that fails. */
  before: (call: string) => void = () => undefined
  /** Hears each change when it has been accepted, and `exec web-0`. */
  after: (call: string) => void = () => undefined
  /** What we may not do: `patch configmaps`. */
  forbidden: readonly string[] = []
  /** Sets besides the one that works. */
  others: readonly StatefulSetFacts[] = []
  openRecordings = 0
  #set: StatefulSetFacts
  readonly #pods = new Map<number, Known>()
  readonly #lives = new Map<number, number>()
  readonly #claims = new Set<number>()
  /** What is on the volume of a claim: path → content. */
  readonly #volumes = new Map<string, Map<string, string>>()
  readonly #configMaps = new Map<string, KubeObject>()
  readonly #helpers = new Map<string, KubeObject>()
  #heldNews: Unplaced[] | null = null
  readonly #timelines = new Set<Timeline>()

  constructor(replicas = 3, set: Partial<StatefulSetFacts> = {}) {
    this.#set = aSet({ ...set, replicas })
    this.#reconcile()
  }

  /** What is there, besides the set itself, when the controller has come to rest. */
  async remains() {
    for (let moment = 0; moment < 3; moment++) await new Promise((resolve) => setImmediate(resolve))
    return {
      replicas: this.#set.replicas,
      pods: [...this.#pods.keys()].sort().map((ordinal) => `${SET}-${ordinal}`),
      claims: [...this.#claims].sort().map((ordinal) => `${TEMPLATE}-${SET}-${ordinal}`),
      journals: [...this.#configMaps.keys()],
      helpers: [...this.#helpers.keys()],
      tokens: [...this.#volumes.values()].flatMap((files) =>
        [...files.keys()].filter((path) => path.startsWith('.sts-lab-')),
      ),
    }
  }

  /** What the one journal says. */
  journalEntry(): JournalEntry {
    const [journal] = this.#configMaps.values()
    const data = journal?.data as { readonly entry: string }
    return JSON.parse(data.entry) as JournalEntry
  }

  writes(ordinal: number, path: string, text: string): void {
    this.#volumes.get(`${SET}-${ordinal}`)?.set(path, text)
  }

  /** The watch falls silent; what happens meanwhile is told when it is released. */
  holdNews(): void {
    this.#heldNews ??= []
  }

  releaseNews(): void {
    const news = this.#heldNews ?? []
    this.#heldNews = null
    for (const unplaced of news) for (const timeline of this.#timelines) timeline.append(unplaced)
  }

  studentScales(replicas: number): void {
    this.#scaleTo(replicas)
  }

  /** An object that an earlier run left. */
  has(object: KubeObject): this {
    if (object.kind === 'ConfigMap') this.#configMaps.set(object.metadata.name, object)
    else this.#helpers.set(object.metadata.name, object)
    return this
  }

  // ---- the port

  async canI(
    access: { readonly verb: string; readonly resource: string; readonly subresource?: string },
    signal: AbortSignal,
  ): Promise<boolean> {
    demand(true, { signal })
    const resource =
      access.subresource === undefined ? access.resource : `${access.resource}/${access.subresource}`
    return !this.forbidden.includes(`${access.verb} ${resource}`)
  }

  pace = async () => 1

  async identity({ aborted }: AbortSignal) {
    if (aborted) throw new Error('asked with an aborted signal')
    return { context: 'fake', server: 'https://fake', version: 'v1.31.0', provider: 'kind', simulated: false }
  }

  async record({ timeline }: { readonly timeline: Timeline }): Promise<Recording> {
    this.openRecordings += 1
    timeline.append({ stream: 'services', type: 'listed', object: aService() })
    for (const set of [this.#set, ...this.others])
      timeline.append({ stream: 'statefulsets', type: 'listed', object: set })
    for (const ordinal of this.#claims)
      timeline.append({ stream: 'claims', type: 'listed', object: aClaim({ ordinal }) })
    for (const [ordinal, known] of this.#pods)
      timeline.append({ stream: 'pods', type: 'listed', object: aPod({ ordinal, ...known }) })
    this.#timelines.add(timeline)
    const stop = async () => {
      if (this.#timelines.delete(timeline)) this.openRecordings -= 1
    }
    return { lostForMs: () => 0, confirm: async () => true, stop }
  }

  async get(ref: ObjectRef, signal: AbortSignal): Promise<KubeObject | null> {
    demand(ref.kind === 'PersistentVolume' || ref.name === SET, { signal })
    if (ref.kind === 'StatefulSet')
      return { ...ref, metadata: { name: SET, uid: this.#set.uid }, spec: { replicas: this.#set.replicas } }
    return { ...ref, metadata: { name: ref.name, uid: `uid-of-${ref.name}` } }
  }

  async list(kind: { readonly kind: string }, options: Request & { readonly labelSelector?: string }) {
    const [label = '', value] = (options.labelSelector ?? '').split('=')
    demand(label !== '' && (kind.kind === 'ConfigMap' || kind.kind === 'Pod'), options)
    const objects = kind.kind === 'ConfigMap' ? this.#configMaps : this.#helpers
    return [...objects.values()].filter((object) => object.metadata.labels?.[label] === value)
  }

  async create(object: KubeObject, signal: AbortSignal): Promise<KubeObject> {
    demand(object.kind === 'ConfigMap' || object.kind === 'Pod', { signal })
    const { name } = object.metadata
    const objects = object.kind === 'ConfigMap' ? this.#configMaps : this.#helpers
    this.#change(`create ${object.kind}/${name}`, () => {
      if (objects.has(name)) throw undecidedError('already-exists', `${name} exists`)
      objects.set(name, object)
      if (object.kind === 'Pod') this.#tell('added', { stream: 'pods', object: aHelper(name) })
    })
    return object
  }

  async patch(ref: ObjectRef, body: unknown, signal: AbortSignal): Promise<KubeObject> {
    const known = this.#configMaps.get(ref.name)
    demand(true, { signal })
    if (known === undefined) throw new Error(`there is no ${ref.kind}/${ref.name} to patch`)
    const patched = { ...known, ...(body as object) }
    this.#configMaps.set(ref.name, patched)
    return patched
  }

  async scale(ref: ObjectRef, replicas: number, signal: AbortSignal): Promise<void> {
    demand(ref.kind === 'StatefulSet' && ref.name === SET, { signal })
    this.#change(`scale ${replicas}`, () => this.#scaleTo(replicas))
  }

  async remove(ref: ObjectRef, options: Request & { readonly uid?: string }) {
    demand(ref.kind !== 'StatefulSet', options)
    const ordinal = Number(/-(\d+)$/.exec(ref.name)?.[1])
    let outcome: 'deleting' | 'absent' | 'replaced' = 'deleting'
    this.#change(`delete ${ref.kind}/${ref.name}`, () => {
      if (ref.kind === 'ConfigMap') outcome = this.#configMaps.delete(ref.name) ? 'deleting' : 'absent'
      else if (ref.kind === 'PersistentVolumeClaim') {
        if (options.uid !== aClaim({ ordinal }).uid) outcome = 'replaced'
        else this.#removeClaim(ordinal)
      } else if (ref.name.startsWith('sts-lab-')) {
        if (!this.#helpers.delete(ref.name)) outcome = 'absent'
        else this.#tell('deleted', { stream: 'pods', object: aHelper(ref.name) })
      } else {
        const life = this.#pods.get(ordinal)?.life
        if (options.uid !== aPod({ ordinal, life: life ?? 0 }).uid) outcome = 'replaced'
        else {
          this.#removePod(ordinal)
          setImmediate(() => this.#reconcile())
        }
      }
    })
    return outcome
  }

  async exec(
    options: Request & { readonly pod: string; readonly command: readonly string[] },
  ): Promise<ExecResult> {
    demand(true, options)
    this.after(`exec ${options.pod}`)
    const [, , script, , ...words] = options.command
    if (script === undefined || options.pod.startsWith('sts-lab-probe-')) return this.#answer(options.command)
    const files = this.#volumes.get(options.pod) ?? new Map<string, string>()
    if (script === REMOVE_TOKEN) {
      files.delete(words[1] ?? '')
      return printed('')
    }
    demand(script === READ_CLAIM, options)
    const [boundary = '', , folder = '', tokenFile = '', token = ''] = words
    if (tokenFile !== '') files.set(tokenFile, token)
    return printed(listing(boundary, folder, files))
  }

  apply = unexpected('apply')
  logs = unexpected('logs')
  close(): void {}

  // ---- what the probe pod prints

  #answer(command: readonly string[]): ExecResult {
    if (command[0] === 'cat')
      return printed('nameserver 10.0.0.10\nsearch lab.svc.cluster.local cluster.local\n')
    const [, , , , boundary = '', ...names] = command
    return printed(lookups(boundary, names, (name) => this.#addressesOf(name)))
  }

  #addressesOf(name: string): string[] {
    demand(name.endsWith(`${SERVICE}.lab.svc.cluster.local`), {})
    const ordinal = /^web-(\d+)\./.exec(name)?.[1]
    return [...this.#pods]
      .filter(([known, { ready }]) => ready && (ordinal === undefined || known === Number(ordinal)))
      .flatMap(([known, { life }]) => aPod({ ordinal: known, life, ready: true }).ips)
  }

  // ---- the controller

  #change(call: string, work: () => void): void {
    this.before(call)
    work()
    this.calls.push(call)
    this.after(call)
  }

  #scaleTo(replicas: number): void {
    this.#changeSet({ replicas, generation: this.#set.generation + 1 })
    setImmediate(() => this.#reconcile())
  }

  #reconcile(): void {
    const { replicas, retention } = this.#set
    for (const ordinal of [...this.#pods.keys()].sort((a, b) => b - a)) {
      if (ordinal < replicas) continue
      this.#removePod(ordinal)
      if (retention?.whenScaled === 'Delete') this.#removeClaim(ordinal)
    }
    for (let ordinal = 0; ordinal < replicas; ordinal++) if (!this.#pods.has(ordinal)) this.#addPod(ordinal)
    const status = { ...this.#set.status, replicas, readyReplicas: replicas }
    this.#changeSet({ observedGeneration: this.#set.generation, status })
  }

  #changeSet(facts: Partial<StatefulSetFacts>): void {
    this.#set = { ...this.#set, ...facts }
    this.#tell('modified', { stream: 'statefulsets', object: this.#set })
  }

  #addPod(ordinal: number): void {
    const name = `${SET}-${ordinal}`
    if (!this.#claims.has(ordinal)) this.#tell('added', { stream: 'claims', object: aClaim({ ordinal }) })
    this.#claims.add(ordinal)
    const life = (this.#lives.get(ordinal) ?? 0) + 1
    this.#lives.set(ordinal, life)
    this.#tell('added', { stream: 'pods', object: aPod({ ordinal, life }) })
    const files = this.#volumes.get(name) ?? new Map<string, string>()
    this.#volumes.set(name, files)
    if (!files.has('id.txt')) files.set('id.txt', `this is ${name}\n`)
    this.#pods.set(ordinal, { life, ready: true })
    this.#tell('modified', { stream: 'pods', object: aPod({ ordinal, life, ready: true }) })
  }

  #removePod(ordinal: number): void {
    const life = this.#pods.get(ordinal)?.life ?? 0
    this.#pods.delete(ordinal)
    const object = aPod({ ordinal, life, ready: true, terminating: true })
    this.#tell('modified', { stream: 'pods', object })
    this.#tell('deleted', { stream: 'pods', object })
  }

  #removeClaim(ordinal: number): void {
    if (!this.#claims.delete(ordinal)) return
    this.#volumes.delete(`${SET}-${ordinal}`)
    this.#tell('deleted', { stream: 'claims', object: aClaim({ ordinal }) })
  }

  #tell(type: ChangeType, change: { readonly stream: string; readonly object: unknown }): void {
    // Each caller pairs a stream with its own facts; the pairing is lost where both come in one argument.
    const unplaced = { ...change, type } as Unplaced
    if (this.#heldNews !== null) this.#heldNews.push(unplaced)
    else for (const timeline of this.#timelines) timeline.append(unplaced)
  }
}

const aHelper = (name: string) =>
  aPod({ name, uid: `uid-of-${name}`, controller: null, ready: true, claims: [], labels: {} })

function demand(counted: boolean, { signal }: Request): void {
  if (!counted) throw new Error('a test did not count on this request')
  if (signal?.aborted) throw signal.reason
}

const unexpected = (method: string) => (): never => {
  throw new Error(`a test did not count on cluster.${method}`)
}
