import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { stringify } from 'yaml'

export interface Access {
  /** https://127.0.0.1:PORT */
  readonly server: string
  readonly caPem: string
  readonly token: string
}

/** The kubeconfig of an embedded cluster. */
export function kubeconfigText(access: Access, name = 'sts-lab-embedded'): string {
  const { server, caPem, token } = access
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name, cluster: { server, 'certificate-authority-data': Buffer.from(caPem).toString('base64') } },
    ],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  })
}

/** Writes it so that nobody else can read the token, and nobody ever reads half of it. */
export function writeKubeconfig(path: string, access: Access, name?: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const fresh = `${path}.${process.pid}.new`
  writeFileSync(fresh, kubeconfigText(access, name), { mode: 0o600 })
  chmodSync(fresh, 0o600)
  renameSync(fresh, path)
}
