import { randomUUID } from 'node:crypto'
import type { Clock, Cluster, KubeObject } from '../ports.ts'
import type { ClusterIdentity } from '../result.ts'
import { ApiError } from './api-errors.ts'
import { applyDocuments, FIELD_MANAGER } from './apply.ts'
import { accessOf } from './credential.ts'
import { execInPod } from './exec.ts'
import { readKubeconfig } from './kubeconfig.ts'
import { podLogs } from './logs.ts'
import { type NodeFacts, nodeFacts } from './node-facts.ts'
import { createObject, itemsOf, readObject, removeObject } from './objects.ts'
import { recordNamespace } from './recorder.ts'
import { Resources } from './resources.ts'
import { persistently, type Repeatable } from './retry.ts'
import { type ApiConnection, createTransport, type Send } from './transport.ts'

/** How long passing faults are borne once the server has been heard: its restart takes 10 to 20 s. */
const PATIENCE_MS = 30_000

/** What the embedded practice cluster puts behind its version. */
const SIMULATED = '+sts-lab-simulated'

export interface OpenOptions {
  /** --context; undefined takes the kubeconfig's current one. */
  readonly context: string | undefined
  /** --kubeconfig; undefined takes $KUBECONFIG or ~/.kube/config. */
  readonly kubeconfig: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** What makes a context or a node a lab cluster's (provider/lab-cluster.ts); without it the provider is 'unknown'. */
  readonly recognise?: Recognise
}

export interface Recognise {
  context(name: string, server: string): string | null
  node(node: NodeFacts, server: string): string | null
}

/** A cluster, and what must be known to decide whether it may be used. */
export interface OpenedCluster extends Cluster {
  readonly context: string
  readonly server: string
  /** The namespace the context prefers. */
  readonly namespace: string | null
  /**
   * The lab cluster that `recognise` takes it for, or null. Costs a request (its nodes, remembered) only
   * where the context's name does not say it.
   */
  provider(signal: AbortSignal): Promise<string | null>
}

/**
 * Opens the cluster of a kubeconfig context. Sends nothing: the first method called is the first request.
 * @throws LabError no-kubeconfig, bad-kubeconfig, no-context, unknown-context, insecure-server
 */
export async function openCluster(options: OpenOptions): Promise<OpenedCluster> {
  const config = await readKubeconfig(options)
  const connection = createTransport(accessOf(config))
  return clusterOver(connection, { ...options, context: config.context, namespace: config.namespace })
}

