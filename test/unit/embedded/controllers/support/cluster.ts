import { Api } from '../../../../../src/embedded/api/api.ts'
import { Client } from '../../../../../src/embedded/client.ts'
import { type HeldClock, heldClock } from '../../../../../src/embedded/clock.ts'
import type { Misdeeds } from '../../../../../src/embedded/controllers/misdeeds.ts'
import { startControllers } from '../../../../../src/embedded/controllers/start.ts'
import { createStartingObjects } from '../../../../../src/embedded/controllers/starting-objects.ts'
import type { ApiObject, JsonObject } from '../../../../../src/embedded/object.ts'
import { kindOf } from '../../../../../src/embedded/registry/index.ts'
import type { PersistentVolumeClaim, Pod, StatefulSet } from '../../../../../src/embedded/shapes.ts'
import { FakeNode } from './fake-node.ts'
import { Facts } from './orders.ts'

export const HERE = 'here'

export interface TestCluster {
  readonly api: Api
  readonly clock: HeldClock
  /** As a person at the keyboard. */
  readonly client: Client
  readonly node: FakeNode
  /** What the watch stream of pods, and that of claims, has said. */
  readonly pods: Facts
  readonly claims: Facts
  /** Lets this much cluster time pass. */
  pass(ms: number): void
  pod(name: string): Pod
  set(name?: string): StatefulSet
  claim(name: string): PersistentVolumeClaim
  names(resource: string): readonly string[]
  /** Edits the spec of a StatefulSet. */
  edit(change: (spec: Record<string, unknown>) => void, name?: string): void
  /** "Normal Reason message" of what was said of an object, oldest first. */
  said(name: string): readonly string[]
  stop(): void
}

/** A whole control plane on a clock that stands, with one node, and a namespace to work in. */
export function aCluster(
  options: {
    readonly startMs?: number
    readonly stopMs?: number
    readonly provisioningMs?: number
    readonly misdeeds?: Misdeeds
  } = {},
): TestCluster {
  const clock = heldClock()
  const api = new Api(clock)
  const client = new Client(api, 'kubectl')
  for (const name of ['default', HERE]) client.create('namespaces', { metadata: { name } })
  createStartingObjects(client)
  const stop = startControllers(api, {
    caPem: 'PEM',
    ...(options.provisioningMs === undefined ? {} : { provisioningMs: options.provisioningMs }),
    ...(options.misdeeds === undefined ? {} : { misdeeds: options.misdeeds }),
  })
  const node = new FakeNode(new Client(api, 'kubelet'), options)
  const [pods, claims] = ['pods', 'persistentvolumeclaims'].map((resource) => {
    const facts = new Facts()
    api.watch(kindOf(resource), api.store.revision, ({ type, object }) => facts.see(type, object))
    return facts
  }) as [Facts, Facts]
  const get = <T extends ApiObject>(resource: string, name: string): T => {
    const found = client.get<T>(resource, HERE, name)
    if (found === null) throw new Error(`there is no ${resource} ${name}`)
    return found
  }
  clock.advance(0)
  return {
    api,
    clock,
    client,
    node,
    pods,
    claims,
    pass: (ms) => clock.advance(ms),
    pod: (name) => get<Pod>('pods', name),
    set: (name = 'web') => get<StatefulSet>('statefulsets', name),
    claim: (name) => get<PersistentVolumeClaim>('persistentvolumeclaims', name),
    names: (resource) => client.list(resource, { namespace: HERE }).map(({ metadata }) => metadata.name),
    edit(change, name = 'web') {
      client.change<ApiObject>('statefulsets', get('statefulsets', name), (copy) => {
        change(copy.spec as Record<string, unknown>)
      })
    },
    said: (name) =>
      client
        .list<ApiObject & { involvedObject: JsonObject; type: string; reason: string; message: string }>(
          'events',
          { namespace: HERE },
        )
        .filter(({ involvedObject }) => involvedObject.name === name)
        .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
        .map(({ type, reason, message }) => `${type} ${reason} ${message}`),
    stop,
  }
}

/** A StatefulSet "web" of three pods with a claim each. */
export const aSet = (spec: object = {}, image = 'busybox:1.28', name = 'web'): Partial<ApiObject> => ({
  metadata: { name, namespace: HERE },
  spec: {
    serviceName: name,
    replicas: 3,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        containers: [{ name: 'main', image, volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
      },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data', labels: { of: 'template' } },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Mi' } } },
      },
    ],
    ...spec,
  },
})

/** Changes the image of the first container. */
export const toImage =
  (image: string) =>
  (spec: Record<string, unknown>): void => {
    const { template } = spec as { template: { spec: { containers: { image: string }[] } } }
    for (const container of template.spec.containers) container.image = image
  }

const without = (facts: readonly string[], ...what: readonly string[]): readonly string[] =>
  facts.filter((fact) => !what.some((word) => fact.endsWith(` ${word}`)))

/** "web-0 added, web-0 ready": what order is about, in one line. */
export const order = (facts: Facts): string => without(facts.take(), 'scheduled').join(', ')
