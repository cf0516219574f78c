import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A kubeconfig with one context only, so that no test can reach another cluster by mistake. */
export function writeKubeconfig(entry: {
  readonly context: string
  readonly cluster: unknown
  readonly user: unknown
}): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'sts-lab-e2e-'))
  const path = join(folder, 'kubeconfig')
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'e2e', cluster: entry.cluster }],
    users: [{ name: 'e2e', user: entry.user }],
    contexts: [{ name: entry.context, context: { cluster: 'e2e', user: 'e2e' } }],
    'current-context': entry.context,
  }
  writeFileSync(path, JSON.stringify(content, null, 2), { mode: 0o600 })
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
