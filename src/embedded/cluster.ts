import path from 'node:path'
import type { Api } from './api/api.ts'
import { Client } from './client.ts'
import { type ClusterClock, runningClock } from './clock.ts'
import type { Misdeeds } from './controllers/misdeeds.ts'
import { startControllers } from './controllers/start.ts'
import { createStartingObjects } from './controllers/starting-objects.ts'
import type { Faults } from './http/faults.ts'
import { type Access, writeKubeconfig } from './kubeconfig.ts'
import { startNode } from './node/start.ts'
import { startApiServer } from './start.ts'

/**
 * real: as on any cluster. fast: its time passes so much faster that nobody waits for a grace period; what is stamped
 * is stamped with the wall's time all the same.
 */
export type Speed = 'real' | 'fast'

/** Faster than this and what takes real time, a request, seems to take seconds of the cluster's. */
const FAST = 20

export interface EmbeddedClusterOptions {
  /** Where the kubeconfig is put; without it there is none. */
  readonly folder?: string
  /** 'real' unless given. */
  readonly speed?: Speed
  /** 0, or left out: any free one. */
  readonly port?: number
  /** Instead of one that runs at `speed`. */
  readonly clock?: ClusterClock
  /** What to do wrong, for tests. */
  readonly misdeeds?: Misdeeds
}

export interface EmbeddedCluster {
  readonly access: Access
  /** null without a folder. */
  readonly kubeconfig: string | null
  readonly api: Api
  readonly faults: Faults
  /** Ends every container, then the controllers, then the API server. Once it resolves nothing of it runs. */
  stop(): Promise<void>
}

/** A whole cluster in this process: API server, controllers, one node with its DNS. */
export async function startEmbeddedCluster(options: EmbeddedClusterOptions = {}): Promise<EmbeddedCluster> {
  const { speed = 'real', clock = runningClock(speed === 'fast' ? FAST : 1), port, folder } = options
  const server = await startApiServer({ clock, ...(port === undefined ? {} : { port }) })
  const { api, access } = server
  createStartingObjects(new Client(api, 'kube-apiserver'))
  const stopControllers = startControllers(api, {
    caPem: access.caPem,
    ...(options.misdeeds === undefined ? {} : { misdeeds: options.misdeeds }),
  })
  const node = startNode(api)
  server.setRuntime(node.runtime)
  const kubeconfig = folder === undefined ? null : path.join(folder, 'kubeconfig')
  if (kubeconfig !== null) writeKubeconfig(kubeconfig, access)
  let stopping: Promise<void> | null = null
  const stop = async () => {
    node.stop()
    stopControllers()
    await server.close()
  }
  return {
    access,
    kubeconfig,
    api,
    faults: server.faults,
    stop: () => {
      stopping ??= stop()
      return stopping
    },
  }
}
