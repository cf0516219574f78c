import path from 'node:path'
import type { Api } from './api/api.ts'
import { Client } from './client.ts'
import { type ClusterClock, runningClock } from './clock.ts'
import type { Misdeeds } from './controllers/misdeeds.ts'
import { startControllers } from './controllers/start.ts'
import { createStartingObjects } from './controllers/starting-objects.ts'
import type { Faults } from './http/faults.ts'
import { type Access, writeKubeconfig } from './kubeconfig.ts'
import { Shelf } from './node/os/shelf.ts'
import { startNode } from './node/start.ts'
import { type ApiServerOptions, type EmbeddedApiServer, newCredentials, startApiServer } from './start.ts'
import { headerOf } from './state/format.ts'
import { Keeper } from './state/keeper.ts'
import type { KeptState } from './state/read-state.ts'
import { Store } from './store/store.ts'

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
  /** Seconds for which cluster DNS keeps an answer; see `startNode`. */
  readonly dnsTtlS?: { readonly records?: number; readonly none?: number }
  /** What to do wrong, for tests. */
  readonly misdeeds?: Misdeeds
  /** Everything is written down, to be made again from there; without it the cluster is in memory only. */
  readonly keep?: KeepOptions
}

export interface KeepOptions {
  /** The journal. */
  readonly file: string
  /** What was read from it; null: a new cluster. */
  readonly before: KeptState | null
  /** It cannot be written; null: it can again. */
  readonly trouble: (error: Error | null) => void
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
  const { speed = 'real', folder, keep } = options
  const before = keep?.before ?? null
  const clock = options.clock ?? runningClock(speed === 'fast' ? FAST : 1)
  const credentials = before?.header.credentials ?? newCredentials()
  const trees = before?.trees ?? new Map()
  const shelf = new Shelf(clock, new Map([...trees].map(([key, tree]) => [key, tree.device(clock)])))
  const store = new Store(undefined, before?.contents)
  let keeper: Keeper | null = null
  const server = await listen(options, { clock, credentials, store, settle: () => keeper?.flush() })
  const { api, access } = server
  const port = Number(new URL(access.server).port)
  if (keep !== undefined) {
    const header = headerOf(credentials, port, speed)
    const goesOn = before !== null && before.header.port === port && before.header.speed === speed
    const resume = goesOn ? before.bytes : null
    keeper = new Keeper({ ...keep, header, clock, store, shelf, trees, resume })
  }
  createStartingObjects(new Client(api, 'kube-apiserver'))
  const stopControllers = startControllers(api, {
    caPem: access.caPem,
    ...(options.misdeeds === undefined ? {} : { misdeeds: options.misdeeds }),
  })
  const node = startNode(api, {
    shelf,
    ...(options.dnsTtlS === undefined ? {} : { dnsTtlS: options.dnsTtlS }),
  })
  server.setRuntime(node.runtime)
  const kubeconfig = folder === undefined ? null : path.join(folder, 'kubeconfig')
  if (kubeconfig !== null) writeKubeconfig(kubeconfig, access)
  let stopping: Promise<void> | null = null
  const stop = async () => {
    // First of all: how everything ends here is no part of what happened.
    keeper?.close()
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

/** Where it was before, unless somebody wants it elsewhere or somebody else is there now. */
async function listen(
  { port, keep }: EmbeddedClusterOptions,
  server: ApiServerOptions,
): Promise<EmbeddedApiServer> {
  if (port !== undefined && port !== 0) return startApiServer({ ...server, port })
  const former = keep?.before?.header.port ?? 0
  try {
    return await startApiServer({ ...server, port: former })
  } catch (error) {
    if (former === 0 || !(error instanceof Error && 'code' in error)) throw error
    return startApiServer({ ...server, port: 0 })
  }
}
