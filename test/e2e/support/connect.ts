import { ApiError } from '../../../src/kube/api-errors.ts'
import { accessOf } from '../../../src/kube/credential.ts'
import { execInPod } from '../../../src/kube/exec.ts'
import { readKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { type ApiRequest, createTransport } from '../../../src/kube/transport.ts'
import type { E2eCluster } from './provider.ts'

/** An API object as a test looks at it. */
export interface ApiObject {
  readonly metadata: { readonly name: string; readonly [key: string]: unknown }
  readonly [key: string]: unknown
}

/**
 * The API server as a test sees it, beside the command under test: plain requests and exec over the lowest layer
 * of kube/, nothing of the recorder or the use-cases. No kubectl, which not every machine has.
 */
export interface E2eConnection {
  /** null when there is no such object. */
  get<T = ApiObject>(path: string): Promise<T | null>
  list<T = ApiObject>(path: string): Promise<readonly T[]>
  /** Absent is fine. */
  remove(path: string): Promise<void>
  send(request: Omit<ApiRequest, 'signal'>): Promise<unknown>
  /** Standard output; rejects when the command's exit code is not 0. */
  exec(place: { namespace: string; pod: string; container: string }, ...command: string[]): Promise<string>
  close(): void
}

export async function connectTo(cluster: E2eCluster): Promise<E2eConnection> {
  const { kubeconfig, context } = cluster
  const connection = createTransport(accessOf(await readKubeconfig({ context, kubeconfig, env: {} })))
  const { signal } = new AbortController()
  const send: E2eConnection['send'] = async (request) =>
    (await connection.request({ ...request, signal })).body
  const unlessAbsent = async <T>(answer: Promise<T>): Promise<T | null> => {
    try {
      return await answer
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null
      throw error
    }
  }
  return {
    send,
    get: async <T>(path: string) => (await unlessAbsent(send({ method: 'GET', path }))) as T | null,
    list: async <T>(path: string) => ((await send({ method: 'GET', path })) as { items: readonly T[] }).items,
    async remove(path) {
      await unlessAbsent(send({ method: 'DELETE', path }))
    },
    async exec(place, ...command) {
      const result = await execInPod(connection, { ...place, command, timeoutMs: 30_000, signal })
      if (result.exitCode !== 0)
        throw new Error(
          `${command.join(' ')}: ${result.failure ?? `exit ${result.exitCode}`}\n${result.stderr}`,
        )
      return result.stdout.toString('utf8')
    },
    close: () => connection.close(),
  }
}
