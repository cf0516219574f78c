import type { Client } from '../../client.ts'
import { timestamp } from '../../clock.ts'
import { type ApiObject, copyOf, sameJson } from '../../object.ts'
import type { Pod, Service } from '../../shapes.ts'
import type { Objects } from '../objects.ts'
import { controllerReference, isControlledBy } from '../owners.ts'
import { type Backend, backendsOf, isHeadless, podReference } from './endpoint-addresses.ts'

const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time'
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by'
const MANAGER = 'endpointslice-controller.k8s.io'
const SLICE_SIZE = 100

/** The slices of a service, up to a hundred endpoints each; one of its own for each set of ports. */
export function writeSlices(
  client: Client,
  service: Service,
  pods: readonly Pod[],
  slices: Objects<ApiObject>,
): void {
  const { namespace, name, labels = {} } = service.metadata
  const wanted = slicesOf(backendsOf(service, pods), service.spec.publishNotReadyAddresses === true)
  const there = [...managed(service, slices)]
  const sliceLabels = {
    ...labels,
    'kubernetes.io/service-name': name,
    [MANAGED_BY]: MANAGER,
    ...(isHeadless(service) ? { 'service.kubernetes.io/headless': '' } : {}),
  }
  const now = timestamp(client.clock.nowMs())
  for (const content of wanted) {
    // The one with these ports is changed rather than replaced.
    const index = there.findIndex(({ ports }) => sameJson(ports ?? [], content.ports))
    const [slice] = there.splice(index === -1 ? 0 : index, 1)
    const annotations = content.endpoints.length === 0 ? {} : { annotations: { [TRIGGER_TIME]: now } }
    if (slice === undefined)
      client.create('endpointslices', {
        metadata: {
          name: '',
          generateName: `${name}-`,
          ...(namespace === undefined ? {} : { namespace }),
          labels: sliceLabels,
          ...annotations,
          ownerReferences: [controllerReference(service)],
        },
        addressType: 'IPv4',
        ...content,
      })
    else if (
      !sameJson([slice.endpoints ?? [], slice.ports ?? []], [content.endpoints, content.ports]) ||
      !sameJson(slice.metadata.labels, sliceLabels)
    )
      client.change<ApiObject>('endpointslices', slice, (copy) => {
        Object.assign(copy.metadata, { labels: sliceLabels }, annotations)
        Object.assign(copy, copyOf(content))
      })
  }
  for (const slice of there) client.remove('endpointslices', slice)
}

export function removeSlices(client: Client, service: Service, slices: Objects<ApiObject>): void {
  for (const slice of managed(service, slices)) client.remove('endpointslices', slice)
}

const managed = (service: Service, slices: Objects<ApiObject>): readonly ApiObject[] =>
  slices
    .ownedBy(service.metadata.uid ?? '')
    .filter((slice) => isControlledBy(slice, service) && slice.metadata.labels?.[MANAGED_BY] === MANAGER)

interface SliceContent {
  readonly endpoints: readonly object[]
  readonly ports: readonly object[]
}

function slicesOf(backends: readonly Backend[], unready: boolean): readonly SliceContent[] {
  const groups = new Map<string, Backend[]>()
  for (const backend of backends) {
    const key = JSON.stringify(backend.ports)
    groups.set(key, [...(groups.get(key) ?? []), backend])
  }
  const slices = [...groups.values()].flatMap((group) => {
    const ports = group[0]?.ports ?? []
    const parts: SliceContent[] = []
    for (let from = 0; from < group.length; from += SLICE_SIZE)
      parts.push({
        endpoints: group.slice(from, from + SLICE_SIZE).map((one) => endpoint(one, unready)),
        ports,
      })
    return parts
  })
  return slices.length === 0 ? [{ endpoints: [], ports: [] }] : slices
}

const endpoint = ({ pod, ip, ready, terminating, hostname }: Backend, unready: boolean) => ({
  addresses: [ip],
  conditions: { ready: unready || (ready && !terminating), serving: ready, terminating },
  ...(hostname === null ? {} : { hostname }),
  nodeName: pod.spec.nodeName ?? '',
  targetRef: podReference(pod),
})
