import { get } from 'node:https'
import { createInterface } from 'node:readline'
import type { ApiObject } from '../../../src/embedded/object.ts'
import type { PersistentVolumeClaim, Pod, StatefulSet } from '../../../src/embedded/shapes.ts'
import type { OpenedCluster } from '../../../src/kube/cluster.ts'
import { Facts } from '../../unit/embedded/controllers/support/orders.ts'
import { ask, type RawAnswer, type RawClient } from './raw-client.ts'

/** A namespace of a cluster, real or not, in which something is played. */
export interface Stage {
  readonly namespace: string
  readonly pods: Facts
  readonly claims: Facts
  /** @param path below the namespace's /api/v1, or below the namespace's own path in `apps` for StatefulSets and the like */
  ask(
    method: string,
    path: string,
    body?: unknown,
    patch?: 'merge' | 'json' | 'strategic-merge',
  ): Promise<RawAnswer>
  /** As `ask`; throws what the server refuses. */
  do(...asked: Parameters<Stage['ask']>): Promise<unknown>
  list<T extends ApiObject>(resource: string): Promise<readonly T[]>
  pod(name: string): Promise<Pod | null>
  claim(name: string): Promise<PersistentVolumeClaim | null>
  set(name?: string): Promise<StatefulSet | null>
  /** @returns what the command printed; throws where it fails */
  exec(pod: string, script: string): Promise<string>
  /** Waits until nothing has been said of pods, claims and sets for so many seconds of the cluster's time. */
  calm(seconds?: number): Promise<void>
  /** So many seconds of the cluster's time. */
  pass(seconds: number): Promise<void>
  /** Asks again and again until it holds. @throws with what was seen last */
  until<T>(what: string, look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T>
  close(): Promise<void>
}

export interface StageCluster {
  readonly raw: RawClient
  readonly opened: OpenedCluster
  /** How much faster than the wall's its time runs. */
  readonly speed: number
}

const APPS = new Set(['statefulsets', 'controllerrevisions', 'deployments', 'replicasets'])
const DEADLINE_MS = 150_000
const LONGEST_CALM_MS = 100_000

/** Opens a namespace of its own, which `close` deletes. */
export async function openStage(cluster: StageCluster, prefix: string): Promise<Stage> {
  const { raw, opened, speed } = cluster
  const namespace = `${prefix}-${Math.random().toString(36).slice(2, 8)}`
  await ask(raw, { method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } })
  let lastNewsMs = Date.now()
  const pods = new Facts()
  const claims = new Facts()
  const closes = [
    await follow(raw, pathOf(namespace, 'pods'), (type, object) => {
      lastNewsMs = Date.now()
      pods.see(type, object)
    }),
    await follow(raw, pathOf(namespace, 'persistentvolumeclaims'), (type, object) => {
      lastNewsMs = Date.now()
      claims.see(type, object)
    }),
    await follow(raw, pathOf(namespace, 'statefulsets'), () => {
      lastNewsMs = Date.now()
    }),
  ]
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
  const asked: Stage['ask'] = (method, path, body, patch) =>
    ask(raw, {
      method,
      path: pathOf(namespace, path),
      ...(body === undefined ? {} : { body }),
      ...(patch === undefined ? {} : { contentType: `application/${patch}-patch+json` }),
    })
  const one = async <T>(path: string): Promise<T | null> => {
    const { code, body } = await asked('GET', path)
    return code === 200 ? (body as T) : null
  }
  return {
    namespace,
    pods,
    claims,
    ask: asked,
    async do(...what) {
      const { code, body } = await asked(...what)
      if (code >= 300) throw new Error(`${what[0]} ${what[1]}: ${JSON.stringify(body)}`)
      return body
    },
    async list<T>(resource: string) {
      const { body } = await asked('GET', resource)
      return (body as { items: readonly T[] }).items
    },
    pod: (name) => one(`pods/${name}`),
    claim: (name) => one(`persistentvolumeclaims/${name}`),
    set: (name = 'web') => one(`statefulsets/${name}`),
    async exec(pod, script) {
      const { exitCode, stdout, stderr } = await opened.exec({
        namespace,
        pod,
        container: 'main',
        command: ['sh', '-c', script],
        timeoutMs: 20_000,
        signal: AbortSignal.timeout(30_000),
      })
      if (exitCode !== 0) throw new Error(`${script} in ${pod}: ${exitCode} ${stderr.toString()}`)
      return stdout.toString()
    },
    async calm(seconds = 2.5) {
      // A request takes real time, however fast the cluster's own runs.
      const calmMs = Math.max(400, (seconds * 1000) / speed)
      const untilMs = Date.now() + LONGEST_CALM_MS
      lastNewsMs = Date.now()
      for (let left = calmMs; left > 0; left = lastNewsMs + calmMs - Date.now()) {
        if (Date.now() > untilMs) throw new Error('it never came to rest')
        await wait(left)
      }
    },
    pass: (seconds) => wait((seconds * 1000) / speed),
    async until(what, look, holds) {
      const untilMs = Date.now() + DEADLINE_MS
      for (;;) {
        const seen = await look()
        if (holds(seen)) return seen
        if (Date.now() > untilMs) throw new Error(`${what}: not in time; last seen ${JSON.stringify(seen)}`)
        await wait(50)
      }
    },
    async close() {
      for (const close of closes) close()
      await ask(raw, { method: 'DELETE', path: `/api/v1/namespaces/${namespace}` })
    },
  }
}

function pathOf(namespace: string, path: string): string {
  const [resource = ''] = path.split(/[/?]/)
  return `${APPS.has(resource) ? '/apis/apps/v1' : '/api/v1'}/namespaces/${namespace}/${path}`
}

/** Watches from the state that is there when it is called. */
async function follow(
  { server, token, agent }: RawClient,
  path: string,
  tell: (type: string, object: unknown) => void,
): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const sent = get(
      `${server}${path}?watch=1`,
      { agent, headers: { authorization: `Bearer ${token}` } },
      (response) => {
        const lines = createInterface({ input: response })
        lines.on('line', (line) => {
          const { type, object } = JSON.parse(line) as { type: string; object: unknown }
          tell(type, object)
        })
        // Cut by us, or by the server: then whoever waits for news says that none came.
        lines.on('error', () => undefined)
        resolve(() => sent.destroy())
      },
    )
    sent.on('error', reject)
  })
}
