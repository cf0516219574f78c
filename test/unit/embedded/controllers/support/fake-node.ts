import type { Client } from '../../../../../src/embedded/client.ts'
import { timestamp } from '../../../../../src/embedded/clock.ts'
import type { ApiObject } from '../../../../../src/embedded/object.ts'
import type { Condition, Pod } from '../../../../../src/embedded/shapes.ts'

/** A node that runs nothing: its pods are running and ready, and gone, after set times. */
export class FakeNode {
  readonly name: string
  readonly #client: Client
  readonly #startMs: number
  readonly #stopMs: number
  readonly #unready = new Set<string>()
  readonly #started = new Set<string>()
  #addresses = 0

  constructor(
    client: Client,
    options: { readonly name?: string; readonly startMs?: number; readonly stopMs?: number } = {},
  ) {
    this.#client = client
    this.name = options.name ?? 'node'
    this.#startMs = options.startMs ?? 500
    this.#stopMs = options.stopMs ?? 300
    client.create('nodes', { metadata: { name: this.name, labels: { 'kubernetes.io/hostname': this.name } } })
    client.changeStatus<ApiObject>(
      'nodes',
      client.get('nodes', undefined, this.name) as ApiObject,
      (copy) => {
        copy.status = { allocatable: { cpu: '4', memory: '8Gi', pods: '2000' } }
      },
    )
    client.watch<Pod>('pods', {
      added: (pod) => this.#see(pod),
      changed: (pod) => this.#see(pod),
    })
  }

  /** From now on pods of this name do not become ready, and one that is ceases to be. */
  breakReadiness(name: string): void {
    this.#unready.add(name)
    this.#each(name, (pod) => this.#setReady(pod, false))
  }

  mendReadiness(name: string): void {
    this.#unready.delete(name)
    this.#each(name, (pod) => this.#setReady(pod, true))
  }

  /** As an eviction or a crash of a pod that is not restarted. */
  fail(pod: ApiObject): void {
    this.#client.changeStatus<Pod>('pods', pod, (copy) => {
      copy.status = { ...copy.status, phase: 'Failed', reason: 'Evicted' }
    })
  }

  #each(name: string, act: (pod: Pod) => void): void {
    for (const pod of this.#client.list<Pod>('pods'))
      if (pod.metadata.name === name && this.#started.has(pod.metadata.uid ?? '')) act(pod)
  }

  #see(pod: Pod): void {
    const { uid = '', deletionTimestamp } = pod.metadata
    if (pod.spec.nodeName !== this.name) return
    if (deletionTimestamp !== undefined) {
      if (this.#started.has(`${uid} stopping`)) return
      this.#started.add(`${uid} stopping`)
      this.#client.clock.setTimer(this.#stopMs, () =>
        this.#client.remove('pods', pod, { gracePeriodSeconds: 0 }),
      )
      return
    }
    if (this.#started.has(`${uid} starting`)) return
    this.#started.add(`${uid} starting`)
    this.#client.clock.setTimer(this.#startMs, () => this.#start(pod))
  }

  #start({ metadata }: Pod): void {
    const pod = this.#client.get<Pod>('pods', metadata.namespace, metadata.name)
    if (pod === null || pod.metadata.uid !== metadata.uid) return
    const image = pod.spec.containers[0]?.image ?? ''
    if (image.endsWith('not-there')) return
    this.#started.add(metadata.uid ?? '')
    this.#addresses += 1
    const podIP = `10.244.${this.#addresses >> 8}.${this.#addresses & 255}`
    this.#client.changeStatus<Pod>('pods', pod, (copy) => {
      const { conditions = [] } = copy.status ?? {}
      copy.status = { ...copy.status, phase: 'Running', podIP, podIPs: [{ ip: podIP }], conditions }
    })
    this.#setReady(pod, !this.#unready.has(metadata.name))
  }

  #setReady(pod: Pod, ready: boolean): void {
    this.#client.changeStatus<Pod>('pods', pod, (copy) => {
      const others = (copy.status?.conditions ?? []).filter(({ type }) => type !== 'Ready')
      const condition: Condition = {
        type: 'Ready',
        status: ready ? 'True' : 'False',
        lastTransitionTime: timestamp(this.#client.clock.nowMs()),
      }
      copy.status = { ...copy.status, conditions: [...others, { ...condition }] }
    })
  }
}
