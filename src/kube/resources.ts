import { usageError } from '../errors.ts'
import { didYouMean } from '../lab/nearest.ts'
import type { ObjectRef } from '../ports.ts'
import { ApiError } from './api-errors.ts'
import type { Send } from './transport.ts'

/** How a kind is called in URLs. */
export interface Resource {
  readonly plural: string
  readonly namespaced: boolean
}

/** Kinds that every supported server has, in these versions: no need to ask it. Others are discovered. */
const NAMESPACED: Readonly<Record<string, readonly string[]>> = {
  v1: [
    'Pod',
    'Service',
    'PersistentVolumeClaim',
    'ConfigMap',
    'Secret',
    'ServiceAccount',
    'Event',
    'Endpoints',
    'ResourceQuota',
    'LimitRange',
    'ReplicationController',
  ],
  'apps/v1': ['StatefulSet', 'Deployment', 'ReplicaSet', 'DaemonSet', 'ControllerRevision'],
  'batch/v1': ['Job'],
  'networking.k8s.io/v1': ['Ingress', 'NetworkPolicy'],
  'rbac.authorization.k8s.io/v1': ['Role', 'RoleBinding'],
}
const CLUSTER_SCOPED: Readonly<Record<string, readonly string[]>> = {
  v1: ['Namespace', 'Node', 'PersistentVolume'],
  'storage.k8s.io/v1': ['StorageClass'],
  'rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding'],
}
const BUILT_IN: ReadonlyMap<string, ReadonlyMap<string, Resource>> = builtIn()

/** Knows the URL of every kind. Discovery answers are kept for the life of the object. */
export class Resources {
  readonly #send: Send
  readonly #discovered = new Map<string, Promise<ReadonlyMap<string, Resource>>>()

  constructor(send: Send) {
    this.#send = send
  }

  /** @throws LabError unknown-kind (usage), with what was probably meant */
  async find(apiVersion: string, kind: string, signal: AbortSignal): Promise<Resource> {
    const known = BUILT_IN.get(apiVersion)?.get(kind)
    if (known !== undefined) return known
    const found = (await this.#discover(apiVersion, signal)).get(kind)
    if (found !== undefined) return found
    throw unknownKind(apiVersion, kind, [...(await this.#discover(apiVersion, signal)).keys()])
  }

  /** The URL path of one object. */
  async pathOf(ref: ObjectRef, signal: AbortSignal): Promise<string> {
    return `${await this.collectionOf(ref, signal)}/${encodeURIComponent(ref.name)}`
  }

  /** The URL path of a kind; of every namespace when none is given. */
  async collectionOf(
    of: { readonly apiVersion: string; readonly kind: string; readonly namespace?: string },
    signal: AbortSignal,
  ): Promise<string> {
    const { plural, namespaced } = await this.find(of.apiVersion, of.kind, signal)
    const namespace =
      namespaced && of.namespace !== undefined ? `/namespaces/${encodeURIComponent(of.namespace)}` : ''
    return `${groupPath(of.apiVersion)}${namespace}/${plural}`
  }

  #discover(apiVersion: string, signal: AbortSignal): Promise<ReadonlyMap<string, Resource>> {
    const running = this.#discovered.get(apiVersion)
    if (running !== undefined) return running
    const asked = this.#askServer(apiVersion, signal)
    this.#discovered.set(apiVersion, asked)
    // A failure is not an answer: ask again the next time.
    asked.catch(() => this.#discovered.delete(apiVersion))
    return asked
  }

  async #askServer(apiVersion: string, signal: AbortSignal): Promise<ReadonlyMap<string, Resource>> {
    const found = new Map<string, Resource>()
    try {
      const { body } = await this.#send({ method: 'GET', path: groupPath(apiVersion), signal })
      const { resources } = body as {
        resources?: readonly { name: string; kind: string; namespaced: boolean }[]
      }
      for (const { name, kind, namespaced } of resources ?? []) {
        // "statefulsets/scale" is a part of a resource.
        if (!name.includes('/')) found.set(kind, { plural: name, namespaced })
      }
    } catch (error) {
      // No such group or version: it has no kinds.
      if (!(error instanceof ApiError) || error.status !== 404) throw error
    }
    return found
  }
}

function groupPath(apiVersion: string): string {
  const path = apiVersion.split('/').map(encodeURIComponent).join('/')
  return apiVersion.includes('/') ? `/apis/${path}` : `/api/${path}`
}

function unknownKind(apiVersion: string, kind: string, there: readonly string[]) {
  const elsewhere = [...BUILT_IN].filter(([, kinds]) => kinds.has(kind)).map(([version]) => version)
  const everything = [...there, ...[...BUILT_IN.values()].flatMap((kinds) => [...kinds.keys()])]
  const meant =
    elsewhere.length > 0
      ? `; ${kind} is in ${elsewhere.join(', ')}`
      : didYouMean(kind, new Set(everything), ';')
  return usageError(
    'unknown-kind',
    `the cluster knows no kind ${kind} in ${apiVersion}${meant}`,
    'what it knows: kubectl api-resources',
  )
}

function builtIn(): ReadonlyMap<string, ReadonlyMap<string, Resource>> {
  const all = new Map<string, Map<string, Resource>>()
  for (const [table, namespaced] of [
    [NAMESPACED, true],
    [CLUSTER_SCOPED, false],
  ] as const) {
    for (const [apiVersion, kinds] of Object.entries(table)) {
      const byKind = all.get(apiVersion) ?? new Map<string, Resource>()
      for (const kind of kinds) byKind.set(kind, { plural: pluralOf(kind), namespaced })
      all.set(apiVersion, byKind)
    }
  }
  return all
}

function pluralOf(kind: string): string {
  const word = kind.toLowerCase()
  if (word === 'endpoints') return word
  if (word.endsWith('y')) return `${word.slice(0, -1)}ies`
  return /(s|ss)$/.test(word) ? `${word}es` : `${word}s`
}
