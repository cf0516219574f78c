import { randomUUID } from 'node:crypto'
import type { Client } from '../../client.ts'
import { timestamp } from '../../clock.ts'
import type { ApiObject } from '../../object.ts'
import type { PodRuntime } from '../../pod-runtime.ts'
import type { Pod } from '../../shapes.ts'
import type { Network } from '../net/network.ts'
import { NodeMemory } from '../os/memory.ts'
import type { Shelf } from '../os/shelf.ts'
import { PodWorker } from './pod-worker.ts'
import { podRuntime } from './streams.ts'
import { NodeVolumes } from './volumes.ts'
import type { WorkerHost } from './worker-host.ts'

/** Runs the pods that are bound to one node. */
export class Kubelet {
  readonly volumes: NodeVolumes
  readonly runtime: PodRuntime
  readonly #client: Client
  readonly #workers = new Map<string, PodWorker>()
  readonly #stops: (() => void)[] = []
  readonly #nodeName: string

  constructor(options: {
    readonly client: Client
    readonly network: Network
    readonly nodeName: string
    readonly hostIp: string
    readonly shelf: Shelf
  }) {
    const { client, network, nodeName, hostIp, shelf } = options
    this.#client = client
    this.#nodeName = nodeName
    this.volumes = new NodeVolumes(client, shelf)
    this.runtime = podRuntime((uid, name) => this.#workers.get(uid)?.find(name) ?? null, network)
    let last = lastAddress(client)
    const host: WorkerHost = {
      client,
      network,
      volumes: this.volumes,
      memory: new NodeMemory(),
      nodeName,
      hostIp,
      nextIp: () => {
        // Each pod gets a new one, until the range has been gone through.
        last = last >= 65_000 ? 2 : last + 1
        return `10.244.${last >> 8}.${last & 255}`
      },
      gone: (worker) => {
        const { uid = '' } = worker.pod.metadata
        if (this.#workers.get(uid) === worker) this.#workers.delete(uid)
      },
    }
    registerNode(client, nodeName, hostIp)
    this.volumes.tidy()
    const seen = (pod: Pod) => {
      if (pod.spec.nodeName !== nodeName) return
      const { uid = '', deletionTimestamp } = pod.metadata
      const known = this.#workers.get(uid)
      if (known !== undefined) {
        known.update(pod)
        return
      }
      const phase = pod.status?.phase
      if (phase === 'Succeeded' || phase === 'Failed' || deletionTimestamp !== undefined) {
        if (deletionTimestamp !== undefined) client.remove('pods', pod, { gracePeriodSeconds: 0 })
        return
      }
      const worker = new PodWorker(host, pod)
      this.#workers.set(uid, worker)
      worker.begin()
    }
    this.#stops.push(
      client.watch<Pod>('pods', {
        added: seen,
        changed: seen,
        removed: (pod) => {
          this.#workers.get(pod.metadata.uid ?? '')?.vanished()
          this.volumes.forgetPod(pod.metadata.uid)
        },
      }),
    )
  }

  get nodeName(): string {
    return this.#nodeName
  }

  /** Ends every pod at once and watches no more. */
  stop(): void {
    for (const stop of this.#stops.splice(0)) stop()
    for (const worker of [...this.#workers.values()]) worker.kill()
  }

  get clock() {
    return this.#client.clock
  }
}

const ADDRESSES = /^10\.244\.(\d+)\.(\d+)$/

/** Where the addresses given out before this process was have come to: a pod that starts anew gets another one. */
function lastAddress(client: Client): number {
  const given = client.list<Pod>('pods').map(({ status }) => {
    const [, high = 0, low = 0] = ADDRESSES.exec(status?.podIP ?? '') ?? []
    return Number(high) * 256 + Number(low)
  })
  return given.reduce((a, b) => Math.max(a, b), 1)
}

/** Makes the Node object; one that is there already was rebooted, and says so. */
function registerNode(client: Client, name: string, ip: string): void {
  const before = client.get<Node>('nodes', undefined, name)
  if (before !== null) {
    tellOfReboot(client, before)
    return
  }
  const now = timestamp(client.clock.nowMs())
  const resources = { cpu: '4', memory: '8Gi', pods: '1100', 'ephemeral-storage': '100Gi' }
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  })
  const node = client.create<ApiObject>('nodes', {
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'sts-lab.dev/simulated': 'true',
      },
    },
    spec: { podCIDR: '10.244.0.0/16', podCIDRs: ['10.244.0.0/16'] },
  } as Partial<ApiObject>)
  client.changeStatus<ApiObject>('nodes', node, (copy) => {
    Object.assign(copy, {
      status: {
        capacity: resources,
        allocatable: resources,
        conditions: [
          condition(
            'MemoryPressure',
            'False',
            'KubeletHasSufficientMemory',
            'kubelet has sufficient memory available',
          ),
          condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
          condition(
            'PIDPressure',
            'False',
            'KubeletHasSufficientPID',
            'kubelet has sufficient PID available',
          ),
          condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
        ],
        addresses: [
          { type: 'InternalIP', address: ip },
          { type: 'Hostname', address: name },
        ],
        nodeInfo: {
          machineID: '',
          systemUUID: '',
          bootID: randomUUID(),
          kernelVersion: 'simulated',
          osImage: 'sts-lab embedded (simulated)',
          containerRuntimeVersion: 'sts-lab://0',
          kubeletVersion: 'v1.34.0+sts-lab-simulated',
          kubeProxyVersion: '',
          operatingSystem: 'linux',
          architecture: 'amd64',
        },
      },
    })
  })
}

type Node = ApiObject & {
  readonly status?: {
    readonly conditions?: readonly { readonly lastHeartbeatTime: string }[]
    readonly nodeInfo?: { readonly bootID: string }
  }
}

function tellOfReboot(client: Client, node: Node): void {
  const bootID = randomUUID()
  const now = timestamp(client.clock.nowMs())
  const told = client.changeStatus<Node>('nodes', node, (copy) => {
    for (const condition of copy.status?.conditions ?? []) condition.lastHeartbeatTime = now
    if (copy.status?.nodeInfo !== undefined) copy.status.nodeInfo.bootID = bootID
  })
  const { name } = node.metadata
  const place = { host: name }
  // A kubelet does not know its node's uid, and says its name in place of it.
  const itself = { ...told, metadata: { ...told.metadata, uid: name } }
  client.record(itself, 'Normal', 'Starting', 'Starting kubelet.', place)
  client.record(itself, 'Warning', 'Rebooted', `Node ${name} has been rebooted, boot id: ${bootID}`, place)
}
