import type { Client } from '../../client.ts'
import type { Network } from '../net/network.ts'
import type { NodeMemory } from '../os/memory.ts'
import type { PodWorker } from './pod-worker.ts'
import type { NodeVolumes } from './volumes.ts'

/** What the pods of a node share. */
export interface WorkerHost {
  readonly client: Client
  readonly network: Network
  readonly volumes: NodeVolumes
  readonly memory: NodeMemory
  readonly nodeName: string
  readonly hostIp: string
  nextIp(): string
  /** It is gone: nothing of it runs any more. */
  gone(worker: PodWorker): void
}
