import { spawnSync } from 'node:child_process'
import { Agent } from 'node:https'
import { parse } from 'yaml'
import type { RawClient } from './raw-client.ts'

/** A cluster of the kubeconfig whose user has a token, to hold the embedded one against. */
export async function realCluster(context: string): Promise<RawClient> {
  const args = ['config', 'view', '--raw', '--minify', '--context', context]
  const { stdout } = spawnSync('kubectl', args, { encoding: 'utf8' })
  const config = parse(stdout) as {
    clusters: readonly [{ cluster: { server: string; 'certificate-authority-data'?: string } }]
    users: readonly [{ user: { token: string } }]
  }
  const { cluster } = config.clusters[0]
  const ca = cluster['certificate-authority-data']
  const agent = new Agent({
    keepAlive: true,
    ...(ca === undefined ? { rejectUnauthorized: false } : { ca: Buffer.from(ca, 'base64') }),
  })
  return { server: cluster.server, token: config.users[0].user.token, agent }
}
