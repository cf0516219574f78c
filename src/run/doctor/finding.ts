import type { Cluster, KubeObject } from '../../ports.ts'

/**
 * One thing found out about a cluster. `note`: works, but differs from what a lab says. `problem`: labs will
 * not work, and `remedy` says what to do. `unknown`: we may not look.
 */
export interface Finding {
  readonly id: string
  readonly title: string
  readonly status: 'ok' | 'note' | 'problem' | 'unknown'
  readonly detail: string
  readonly remedy: string | null
}

export function finding(
  id: string,
  title: string,
  status: Finding['status'],
  detail: string,
  remedy: string | null,
): Finding {
  return { id, title, status, detail, remedy }
}

/** null where we may not list them. */
export async function listOrNull(
  cluster: Cluster,
  apiVersion: string,
  kind: string,
  signal: AbortSignal,
): Promise<readonly KubeObject[] | null> {
  try {
    return await cluster.list({ apiVersion, kind }, { signal })
  } catch {
    if (signal.aborted) throw signal.reason
    return null // forbidden: a student's account often sees only its namespace
  }
}
