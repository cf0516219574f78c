import type { Client } from '../../client.ts'
import type { ClusterClock } from '../../clock.ts'
import type { Pod } from '../../shapes.ts'
import type { Sandbox } from '../net/network.ts'
import type { NodeMemory } from '../os/memory.ts'
import type { PodPlace } from './environment.ts'
import type { PodVolumes } from './volumes.ts'

/** What the containers of a pod share. */
export interface PodContext {
  readonly client: Client
  readonly clock: ClusterClock
  /** As it was last seen. */
  readonly pod: () => Pod
  readonly place: PodPlace
  readonly sandbox: Sandbox
  readonly volumes: PodVolumes
  /** Of the node. */
  readonly memory: NodeMemory
  /** No container is to be started any more. */
  readonly isEnding: () => boolean
  /** Its main containers have run to their end: what was there for them only is not restarted. */
  readonly isOver: () => boolean
  /** Something that the status tells has changed. */
  readonly changed: () => void
  readonly say: (type: 'Normal' | 'Warning', reason: string, message: string, container?: string) => void
}

/** As the kubelet names a pod in messages. */
export const podText = ({ metadata }: Pod): string =>
  `${metadata.name}_${metadata.namespace ?? ''}(${metadata.uid ?? ''})`

/** "1m20s", as Go writes it. */
export function goDuration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`
}
