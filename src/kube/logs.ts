import type { Cluster } from '../ports.ts'
import type { Transport } from './transport.ts'

/** More than anybody reads; a container can write gigabytes. */
const LIMIT_BYTES = 1024 * 1024

/** What a container wrote, at most 1 MiB. The text is untrusted and may hold control characters. */
export async function podLogs(
  transport: Transport,
  options: Parameters<Cluster['logs']>[0],
): Promise<string> {
  const { body } = await transport.request({
    method: 'GET',
    path: `/api/v1/namespaces/${encodeURIComponent(options.namespace)}/pods/${encodeURIComponent(options.pod)}/log`,
    query: {
      container: options.container,
      tailLines: options.tailLines,
      previous: options.previous === true ? true : undefined,
      limitBytes: LIMIT_BYTES,
    },
    signal: options.signal,
  })
  return typeof body === 'string' ? body : JSON.stringify(body)
}
