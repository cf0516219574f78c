import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { aCluster, aSet, HERE } from '../../test/unit/embedded/controllers/support/cluster.ts'

const SETS = 100
const REPLICAS = 10

/**
 * What the control plane of the embedded cluster costs: a hundred StatefulSets of ten pods with claims and services
 * come up and are taken away with their namespace, under a clock that does not wait. Times are the wall's.
 */
export function embeddedLoad(): object {
  const idleMb = heapMb()
  const cluster = aCluster()
  const up = timed(() => {
    for (let index = 0; index < SETS; index += 1) {
      const name = `set-${index}`
      cluster.client.create('services', {
        metadata: { name, namespace: HERE },
        spec: { clusterIP: 'None', selector: { app: name }, ports: [{ port: 80 }] },
      })
      cluster.client.create('statefulsets', aSet({ replicas: REPLICAS }, 'busybox:1.36', name))
    }
    cluster.pass(60_000)
  })
  const ready = cluster.client
    .list('statefulsets')
    .filter(({ status }) => (status as { readyReplicas?: number } | undefined)?.readyReplicas === REPLICAS)
  if (ready.length !== SETS) throw new Error(`${ready.length} of ${SETS} StatefulSets came up`)
  const writes = cluster.api.store.revision
  const objects = cluster.api.store.count()
  const fullMb = heapMb()
  const namespace = cluster.client.get('namespaces', undefined, HERE)
  const down = timed(() => {
    if (namespace !== null) cluster.client.remove('namespaces', namespace)
    cluster.pass(60_000)
  })
  cluster.stop()
  return {
    statefulSets: SETS,
    pods: SETS * REPLICAS,
    objects,
    upMs: up,
    writes,
    writesPerSecond: Math.round((writes / up) * 1000),
    heapMb: Math.round(fullMb - idleMb),
    downMs: down,
  }
}

function timed(act: () => void): number {
  const start = performance.now()
  act()
  return Math.round(performance.now() - start)
}

function heapMb(): number {
  setFlagsFromString('--expose_gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed / 2 ** 20
}
