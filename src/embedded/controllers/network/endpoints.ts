import type { Client } from '../../client.ts'
import { type ApiObject, type JsonObject, sameJson } from '../../object.ts'
import type { Pod, Service } from '../../shapes.ts'
import { keyOf } from '../../store/store.ts'
import type { World } from '../objects.ts'
import { WorkQueue } from '../work-queue.ts'
import { removeSlices, writeSlices } from './endpoint-slices.ts'
import { writeEndpoints } from './endpoints-object.ts'

/** Keeps Endpoints and EndpointSlices of services with a selector. @returns a function that ends it */
export function startEndpoints(
  clients: { readonly endpoints: Client; readonly slices: Client },
  world: World,
) {
  const pods = world.of<Pod>('pods')
  const services = world.of<Service>('services')
  const endpoints = world.of<ApiObject>('endpoints')
  const slices = world.of<ApiObject>('endpointslices')
  const { clock } = clients.endpoints

  const queue = new WorkQueue(clock, (key) => {
    const [namespace = '', name = ''] = key.split('/')
    const service = services.get(namespace, name)
    if (service === null) {
      const left = endpoints.get(namespace, name)
      if (left !== null) clients.endpoints.remove('endpoints', left)
      return
    }
    if (service.spec.selector === undefined || service.spec.type === 'ExternalName') {
      removeSlices(clients.slices, service, slices)
      return
    }
    const candidates = pods.in(namespace)
    writeEndpoints(clients.endpoints, service, candidates, endpoints)
    writeSlices(clients.slices, service, candidates, slices)
  })

  const add = ({ metadata }: Service) => queue.add(keyOf(metadata.namespace, metadata.name))
  const addSelecting = ({ metadata }: Pod) => {
    for (const service of services.in(metadata.namespace ?? '')) {
      const selector = Object.entries(service.spec.selector ?? {})
      if (selector.length > 0 && selector.every(([key, value]) => metadata.labels?.[key] === value))
        add(service)
    }
  }
  const stops = [
    clients.endpoints.watch<Service>('services', { added: add, changed: add, removed: add }),
    clients.endpoints.watch<Pod>('pods', {
      added: addSelecting,
      changed: (pod, previous) => {
        if (sameJson(seen(pod), seen(previous))) return
        addSelecting(pod)
        if (!sameJson(pod.metadata.labels, previous.metadata.labels)) addSelecting(previous)
      },
      removed: addSelecting,
    }),
  ]
  return () => {
    for (const stop of stops) stop()
    queue.close()
  }
}

/** All of a pod that shows in endpoints. */
const seen = ({ metadata, spec, status }: Pod): JsonObject => ({
  labels: metadata.labels,
  deletionTimestamp: metadata.deletionTimestamp,
  nodeName: spec.nodeName,
  phase: status?.phase,
  ip: status?.podIP,
  ready: status?.conditions?.find(({ type }) => type === 'Ready')?.status,
})
