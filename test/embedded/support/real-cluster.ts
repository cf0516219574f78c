import { Agent } from 'node:https'
import { readKubeconfig } from '../../../src/kube/kubeconfig.ts'
import type { RawClient } from './raw-client.ts'

/** A cluster whose user has a token, as the native one's has, to hold the embedded one against. */
export async function realCluster(context: string, kubeconfig?: string): Promise<RawClient> {
  const { server, cluster, user } = await readKubeconfig({ context, kubeconfig, env: process.env })
  const { token } = user
  if (typeof token !== 'string') throw new Error(`the user of context ${context} has no token`)
  const ca = cluster['certificate-authority-data']
  const trust = typeof ca === 'string' ? { ca: Buffer.from(ca, 'base64') } : { rejectUnauthorized: false }
  return { server, token, agent: new Agent({ keepAlive: true, ...trust }) }
}
