import type { Pod, Service, ServicePort } from '../../shapes.ts'
import { isTerminating } from '../owners.ts'
import { isFinished, isReady } from '../pod-conditions.ts'

/** A pod as a service sees it. */
export interface Backend {
  readonly pod: Pod
  readonly ip: string
  readonly ready: boolean
  readonly terminating: boolean
  /** Its own name under the service, where it has one. */
  readonly hostname: string | null
  readonly ports: readonly BackendPort[]
}

export interface BackendPort {
  readonly name: string
  readonly port: number
  readonly protocol: string
}

export const isHeadless = ({ spec }: Service): boolean => spec.clusterIP === 'None'

/** The pods behind a service that have an address, by name. */
export function backendsOf(service: Service, pods: readonly Pod[]): readonly Backend[] {
  const selector = Object.entries(service.spec.selector ?? {})
  return pods.flatMap((pod) => {
    const { labels = {} } = pod.metadata
    if (!selector.every(([key, value]) => labels[key] === value)) return []
    const ip = pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP ?? ''
    if (ip === '' || isFinished(pod)) return []
    const { hostname = '', subdomain } = pod.spec
    const named = hostname !== '' && subdomain === service.metadata.name
    return {
      pod,
      ip,
      ready: isReady(pod),
      terminating: isTerminating(pod),
      hostname: named ? hostname : null,
      ports: (service.spec.ports ?? []).flatMap((port) => portOn(pod, port)),
    }
  })
}

/** None where the pod has no port of that name. */
function portOn(
  pod: Pod,
  { name = '', port, protocol = 'TCP', targetPort }: ServicePort,
): readonly BackendPort[] {
  if (typeof targetPort !== 'string') return [{ name, port: targetPort ?? port, protocol }]
  const found = pod.spec.containers
    .flatMap(({ ports = [] }) => ports)
    .find((one) => one.name === targetPort && (one.protocol ?? 'TCP') === protocol)
  return found === undefined ? [] : [{ name, port: found.containerPort, protocol }]
}

export const podReference = ({ metadata }: Pod) => ({
  kind: 'Pod',
  namespace: metadata.namespace ?? '',
  name: metadata.name,
  uid: metadata.uid ?? '',
})

/** Compares addresses by their numbers. */
export const byAddress = (a: Backend, b: Backend): number => {
  const [left, right] = [a, b].map(({ ip }) =>
    ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0),
  )
  return (left ?? 0) - (right ?? 0)
}