/** A cluster behind any transport: what openCluster and tests share. */
export function clusterOver(
  connection: ApiConnection,
  options: {
    readonly context: string
    readonly namespace: string | null
    readonly clock: Clock
    readonly recognise?: Recognise
  },
): OpenedCluster {
  const { clock, recognise, context } = options
  const { server } = connection
  // A server that never answered is not there: waiting for it helps nobody. One that did will come back.
  let heard = false
  const patiently = <T>(signal: AbortSignal, repeatable: Repeatable, attempt: () => Promise<T>): Promise<T> =>
    persistently(
      async () => {
        const answer = await attempt()
        heard = true
        return answer
      },
      { repeatable, signal, clock, patienceMs: () => (heard ? PATIENCE_MS : 0) },
    )
  const send: Send = (request) => patiently(request.signal, 'always', () => connection.request(request))
  const resources = new Resources(send)

  let found: Promise<string | null> | null = null
  const provider = (signal: AbortSignal): Promise<string | null> => {
    if (found !== null) return found
    const asked = findProvider(context, server, recognise, () => readNodes(send, signal))
    // A failure is not an answer: ask again the next time.
    asked.catch(() => {
      found = null
    })
    found = asked
    return asked
  }

  let versionFound: ReturnType<typeof versionFacts> | null = null
  const version = async (signal: AbortSignal) => {
    versionFound ??= versionFacts((await send({ method: 'GET', path: '/version', signal })).body)
    return versionFound
  }

  return {
    context,
    server,
    namespace: options.namespace,
    provider,

    async identity(signal): Promise<ClusterIdentity> {
      const [{ gitVersion, simulated }, name] = await Promise.all([version(signal), provider(signal)])
      return { context, server, version: gitVersion, provider: name ?? 'unknown', simulated }
    },

    async pace(signal) {
      return (await version(signal)).pace
    },

    record: (recording) => recordNamespace(connection, { ...recording, clock }),

    apply: (documents, applying) => applyDocuments(documents, applying, { resources, send }),

    async get(ref, signal) {
      return readObject(await resources.pathOf(ref, signal), send, signal)
    },

    async list(kind, { labelSelector, signal }) {
      const path = await resources.collectionOf(kind, signal)
      const { body } = await send({ method: 'GET', path, query: { labelSelector }, signal })
      return itemsOf(body, kind)
    },

    create: (object, signal) => createObject(object, randomUUID(), { resources, send }, signal),

    async remove(ref, removing) {
      const path = await resources.pathOf(ref, removing.signal)
      // A controller replaces a deleted pod by one of the same name: repeating the request blindly would delete that too.
      const repeatable = removing.uid === undefined && ref.kind === 'Pod' ? 'if-unsent' : 'always'
      return removeObject(path, removing, (request) =>
        patiently(request.signal, request.method === 'DELETE' ? repeatable : 'always', () =>
          connection.request(request),
        ),
      )
    },

    async patch(ref, body, signal) {
      const path = await resources.pathOf(ref, signal)
      const response = await send(mergePatch(path, body, signal))
      return response.body as KubeObject
    },

    async scale(ref, replicas, signal) {
      const path = await resources.pathOf(ref, signal)
      await send(mergePatch(`${path}/scale`, { spec: { replicas } }, signal))
    },

    exec: (execution) => patiently(execution.signal, 'if-unsent', () => execInPod(connection, execution)),

    logs: (reading) => patiently(reading.signal, 'always', () => podLogs(connection, reading)),

    async canI(access, signal) {
      const response = await send({
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: access },
        },
        signal,
      })
      const { status } = response.body as { status?: { allowed?: boolean } }
      return status?.allowed === true
    },

    close: () => connection.close(),
  }
}

/** What GET /version says. Only a cluster that says that it is simulated may say that its time runs faster. */
function versionFacts(body: unknown): { gitVersion: string; simulated: boolean; pace: number } {
  const { gitVersion = 'unknown', simulatedSpeed } = (body ?? {}) as {
    gitVersion?: string
    simulatedSpeed?: unknown
  }
  const simulated = gitVersion.endsWith(SIMULATED)
  const pace = simulated && typeof simulatedSpeed === 'number' && simulatedSpeed >= 1 ? simulatedSpeed : 1
  return { gitVersion, simulated, pace }
}

const mergePatch = (path: string, body: unknown, signal: AbortSignal) =>
  ({
    method: 'PATCH',
    path,
    query: { fieldManager: FIELD_MANAGER },
    contentType: 'application/merge-patch+json',
    body,
    signal,
  }) as const

/** A few nodes; none where we may not see them. */
async function readNodes(send: Send, signal: AbortSignal): Promise<readonly NodeFacts[]> {
  try {
    const { body } = await send({ method: 'GET', path: '/api/v1/nodes', query: { limit: 5 }, signal })
    return itemsOf(body, { apiVersion: 'v1', kind: 'Node' }).map(nodeFacts)
  } catch (error) {
    if (error instanceof ApiError && error.code === 'forbidden') return []
    throw error
  }
}

async function findProvider(
  context: string,
  server: string,
  recognise: Recognise | undefined,
  nodes: () => Promise<readonly NodeFacts[]>,
): Promise<string | null> {
  const byName = recognise?.context(context, server) ?? null
  if (byName !== null || recognise === undefined) return byName
  for (const node of await nodes()) {
    const byNode = recognise.node(node, server)
    if (byNode !== null) return byNode
  }
  return null
}
