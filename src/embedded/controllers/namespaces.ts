import type { Client } from '../client.ts'
import { timestamp } from '../clock.ts'
import { type ApiObject, listAt, sameJson } from '../object.ts'
import type { Kind } from '../registry/kind.ts'
import { OWNABLE, type World } from './objects.ts'
import { isTerminating } from './owners.ts'
import { WorkQueue } from './work-queue.ts'

const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.'
const ROOT_CA = 'kube-root-ca.crt'

/**
 * Gives each namespace the objects that every one has, and empties the ones that are being deleted.
 * @param caPem what pods would trust the API server by
 */
export function startNamespaces(client: Client, world: World, caPem: string): () => void {
  const namespaces = world.of<ApiObject>('namespaces')
  const contents: readonly Kind[] = OWNABLE.filter(({ namespaced }) => namespaced)

  const queue = new WorkQueue(client.clock, (name) => {
    const namespace = namespaces.get(undefined, name)
    if (namespace === null) return
    if (isTerminating(namespace)) empty(namespace)
    else furnish(name)
  })

  const furnish = (namespace: string): void => {
    if (client.get('configmaps', namespace, ROOT_CA) === null)
      client.create('configmaps', {
        metadata: { name: ROOT_CA, namespace, annotations: { 'kubernetes.io/description': DESCRIPTION } },
        data: { 'ca.crt': caPem },
      })
    if (client.get('serviceaccounts', namespace, 'default') === null)
      client.create('serviceaccounts', { metadata: { name: 'default', namespace } })
  }

  const empty = (namespace: ApiObject): void => {
    const { name } = namespace.metadata
    for (const kind of contents)
      for (const object of world.ofKind(kind).in(name))
        if (!isTerminating(object)) client.remove(kind.plural, object, { propagation: 'Background' })
    const left = contents
      .map((kind) => [kind, world.ofKind(kind).in(name)] as const)
      .filter(([, objects]) => objects.length > 0)
    if (left.length > 0) {
      tellWhatIsLeft(namespace, left)
      return
    }
    for (const event of client.list('events', { namespace: name })) client.remove('events', event)
    if (listAt(namespace, 'spec', 'finalizers').includes('kubernetes'))
      client.change<ApiObject>(
        'namespaces',
        namespace,
        (copy) => {
          const rest = listAt(copy, 'spec', 'finalizers').filter((finalizer) => finalizer !== 'kubernetes')
          copy.spec = { finalizers: rest }
        },
        'finalize',
      )
  }

  const tellWhatIsLeft = (
    namespace: ApiObject,
    left: readonly (readonly [Kind, readonly ApiObject[]])[],
  ): void => {
    const kinds = left.map(
      ([{ plural, group }, objects]) => `${plural}.${group} has ${objects.length} resource instances`,
    )
    const finalizers = new Map<string, number>()
    for (const { metadata } of left.flatMap(([, objects]) => objects))
      for (const finalizer of metadata.finalizers ?? [])
        finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1)
    const held = [...finalizers].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`)
    const now = timestamp(client.clock.nowMs())
    const before = listAt(namespace, 'status', 'conditions') as readonly Condition[]
    const conditions = conditionsOf(kinds, held).map((condition) => {
      const old = before.find(({ type }) => type === condition.type)
      return {
        ...condition,
        lastTransitionTime: old?.status === condition.status ? (old.lastTransitionTime ?? now) : now,
      }
    })
    if (sameJson(before, conditions)) return
    client.changeStatus<ApiObject>('namespaces', namespace, (copy) => {
      copy.status = { phase: 'Terminating', conditions }
    })
  }

  const stopWatching = client.watch<ApiObject>('namespaces', {
    added: ({ metadata }) => queue.add(metadata.name),
    changed: ({ metadata }) => queue.add(metadata.name),
  })
  const stopListening = world.onChange((kind, { type, object }) => {
    const { namespace = '', name } = object.metadata
    if (type !== 'DELETED' || !kind.namespaced) return
    const within = namespaces.get(undefined, namespace)
    const furniture = name === ROOT_CA || kind.plural === 'serviceaccounts'
    if (within !== null && (furniture || isTerminating(within))) queue.add(namespace)
  })
  return () => {
    stopWatching()
    stopListening()
    queue.close()
  }
}

interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
  readonly lastTransitionTime?: string
}

const conditionsOf = (kinds: readonly string[], held: readonly string[]): readonly Condition[] => [
  {
    type: 'NamespaceDeletionDiscoveryFailure',
    status: 'False',
    reason: 'ResourcesDiscovered',
    message: 'All resources successfully discovered',
  },
  {
    type: 'NamespaceDeletionGroupVersionParsingFailure',
    status: 'False',
    reason: 'ParsedGroupVersions',
    message: 'All legacy kube types successfully parsed',
  },
  {
    type: 'NamespaceDeletionContentFailure',
    status: 'False',
    reason: 'ContentDeleted',
    message: 'All content successfully deleted, may be waiting on finalization',
  },
  {
    type: 'NamespaceContentRemaining',
    status: 'True',
    reason: 'SomeResourcesRemain',
    message: `Some resources are remaining: ${kinds.join(', ')}`,
  },
  held.length > 0
    ? {
        type: 'NamespaceFinalizersRemaining',
        status: 'True',
        reason: 'SomeFinalizersRemain',
        message: `Some content in the namespace has finalizers remaining: ${held.join(', ')}`,
      }
    : {
        type: 'NamespaceFinalizersRemaining',
        status: 'False',
        reason: 'ContentHasNoFinalizers',
        message: 'All content-preserving finalizers finished',
      },
]
