import type { Api } from '../api/api.ts'
import { Client } from '../client.ts'
import { startDeployments } from './deployment/deployments.ts'
import { startReplicaSets } from './deployment/replica-sets.ts'
import { startDisruptionBudgets } from './disruption.ts'
import { startEventExpiry } from './event-expiry.ts'
import { startGarbageCollector } from './garbage.ts'
import { startJobs } from './jobs.ts'
import type { Misdeeds } from './misdeeds.ts'
import { startNamespaces } from './namespaces.ts'
import { startEndpoints } from './network/endpoints.ts'
import { World } from './objects.ts'
import { startQuotas } from './quotas.ts'
import { startScheduler } from './scheduling/scheduler.ts'
import { startStatefulSets } from './stateful-set/controller.ts'
import { startVolumeProtection } from './storage/protection.ts'
import { startVolumes } from './storage/volumes.ts'

export interface ControllerOptions {
  /** What pods would trust the API server by: ca.crt of kube-root-ca.crt. */
  readonly caPem?: string
  /** Cluster time that a provisioner takes to make a volume. */
  readonly provisioningMs?: number
  /** What to do wrong, for tests. */
  readonly misdeeds?: Misdeeds
}

/** Long enough that a pod is seen to wait for its claim, as on any cluster. */
const PROVISIONING_MS = 100

/**
 * Starts everything of the control plane but the API server: what the controller manager, the scheduler and the
 * provisioner do. All of it rests on writes and timers of the cluster's clock; nothing polls.
 * @returns a function that ends it
 */
export function startControllers(api: Api, options: ControllerOptions = {}): () => void {
  const { caPem = '', provisioningMs = PROVISIONING_MS, misdeeds = new Set() } = options
  const world = new World(api)
  const managed = (component: string) => new Client(api, 'kube-controller-manager', component)
  const stops = [
    startNamespaces(managed('namespace-controller'), world, caPem),
    startGarbageCollector(managed('garbage-collector-controller'), world),
    startStatefulSets(managed('statefulset-controller'), world, misdeeds),
    startDeployments(managed('deployment-controller'), world),
    startReplicaSets(managed('replicaset-controller'), world),
    startJobs(managed('job-controller'), world),
    startVolumes(managed('persistentvolume-controller'), world, provisioningMs),
    startVolumeProtection(managed('pvc-protection-controller'), world),
    startEndpoints(
      { endpoints: managed('endpoint-controller'), slices: managed('endpoint-slice-controller') },
      world,
    ),
    startScheduler(new Client(api, 'kube-scheduler', 'default-scheduler'), world),
    startQuotas(managed('resourcequota-controller')),
    startDisruptionBudgets(managed('controllermanager'), world),
    startEventExpiry(managed('event-expiry')),
  ]
  return () => {
    for (const stop of stops) stop()
    world.close()
  }
}
