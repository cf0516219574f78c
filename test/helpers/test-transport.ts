import { Agent } from 'node:https'
import { type ApiConnection, createTransport } from '../../src/kube/transport.ts'
import type { ScriptedServer } from './scripted-server.ts'

/** The real transport, to a scripted server. */
export const transportTo = (server: Pick<ScriptedServer, 'url' | 'ca'>): ApiConnection => {
  const agent = new Agent({ keepAlive: true, ca: server.ca })
  return createTransport({
    server: server.url,
    credential: async () => ({ headers: {}, agent, renewable: false }),
  })
}
